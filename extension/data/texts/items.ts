import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { UnrollError } from '../../protocol/errors';
import type { Experiment } from '../../protocol/experiment';
import { type Message, message } from '../../protocol/messages';
import { readTexts, type Texts } from '../sequences/texts';
import { decodedWhole } from '../table/encoding';
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
export async function loadTextItems(root: string, { data }: Experiment): Promise<TextItems> {
  const file = path.resolve(root, data.path);
  if (await isFolder(file)) return readFolder(file);
  return withTable(file, (table) => readItems(table, data.features[0] ?? '', data.target), formOf(data));
}

export async function readItems(table: Table, text: string, target: string): Promise<TextItems> {
  const texts = await readTexts(table, text);
  const { file, scan, notes } = table;
  return { file, fingerprint: scan.fingerprint, texts, target: await readTexts(table, target), notes };
}

/**
 * Reads a folder in which every class has a .txt file with a text a line, or a folder with a text a .txt file.
 * @throws UnrollError `data` where it holds no such thing or too much.
 */
export async function readFolder(folder: string): Promise<TextItems> {
  const hash = createHash('sha256');
  const [texts, target] = [new Column(), new Column()];
  const others: string[] = [];
  let [bytes, files] = [0, 0];
  const read = async (file: string) => {
    files += 1;
    const { text: content, isOther } = decodedWhole(
      await readFile(file).catch((error) => {
        throw fileError(file, error);
      }),
    );
    const name = path.relative(folder, file);
    if (isOther) others.push(name.split(path.sep).join('/'));
    bytes += content.length;
    if (bytes > mostBytes || files > mostFiles) {
      throw new UnrollError(
        'data',
        '{0} holds more than {1} MB or {2} files of text, which is more than can be read; choose a smaller folder.',
        folder,
        mostBytes / (1024 * 1024),
        mostFiles,
      );
    }
    hash.update(name).update('\0').update(content).update('\0');
    return content;
  };
  const entries = await entriesOf(folder);
  for (const entry of entries) {
    const inside = path.join(folder, entry.name);
    if (entry.isFile() && isText(entry.name)) {
      for (const line of (await read(inside)).split(/\r\n|\n|\r/)) {
        if (line.trim() === '') continue;
        texts.add(line.trim());
        target.add(path.parse(entry.name).name);
      }
    } else if (entry.isDirectory() && !entry.name.startsWith('.')) {
      for (const each of await entriesOf(inside)) {
        if (!each.isFile() || !isText(each.name)) continue;
        const content = (await read(path.join(inside, each.name))).trim();
        texts.add(content);
        target.add(entry.name);
      }
    }
  }
  if (texts.count === 0) {
    throw new UnrollError(
      'data',
      '{0} holds no texts; it must have a .txt file for every class with a text a line, or a folder for every class with a text a .txt file.',
      folder,
    );
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

const isText = (name: string) => /\.txt$/i.test(name) && !name.startsWith('.');

async function entriesOf(folder: string) {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error) => {
    throw fileError(folder, error);
  });
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
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
