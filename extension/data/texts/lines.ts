import { readFile } from 'node:fs/promises';
import { UnrollError } from '../../protocol/errors';
import type { Texts } from '../sequences/texts';
import { decodedWhole } from '../table/encoding';
import { fileError, statFile } from '../table/scan';
import { mostBytes } from '../text/characters';

/** The lines of a text file that hold something. @throws UnrollError `data`. */
export async function linesOf(file: string): Promise<Pick<Texts, 'labels' | 'codes'>> {
  const { size } = await statFile(file);
  if (size > mostBytes) {
    throw new UnrollError(
      'data',
      '{0} has {1} MB of text, and at most {2} MB can be read; cut it into smaller files.',
      file,
      Math.ceil(size / (1024 * 1024)),
      mostBytes / (1024 * 1024),
    );
  }
  const bytes = await readFile(file).catch((error) => {
    throw fileError(file, error);
  });
  const lines = decodedWhole(bytes).text.split(/\r\n|\n|\r/);
  const labels = lines.map((line) => line.trim()).filter((line) => line !== '');
  if (labels.length === 0) {
    throw new UnrollError('data', '{0} is empty; choose a text with something to read.', file);
  }
  return { labels, codes: Int32Array.from(labels, (_, i) => i) };
}
