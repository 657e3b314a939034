import { philoxInto, type streams } from './random';

/** Which random numbers are drawn: the same words give the same numbers, in any order and at any time. */
export interface Draw {
  readonly seed: number;
  readonly purpose: (typeof streams)[keyof typeof streams];
  /** Tells apart what is drawn for one purpose at one time, such as the layers' masks. */
  readonly index: number;
  /** Counts the times. */
  readonly time: number;
}

const resolution = 0x10000;
const words = new Uint32Array(4);
/** Of each word the low half first, as on every machine that onnxruntime runs on. */
const halves = new Uint16Array(words.buffer);

/**
 * Fills `into` with ones and zeros, each a one with this probability and independent of all others. A word gives two of them: the
 * probability is rounded to a multiple of 2⁻¹⁶.
 */
export function drawOnes(into: Uint8Array, probability: number, { seed, purpose, index, time }: Draw): void {
  const threshold = Math.round(probability * resolution);
  const late = Math.floor(time / 2 ** 32);
  for (let at = 0, block = 0; at < into.length; at += 8, block++) {
    philoxInto(words, block, time >>> 0, index, late, seed, purpose);
    const end = Math.min(8, into.length - at);
    for (let k = 0; k < end; k++) into[at + k] = (halves[k] ?? 0) < threshold ? 1 : 0;
  }
}
