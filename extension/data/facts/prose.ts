import { UnrollError } from '../../protocol/errors';
import { bareFacts, type DataFacts, type LengthFacts } from '../../protocol/facts';
import { type RowRange, splitRows } from '../split';
import { decoded, notesOnEncoding, type OtherLines } from '../table/encoding';
import { statFile } from '../table/scan';
import { encodingAndHash, notText } from '../text/characters';
import { readText } from '../text/language';
import { binsOf } from './bins';
import { factLimits as limits, shortened } from './limits';
import type { Proposed } from './proposal';
import { VocabularyCounter } from './vocabulary';

/** So much of a line is looked at as one; a file may be a single line. */
const longestLine = 1 << 20;

/** What a text holds: a table of one column, with a line in each row. */
export async function proseFacts(file: string): Promise<DataFacts> {
  const { size } = await statFile(file);
  const counter = new VocabularyCounter();
  const head: string[][] = [];
  const tail: string[][] = [];
  /** How many lines have each length. */
  const lengths = new Map<number, number>();
  let [lines, characters, isWhole] = [0, 0, true];
  const take = (line: string, isLast: boolean) => {
    const text = line.replace(/\r$/, '');
    const length = [...text].length;
    characters += length + (isLast ? 0 : 1) + (line.length - text.length);
    lines++;
    lengths.set(length, (lengths.get(length) ?? 0) + 1);
    if (head.length < limits.headRows) head.push([shortened(text)]);
    else if (tail.push([shortened(text)]) > limits.tailRows) tail.shift();
    if (counter.isFull) isWhole = false;
    else counter.add(isLast ? line : `${line}\n`);
  };
  let rest = '';
  const takeLines = (text: string) => {
    rest += text;
    const parts = rest.split('\n');
    rest = parts.pop() ?? '';
    for (const line of parts) take(line, false);
    if (rest.length > longestLine) {
      take(rest, true);
      rest = '';
    }
  };
  const { encoding } = await encodingAndHash(file);
  const others: OtherLines = { lines: 0, first: 0 };
  let isFirst = true;
  for await (const text of decoded(file, encoding, others)) {
    if (text.includes('\0')) throw notText(file);
    takeLines(isFirst ? text.replace(/^\uFEFF/, '') : text);
    isFirst = false;
  }
  if (rest !== '') take(rest, true);
  if (lines === 0) throw new UnrollError('data', '{0} is empty; choose a text with something to read.', file);
  return {
    path: file,
    ...bareFacts,
    bytes: size,
    rows: lines,
    characters,
    preview: { names: [], head, tail },
    notes: notesOnEncoding(encoding, others),
    lengths: lineLengths(lengths, lines),
    vocabulary: counter.facts(null, isWhole),
  };
}

/** Where the parts of a text begin, in characters; how many words they have where it is read by words. */
export async function partsOfText(
  file: string,
  characters: number,
  proposed: Proposed,
): Promise<Pick<DataFacts, 'split' | 'items'>> {
  if (proposed.kind === 'none') return { split: null, items: null };
  const { data } = proposed.proposal.experiment;
  if (data.text?.read !== 'words') {
    const { validation, test } = splitRows(characters, data.split);
    return { split: { validation: validation.start, test: test.start, end: characters }, items: null };
  }
  const { numbers } = await readText(file, data.text);
  const { train, validation, test } = splitRows(numbers.length, data.split);
  const sizeOf = ({ start, end }: RowRange) => end - start;
  return {
    split: null,
    items: { of: 'words', train: sizeOf(train), validation: sizeOf(validation), test: sizeOf(test) },
  };
}

function lineLengths(lengths: ReadonlyMap<number, number>, lines: number): LengthFacts[] {
  let [shortest, longest, sum] = [Number.POSITIVE_INFINITY, 0, 0];
  for (const [length, many] of lengths) {
    shortest = Math.min(shortest, length);
    longest = Math.max(longest, length);
    sum += length * many;
  }
  return [
    {
      of: 'lines',
      series: null,
      items: lines,
      shortest,
      longest,
      mean: sum / lines,
      bins: binsOf(lengths, limits.bins),
    },
  ];
}
