import { lstat, readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import { UnrollError } from '../../protocol/errors';
import type { SoundPicture } from '../../protocol/folderFacts';
import { soundDefaults } from '../choices/defaults';
import { parseDraft } from '../choices/draft';
import { isWavOf } from '../sounds/items';
import { logMel } from '../sounds/logMel';
import { readWav } from '../sounds/wav';
import { fileError } from '../table/scan';
import { factLimits as limits } from './limits';
import { refuseTooLarge } from './lookedInto';
import { about } from './proposal';

/** Of a longer sound the beginning is drawn, in samples: some minutes. */
const mostSamples = 2 ** 24;

/**
 * Pictures of one sound of a folder: its samples, and the energies that a model reads.
 * @param name path in the folder, as the facts of the folder have it
 * @param draft says how sounds are read, where it says it; else they are read as is proposed
 * @param highest upper end of the bands, in Hz, unless the draft says another
 * @throws UnrollError `data` where the folder has no such sound.
 */
export async function soundPicture(
  folder: string,
  name: string,
  draft: Record<string, unknown> | null,
  highest: number,
): Promise<SoundPicture> {
  const file = path.join(folder, name);
  if (!isWavOf(name) || !(await isOwn(folder, file))) {
    throw new UnrollError('data', '{0} has no sound {1} (any more); read the folder again.', folder, name);
  }
  await refuseTooLarge(file);
  const bytes = await readFile(file).catch((error) => {
    throw fileError(file, error);
  });
  const whole = readWav(bytes, name);
  const samples = whole.samples.subarray(0, mostSamples);
  const said = draft === null ? null : parseDraft(about(folder, draft), 'the experiment').data.sound;
  const features = { ...soundDefaults.features, ...said };
  const { mels, hop } = features;
  const top = Math.min(features.highest ?? highest, whole.rate / 2);
  const energies = logMel({ ...whole, samples }, features, top);
  const readSteps = energies.length / mels;
  const steps = Math.min(readSteps, limits.soundSteps);
  const startOf = (step: number) => Math.floor((step * readSteps) / steps);
  const means = Array.from({ length: steps * mels }, (_, i) => {
    const [step, mel] = [Math.floor(i / mels), i % mels];
    const [from, to] = [startOf(step), startOf(step + 1)];
    let sum = 0;
    for (let each = from; each < to; each++) sum += energies[each * mels + mel] ?? 0;
    return rounded(sum / (to - from));
  });
  return {
    name,
    seconds: samples.length / whole.rate,
    ...stretchesOf(samples),
    energies: means,
    steps,
    mels,
    readSteps,
    hop,
    highest: top,
  };
}

/** Whether a file is one, and in the folder itself: nothing that a link leads to is read. */
async function isOwn(folder: string, file: string): Promise<boolean> {
  const [real, there] = await Promise.all([realpath(folder), realpath(file).catch(() => null)]);
  return there === path.join(real, path.relative(folder, file)) && (await lstat(file)).isFile();
}

/** A page needs no more places. */
const rounded = (value: number) => Math.round(value * 1e4) / 1e4;

function stretchesOf(samples: Float32Array): Pick<SoundPicture, 'low' | 'high'> {
  if (samples.length <= 2 * limits.soundStretches) return { low: Array.from(samples, rounded), high: null };
  const count = limits.soundStretches;
  const startOf = (i: number) => Math.floor((i * samples.length) / count);
  const [low, high] = [new Array<number>(count).fill(0), new Array<number>(count).fill(0)];
  for (let i = 0; i < count; i++) {
    const own = samples.subarray(startOf(i), startOf(i + 1));
    low[i] = rounded(own.reduce((least, each) => Math.min(least, each)));
    high[i] = rounded(own.reduce((most, each) => Math.max(most, each)));
  }
  return { low, high };
}
