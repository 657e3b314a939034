import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { UnrollError } from '../../protocol/errors';
import type { Experiment } from '../../protocol/experiment';
import { type Message, message } from '../../protocol/messages';
import { evenly } from '../items/evenly';
import { readTexts, type Texts } from '../sequences/texts';
import { decodedWhole } from '../table/encoding';
import type { Reading } from '../table/reading';
import { fileError } from '../table/scan';
import { type Table, withTable } from '../table/table';
import { formOf } from '../table/tableForm';
import { mostBytes } from '../text/characters';

/** Texts of which each has a class. */
export interface TextItems {
  readonly file: string;
  readonly fingerprint: string;
  readonly texts: Texts;
  readonly target: Texts;
  /** What was read otherwise than it stands there, in words. */
  readonly notes: readonly Message[];
}

/** What the columns of a folder of texts are called. */
export const folderColumns = { text: 'text', target: 'class' } as const;

const mostFiles = 100_000;

/** Whether a path is a folder, which then holds texts by class. */
export async function isFolder(file: string): Promise<boolean> {
  const found = await stat(file).catch(() => null);
  return found?.isDirectory() === true;
}

/** Reads the texts of a table or a folder. @throws UnrollError `data`. */
export async function loadTextItems(root: string, { data }: Experiment, reading: Reading = {}): Promise<TextItems> {
  const file = path.resolve(root, data.path);
  if (await isFolder(file)) return readFolder(file, reading.files);
  return withTable(file, (table) => readItems(table, data.features[0] ?? '', data.target), formOf(data));
}

export async function readItems(table: Table, text: string, target: string): Promise<TextItems> {
  const texts = await readTexts(table, text);
  const { file, scan, notes } = table;
  return { file, fingerprint: scan.fingerprint, texts, target: await readTexts(table, target), notes };
}

/** A text file of a folder. */
export interface TextFile {
  /** Path, relative to the folder, with forward slashes. */
  readonly name: string;
  readonly class: string;
  /** Whether each of its lines is a text; else all of it is one. */
  readonly byLines: boolean;
}

/** The text files of a folder, in order: in the folder itself one a class, in the folders in it one a text. @throws UnrollError `data`. */
export async function textFilesIn(folder: string): Promise<TextFile[]> {
  const found: TextFile[] = [];
  for (const { name, ...entry } of await entriesOf(folder)) {
    if (entry.isText) found.push({ name, class: path.parse(name).name, byLines: true });
    if (!entry.isFolder || name.startsWith('.')) continue;
    for (const each of await entriesOf(path.join(folder, name))) {
      if (each.isText) found.push({ name: `${name}/${each.name}`, class: name, byLines: false });
    }
  }
  return found;
}

/** The texts of a file; one that holds nothing where all of it is a text, and it is empty. */
export function textsOfFile({ byLines }: TextFile, content: string): readonly string[] {
  if (!byLines) return [content.trim()];
  return content
    .split(/\r\n|\n|\r/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** Reads a file of a folder of texts. @param others is given the name of a file that is no UTF-8. */
export async function readTextFile(folder: string, { name }: TextFile, others: string[] = []): Promise<string> {
  const file = path.join(folder, name);
  const bytes = await readFile(file).catch((error) => {
    throw fileError(file, error);
  });
  const { text, isOther } = decodedWhole(bytes);
  if (text.includes('\0')) {
    throw new UnrollError('data', '{0} is not text; convert it, or take it out of the folder.', file);
  }
  if (isOther) others.push(name);
  return text;
}

/**
 * Reads a folder in which every class has a .txt file with a text a line, or a folder with a text a .txt file.
 * @param most so many files at most, evenly over all
 * @throws UnrollError `data` where it holds no such thing or too much.
 */
export async function readFolder(folder: string, most = Number.POSITIVE_INFINITY): Promise<TextItems> {
  const hash = createHash('sha256');
  const [texts, target] = [new Column(), new Column()];
  const all = await textFilesIn(folder);
  const others: string[] = [];
  let bytes = 0;
  for (const file of evenly(all, most)) {
    const content = await readTextFile(folder, file, others);
    bytes += content.length;
    if (bytes > mostBytes || all.length > mostFiles) {
      throw new UnrollError(
        'data',
        '{0} holds more than {1} MB or {2} files of text, which is more than can be read; choose a smaller folder.',
        folder,
        mostBytes / (1024 * 1024),
        mostFiles,
      );
    }
    hash.update(path.normalize(file.name)).update('\0').update(content).update('\0');
    for (const text of textsOfFile(file, content)) {
      texts.add(text);
      target.add(file.class);
    }
  }
  if (texts.count === 0) {
    throw noTexts(folder);
  }
  return {
    file: folder,
    fingerprint: `sha256:${hash.digest('hex')}`,
    texts: texts.read(folderColumns.text),
    target: target.read(folderColumns.target),
    notes:
      others.length === 0
        ? []
        : [
            message(
              '{0} files are not UTF-8, the first of them {1}; they were read as UTF-16, or as Windows-1252 (Western European).',
              others.length,
              others[0] ?? '',
            ),
          ],
  };
}

/** For a folder without what is asked for. */
export const noTexts = (folder: string) =>
  new UnrollError(
    'data',
    '{0} holds no texts and no sounds; it must have a .txt file for every class with a text a line, or a folder for every class with a text a .txt file or with WAV files.',
    folder,
  );

async function entriesOf(folder: string) {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error) => {
    throw fileError(folder, error);
  });
  return entries
    .map((entry) => ({
      name: entry.name,
      isText: entry.isFile() && /\.txt$/i.test(entry.name) && !entry.name.startsWith('.'),
      isFolder: entry.isDirectory(),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Values one after the other, as `readTexts` gives those of a table's column. */
class Column {
  private readonly numbers = new Map<string, number>();
  private readonly codes: number[] = [];

  get count(): number {
    return this.codes.length;
  }

  add(text: string): void {
    const code = text === '' ? -1 : (this.numbers.get(text) ?? this.numbers.size);
    if (code === this.numbers.size) this.numbers.set(text, code);
    this.codes.push(code);
  }

  read(name: string): Texts {
    return { name, labels: [...this.numbers.keys()], codes: Int32Array.from(this.codes) };
  }
}
