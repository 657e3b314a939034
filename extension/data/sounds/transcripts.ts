import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { UnrollError } from '../../protocol/errors';
import { readTexts, type Texts } from '../sequences/texts';
import { fileError, statFile } from '../table/scan';
import { withTable } from '../table/table';
import type { TableForm } from '../table/tableForm';

/** What sounds say. */
export interface Transcripts {
  /** The column of the table, or what a text beside a sound is called. */
  readonly name: string;
  /** What each sound says, on one line; null where nothing is known of it. */
  readonly texts: readonly (string | null)[];
  readonly fingerprint: string;
}

/** What the transcripts are called that are texts beside their sounds. */
const besideName = 'text';
/** No transcript is so long. */
const mostBytes = 1024 * 1024;

/**
 * What the sounds of a folder say: a text NAME.txt beside NAME.wav, or else a table in the folder (CSV or TSV) with a column of the
 * sounds' names and one of what they say. Null where there is neither.
 * @param names paths of the sounds, relative to the folder
 * @param target the column of the table; null takes the likeliest
 * @throws UnrollError `data` where a text cannot be read.
 */
export async function readTranscripts(
  folder: string,
  names: readonly string[],
  target: string | null,
  form: TableForm,
): Promise<Transcripts | null> {
  const beside = target === null || target === besideName ? await textsBeside(folder, names) : null;
  if (beside !== null) return beside;
  const entries = await readdir(folder).catch((error) => {
    throw fileError(folder, error);
  });
  for (const entry of entries.filter((name) => /\.(csv|tsv)$/i.test(name) && !name.startsWith('.')).sort()) {
    const found = await fromTable(path.join(folder, entry), names, target, form);
    if (found !== null) return found;
  }
  return null;
}

const stemOf = (name: string) => name.replace(/\.wav$/i, '');
const oneLine = (text: string) => text.replace(/\s+/gu, ' ').trim();

async function textsBeside(folder: string, names: readonly string[]): Promise<Transcripts | null> {
  const hash = createHash('sha256');
  const texts: (string | null)[] = [];
  const there = new Map<string, ReadonlySet<string>>();
  for (const name of names) {
    const inside = path.dirname(name);
    const files = there.get(inside) ?? new Set(await readdir(path.join(folder, inside)));
    there.set(inside, files);
    const stem = stemOf(path.basename(name));
    const file = [`${stem}.txt`, `${stem}.TXT`].find((each) => files.has(each));
    const text = file === undefined ? null : await readText(path.join(folder, inside, file));
    hash
      .update(name)
      .update('\0')
      .update(text ?? '')
      .update('\0');
    texts.push(text === null || text === '' ? null : text);
  }
  const isThere = texts.some((text) => text !== null);
  return isThere ? { name: besideName, texts, fingerprint: hash.digest('hex') } : null;
}

async function readText(file: string): Promise<string> {
  const { size } = await statFile(file);
  if (size > mostBytes) {
    throw new UnrollError('data', '{0} is too long for what a sound says; keep it to one line of text.', file);
  }
  const bytes = await readFile(file).catch((error) => {
    throw fileError(file, error);
  });
  try {
    return oneLine(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new UnrollError('data', '{0} is not text in UTF-8; save it as UTF-8, or choose a text file.', file);
  }
}

const transcriptNames = /^(text|transcripts?|transcription|sentence|said|says|words?|utterance|label)$/i;

async function fromTable(
  file: string,
  names: readonly string[],
  target: string | null,
  form: TableForm,
): Promise<Transcripts | null> {
  return withTable(
    file,
    async (table): Promise<Transcripts | null> => {
      const columns: Texts[] = [];
      for (const { name } of table.columns) columns.push(await readTexts(table, name));
      const places = new Map(names.flatMap((name, place) => namesOf(name).map((each) => [each, place] as const)));
      const placeOf = (label: string) => places.get(label.replaceAll('\\', '/').replace(/^\.\//, ''));
      const matches = ({ labels }: Texts) => labels.filter((label) => placeOf(label) !== undefined).length;
      const files = columns.reduce<Texts | null>(
        (best, each) => (matches(each) > (best === null ? 0 : matches(best)) ? each : best),
        null,
      );
      const others = columns.filter((each) => each !== files);
      const said =
        target === null
          ? (others.find(({ name }) => transcriptNames.test(name.trim())) ?? others.at(-1))
          : others.find(({ name }) => name === target);
      if (files === null || said === undefined) return null;
      const texts = names.map((): string | null => null);
      for (let row = 0; row < files.codes.length; row++) {
        const place = placeOf(files.labels[files.codes[row] ?? -1] ?? '');
        const text = oneLine(said.labels[said.codes[row] ?? -1] ?? '');
        if (place !== undefined && text !== '') texts[place] = text;
      }
      return { name: said.name, texts, fingerprint: table.scan.fingerprint };
    },
    form,
  );
}

/** What a table may call a sound: its path or its name, with or without its ending. */
const namesOf = (name: string) => {
  const base = path.posix.basename(name);
  return [base, stemOf(base), name, stemOf(name)];
};
