import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { scaleValue } from '../../data/forecast/scaling';
import { readSounds } from '../../data/sounds/items';
import { logMel, type SoundFeatures } from '../../data/sounds/logMel';
import { readWav, type Sound } from '../../data/sounds/wav';
import { fileError } from '../../data/table/scan';
import { isFolder } from '../../data/texts/items';
import type { ModelMetadata } from '../export/metadata';
import type { Excerpt } from './newSequences';

/**
 * A WAV file, or those of a folder, as a model reads them: of a longer sound the end, which tells its class, or for a transcript all of it in
 * pieces. @throws UnrollError `data`.
 */
export async function soundExcerpts(file: string, metadata: ModelMetadata, sound: SoundFeatures): Promise<Excerpt[]> {
  const { lookback, scaler } = metadata;
  const { mels } = sound;
  const excerptOf = (series: string, row: number, values: Float32Array): Excerpt => {
    const x = new Float32Array(lookback * mels);
    for (let at = 0; at < values.length; at++) {
      const own = scaler[at % mels];
      if (own !== undefined) x[at] = scaleValue(own, values[at] ?? 0);
    }
    const length = values.length / mels;
    return { series, row, length, answered: 0, x, mask: new Float32Array(lookback).fill(1, 0, length) };
  };
  return (await soundsOf(file)).flatMap(({ name, read }) => {
    const whole = logMel(read, sound, sound.highest ?? read.rate / 2);
    const steps = whole.length / mels;
    if (metadata.task !== 'transcribe') {
      const row = Math.max(0, steps - lookback);
      return [excerptOf(name, row, whole.subarray(row * mels))];
    }
    return Array.from({ length: Math.ceil(steps / lookback) }, (_, piece) => {
      const row = piece * lookback;
      return excerptOf(name, row, whole.subarray(row * mels, (row + lookback) * mels));
    });
  });
}

async function soundsOf(file: string): Promise<{ readonly name: string; readonly read: Sound }[]> {
  if (await isFolder(file)) {
    const { names, sounds } = await readSounds(file);
    return names.flatMap((name, i) => (sounds[i] === undefined ? [] : [{ name, read: sounds[i] }]));
  }
  const bytes = await readFile(file).catch((error) => {
    throw fileError(file, error);
  });
  return [{ name: path.basename(file), read: readWav(bytes, file) }];
}
