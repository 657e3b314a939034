/**
 * Philox4x32-10, a counter-based generator (Salmon, Moraes, Dror & Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC'11):
 * four words from a counter and a key. Any number of any stream can be had without the ones before it, so a resumed run needs
 * no saved generator.
 */
export function philox(
  counter: readonly [number, number, number, number],
  key: readonly [number, number],
): Uint32Array {
  const words = new Uint32Array(4);
  philoxInto(words, counter[0], counter[1], counter[2], counter[3], key[0], key[1]);
  return words;
}

/** The same into four words that are there; masks need very many, so nothing is allocated here. */
export function philoxInto(
  words: Uint32Array,
  counter0: number,
  counter1: number,
  counter2: number,
  counter3: number,
  key0: number,
  key1: number,
): void {
  let [c0, c1, c2, c3] = [counter0 | 0, counter1 | 0, counter2 | 0, counter3 | 0];
  let [k0, k1] = [key0 | 0, key1 | 0];
  for (let round = 0; round < 10; round++) {
    const high0 = highWord(0xd251, 0x1f53, c0);
    const high1 = highWord(0xcd9e, 0x8d57, c2);
    const low0 = Math.imul(0xd2511f53, c0);
    const low1 = Math.imul(0xcd9e8d57, c2);
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 = (k0 + 0x9e3779b9) | 0;
    k1 = (k1 + 0xbb67ae85) | 0;
  }
  words[0] = c0;
  words[1] = c1;
  words[2] = c2;
  words[3] = c3;
}

/** The high word of the product of two 32-bit words, the first in two halves; no sum of these needs more than 32 bits. */
function highWord(high: number, low: number, word: number): number {
  const b0 = word & 0xffff;
  const b1 = word >>> 16;
  const middle = (Math.imul(high, b0) + (Math.imul(low, b0) >>> 16)) | 0;
  const cross = (Math.imul(low, b1) + (middle & 0xffff)) | 0;
  return (Math.imul(high, b1) + (middle >>> 16) + (cross >>> 16)) | 0;
}

/** What a stream of numbers is for; streams of one seed are independent. */
export const streams = {
  weights: 0,
  shuffle: 1,
  dropout: 2,
  teacher: 3,
  input: 4,
  analysis: 5,
  generate: 6,
  bootstrap: 7,
} as const;

/** A stream of random numbers: `seed` and `stream` choose it, and it always starts at its beginning. */
export class RandomStream {
  private block: Uint32Array = new Uint32Array(0);
  private used = 0;
  private counter = 0;

  /** `index` tells apart streams for one purpose, such as the epochs' shuffles. */
  constructor(
    private readonly seed: number,
    private readonly purpose: (typeof streams)[keyof typeof streams],
    private readonly index: number,
  ) {}

  /** An integer in [0, 2³²). */
  uint32(): number {
    if (this.used === this.block.length) {
      this.block = philox(
        [this.counter >>> 0, Math.floor(this.counter / 2 ** 32), this.index, 0],
        [this.seed, this.purpose],
      );
      this.counter++;
      this.used = 0;
    }
    return this.block[this.used++] ?? 0;
  }

  /** A number in [0, 1) with 53 random bits. */
  uniform(): number {
    const high = this.uint32() >>> 5;
    const low = this.uint32() >>> 6;
    return (high * 2 ** 26 + low) / 2 ** 53;
  }

  /** A standard normal number (Box & Muller 1958). */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }

  /** An integer in [0, bound), every one equally likely: draws past the last whole multiple of `bound` are drawn again. */
  below(bound: number): number {
    const limit = 2 ** 32 - (2 ** 32 % bound);
    for (;;) {
      const draw = this.uint32();
      if (draw < limit) return draw % bound;
    }
  }
}

/** The order of `length` windows in epoch `epoch` (Fisher & Yates, from the end). */
export function permutation(length: number, seed: number, epoch: number): Uint32Array {
  const random = new RandomStream(seed, streams.shuffle, epoch);
  const order = Uint32Array.from({ length }, (_, i) => i);
  for (let last = length - 1; last > 0; last--) {
    const other = random.below(last + 1);
    const moved = order[last] ?? 0;
    order[last] = order[other] ?? 0;
    order[other] = moved;
  }
  return order;
}
