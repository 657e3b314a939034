import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { UnrollError } from '../../protocol/errors';
import { evenly } from '../items/evenly';
import type { Texts } from '../sequences/texts';
import { fileError } from '../table/scan';
import { readWav, type Sound } from './wav';

/** Sounds of which each has a class. */
export interface SoundItems {
  readonly file: string;
  readonly fingerprint: string;
  readonly sounds: readonly Sound[];
  /** Path of each, relative to the folder, with forward slashes. */
  readonly names: readonly string[];
  readonly target: Texts;
}

const mostFiles = 100_000;
const mostSamples = 2 ** 28;

export const soundTarget = 'class';

/**
 * Reads all WAV files of a folder. Their class is the folder they are in, or else the first part of their name, up to `_` or `-`.
 * @param most so many of them at most, evenly over all
 * @throws UnrollError `data` for a file that is no WAV, or too many of them.
 */
export async function readSounds(folder: string, most = Number.POSITIVE_INFINITY): Promise<SoundItems> {
  const all = await wavsIn(folder);
  const names = evenly(all, most);
  if (all.length === 0 || all.length > mostFiles) {
    throw new UnrollError(
      'data',
      '{0} holds {1} WAV files, and from 1 to {2} can be read; choose another folder.',
      folder,
      all.length,
      mostFiles,
    );
  }
  const hash = createHash('sha256');
  const sounds: Sound[] = [];
  let total = 0;
  for (const name of names) {
    const bytes = await readFile(path.join(folder, name)).catch((error) => {
      throw fileError(path.join(folder, name), error);
    });
    hash.update(name).update('\0').update(bytes);
    const sound = readWav(bytes, path.join(folder, name));
    total += sound.samples.length;
    if (total > mostSamples) {
      throw new UnrollError(
        'data',
        '{0} holds more than {1} million samples of sound, which is more than can be held; choose a part of it.',
        folder,
        Math.round(mostSamples / 1e6),
      );
    }
    sounds.push(sound);
  }
  const classes = names.map(classOfSound);
  const labels = [...new Set(classes)];
  const codes = Int32Array.from(classes, (label) => labels.indexOf(label));
  const target = { name: soundTarget, labels, codes };
  return { file: folder, fingerprint: `sha256:${hash.digest('hex')}`, sounds, names, target };
}

/** What a sound is called before its number: sounds of one class and one speaker, where names say so. */
export const kindOf = (name: string): string => name.replace(/\.wav$/i, '').replace(/[_\- ]?\d+$/, '');

/** The class of a sound by its path in the folder. */
export function classOfSound(name: string): string {
  const [folder, inside] = name.split('/');
  if (inside !== undefined) return folder ?? '';
  return path.parse(name).name.split(/[_-]/)[0] ?? name;
}

/** Paths of the WAV files in a folder and in the folders in it, in order. */
export async function wavsIn(folder: string): Promise<string[]> {
  const found: string[] = [];
  const entries = await readdir(folder, { withFileTypes: true }).catch((error) => {
    throw fileError(folder, error);
  });
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue;
    if (entry.isFile() && isWav(entry.name)) found.push(entry.name);
    if (!entry.isDirectory()) continue;
    const inside = path.join(folder, entry.name);
    const entries = await readdir(inside, { withFileTypes: true }).catch((error) => {
      throw fileError(inside, error);
    });
    for (const each of entries) {
      if (each.isFile() && isWav(each.name)) found.push(`${entry.name}/${each.name}`);
    }
  }
  return found.sort((a, b) => (a < b ? -1 : 1));
}

/** Whether a name can be that of a sound of a folder, as {@link wavsIn} gives them: never one outside of it. */
export function isWavOf(name: string): boolean {
  const parts = name.split('/');
  return parts.length <= 2 && parts.every((part) => part !== '' && !/^\.|\\|\0/.test(part)) && isWav(name);
}

const isWav = (name: string) => /\.wav$/i.test(name);
