import FFT from 'fft.js';
import type { Experiment } from '../../protocol/experiment';
import type { Sound } from './wav';

/** How a sound becomes steps of numbers. */
export type SoundFeatures = NonNullable<Experiment['data']['sound']>;

/** Below it there is nothing to hear, and the logarithm of nothing is no number. */
const floor = 1e-10;

/** The mel scale (O'Shaughnessy, Speech Communication, 1987): equal steps sound equally far apart. */
const melOf = (hertz: number) => 2595 * Math.log10(1 + hertz / 700);
const hertzOf = (mel: number) => 700 * (10 ** (mel / 2595) - 1);

/**
 * The logarithm of the energy in bands that are equally wide on the mel scale, window by window (after Davis, Mermelstein 1980). Row-major
 * [steps][mels]; a sound that is shorter than a window is one step.
 * @param highest the upper end of the bands in Hz: at most half of the samples a second
 */
export function logMel({ rate, samples }: Sound, { mels, window, hop }: SoundFeatures, highest: number): Float32Array {
  const width = Math.max(2, Math.round((window / 1000) * rate));
  const stride = Math.max(1, Math.round((hop / 1000) * rate));
  const size = 2 ** Math.ceil(Math.log2(width));
  const fft = new FFT(size);
  const shape = Float64Array.from({ length: width }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / width));
  const bands = bandsOf(mels, rate, size, Math.min(highest, rate / 2));
  const steps = Math.max(1, Math.floor((samples.length - width) / stride) + 1);
  const frame = new Array<number>(size).fill(0);
  const spectrum = fft.createComplexArray() as number[];
  const features = new Float32Array(steps * mels);
  for (let step = 0; step < steps; step++) {
    for (let i = 0; i < width; i++) frame[i] = (samples[step * stride + i] ?? 0) * (shape[i] ?? 0);
    fft.realTransform(spectrum, frame);
    for (let mel = 0; mel < mels; mel++) {
      let energy = 0;
      for (const [bin, weight] of bands[mel] ?? []) {
        energy += weight * ((spectrum[2 * bin] ?? 0) ** 2 + (spectrum[2 * bin + 1] ?? 0) ** 2);
      }
      features[step * mels + mel] = Math.log(Math.max(energy, floor));
    }
  }
  return features;
}

/** Triangles over the bins of a spectrum, each up to where its neighbours have their tops; one that falls between two bins has the nearer. */
function bandsOf(mels: number, rate: number, size: number, highest: number): (readonly [number, number])[][] {
  const tops = Array.from({ length: mels + 2 }, (_, i) => hertzOf((melOf(highest) * i) / (mels + 1)));
  const perBin = rate / size;
  return Array.from({ length: mels }, (_, mel) => {
    const [low = 0, top = 0, high = 0] = tops.slice(mel, mel + 3);
    const band: (readonly [number, number])[] = [];
    for (let bin = Math.ceil(low / perBin); bin <= Math.min(size / 2, high / perBin); bin++) {
      const hertz = bin * perBin;
      const weight = hertz <= top ? (hertz - low) / (top - low) : (high - hertz) / (high - top);
      if (weight > 0) band.push([bin, weight]);
    }
    return band.length > 0 ? band : [[Math.min(size / 2, Math.round(top / perBin)), 1] as const];
  });
}
