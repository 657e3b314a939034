import type { Part } from '../../protocol/data';
import type { Experiment } from '../../protocol/experiment';
import type { Series } from '../forecast/series';
import { earlier, firstRow, type RowRange, type Split, splitRows, windowsIn } from '../split';
import { lastUpTo } from '../streamed/lastUpTo';

/** Rows that follow one another in time: a whole file, or one of the series in it. */
export interface Stretch {
  /** What the series is called; null where the file is one. */
  readonly name: string | null;
  readonly rows: RowRange;
  /** Its own parts, as rows of the file. */
  readonly split: Split;
  /** Its rows before which there is a gap that no window reaches over. */
  readonly cuts: readonly number[];
}

/** The windows of one part, numbered stretch by stretch and in time order within each. */
export interface PartWindows {
  readonly count: number;
  /** Windows before each stretch, and of all at the end. */
  readonly before: Uint32Array;
  /** First input row of a window. */
  row(window: number): number;
  /** The stretch that a window lies in. */
  stretch(window: number): number;
  /** Rows from the beginning of a window to that of the next one of its stretch, unless `isCut`. */
  readonly step: number;
  /** Whether there are gaps that no window reaches over, so that the next window may begin further on. */
  readonly isCut: boolean;
}

/** Answers of a part, windows times numbers that are forecast of each, that are made and judged; of more windows every second, third and so on. */
export const mostAnswers = 250_000;

/** So many windows of a part that their answers can be held: all of them, or every so many evenly. */
export function thinned(windows: PartWindows, numbers: number, most = mostAnswers): PartWindows {
  const step = Math.ceil((windows.count * numbers) / most);
  if (step <= 1) return windows;
  const before = windows.before.map((count) => Math.ceil(count / step));
  return {
    count: before[before.length - 1] ?? 0,
    before,
    step: windows.step * step,
    isCut: windows.isCut,
    row: (window) => windows.row(window * step),
    stretch: (window) => windows.stretch(window * step),
  };
}

/**
 * The series of a file, each with its own last rows as its test part and those before as its validation part. From an earlier origin both lie
 * as many test parts before, and what follows them is in no part.
 */
export function stretchesOf(
  { rows, several, origin = 0, cuts = [] }: Series,
  fractions: Experiment['data']['split'],
): readonly Stretch[] {
  if (several === undefined) return [stretch(null, 0, rows, fractions, origin, cuts)];
  return several.names.map((name, s) =>
    stretch(name, several.starts[s] ?? 0, several.starts[s + 1] ?? 0, fractions, origin, cuts),
  );
}

function stretch(
  name: string | null,
  start: number,
  end: number,
  fractions: Experiment['data']['split'],
  origin: number,
  cuts: readonly number[],
): Stretch {
  const { train, validation, test } = earlier(splitRows(end - start, fractions), origin);
  const moved = (range: RowRange): RowRange => ({ start: start + range.start, end: start + range.end });
  return {
    name,
    rows: { start, end },
    split: { train: moved(train), validation: moved(validation), test: moved(test) },
    cuts: cuts.filter((row) => row > start && row < end),
  };
}

/** The windows of a part: none of them reaches over the end of its stretch, a cut in it, or into another part. */
export function windowsOfPart(
  stretches: readonly Stretch[],
  part: Part,
  { lookback, horizon }: Pick<Experiment['data'], 'lookback' | 'horizon'>,
  embargo: number,
): PartWindows {
  // Pieces of the part without a cut, one stretch after the other; window `befores[p]` is the first of piece `p`, which begins at row `firsts[p]`.
  const firsts: number[] = [];
  const befores: number[] = [];
  const before = new Uint32Array(stretches.length + 1);
  let count = 0;
  for (const [s, { split, cuts }] of stretches.entries()) {
    const [start, end] = [firstRow(split, part, embargo), split[part].end];
    const borders = [start, ...cuts.filter((row) => row > start && row < end), end];
    for (const [i, from] of borders.slice(0, -1).entries()) {
      const windows = windowsIn({ start: from, end: borders[i + 1] ?? from }, lookback, horizon);
      if (windows === 0) continue;
      firsts.push(from);
      befores.push(count);
      count += windows;
    }
    before[s + 1] = count;
  }
  return {
    count,
    before,
    step: 1,
    isCut: stretches.some(({ cuts }) => cuts.length > 0),
    stretch: (window) => lastUpTo(before.subarray(0, stretches.length), window),
    row(window) {
      const piece = lastUpTo(befores, window);
      return (firsts[piece] ?? 0) + window - (befores[piece] ?? 0);
    },
  };
}
