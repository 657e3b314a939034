import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { scaleValue } from '../../data/scaling';
import { fileError } from '../../data/scan';
import { readSounds } from '../../data/sounds/items';
import { logMel, type SoundFeatures } from '../../data/sounds/logMel';
import { readWav, type Sound } from '../../data/sounds/wav';
import { isFolder } from '../../data/texts/items';
import type { ModelMetadata } from '../export/metadata';
import type { Excerpt } from './newSequences';

/** A WAV file, or those of a folder, as a model reads them. @throws UnrollError `data`. */
export async function soundExcerpts(file: string, metadata: ModelMetadata, sound: SoundFeatures): Promise<Excerpt[]> {
  const { lookback, scaler } = metadata;
  const { mels } = sound;
  return (await soundsOf(file)).map(({ name, read }): Excerpt => {
    const whole = logMel(read, sound, sound.highest ?? read.rate / 2);
    const values = whole.subarray(Math.max(0, whole.length - lookback * mels));
    const x = new Float32Array(lookback * mels);
    for (let at = 0; at < values.length; at++) {
      const own = scaler[at % mels];
      if (own !== undefined) x[at] = scaleValue(own, values[at] ?? 0);
    }
    const length = values.length / mels;
    return { series: name, row: 0, length, answered: 0, x, mask: new Float32Array(lookback).fill(1, 0, length) };
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
