import type { Part } from '../../protocol/data';
import type { Experiment } from '../../protocol/experiment';
import type { Series } from '../series';
import { firstRow, type RowRange, type Split, splitRows, windowsIn } from '../split';

/** Rows that follow one another in time: a whole file, or one of the series in it. */
export interface Stretch {
  /** What the series is called; null where the file is one. */
  readonly name: string | null;
  readonly rows: RowRange;
  /** Its own parts, as rows of the file. */
  readonly split: Split;
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
  /** Rows from the beginning of a window to that of the next one of its stretch. */
  readonly step: number;
}

/** Answers of a part, windows times steps of the horizon, that are made and judged; of more windows every second, third and so on. */
export const mostAnswers = 250_000;

/** So many windows of a part that their answers can be held: all of them, or every so many evenly. */
export function thinned(windows: PartWindows, horizon: number, most = mostAnswers): PartWindows {
  const step = Math.ceil((windows.count * horizon) / most);
  if (step <= 1) return windows;
  const before = windows.before.map((count) => Math.ceil(count / step));
  return {
    count: before[before.length - 1] ?? 0,
    before,
    step: windows.step * step,
    row: (window) => windows.row(window * step),
    stretch: (window) => windows.stretch(window * step),
  };
}

/** The series of a file, each with its own last rows as its test part and those before as its validation part. */
export function stretchesOf({ rows, several }: Series, fractions: Experiment['data']['split']): readonly Stretch[] {
  if (several === undefined) return [stretch(null, 0, rows, fractions)];
  return several.names.map((name, s) => stretch(name, several.starts[s] ?? 0, several.starts[s + 1] ?? 0, fractions));
}

function stretch(name: string | null, start: number, end: number, fractions: Experiment['data']['split']): Stretch {
  const moved = (range: RowRange): RowRange => ({ start: start + range.start, end: start + range.end });
  const { train, validation, test } = splitRows(end - start, fractions);
  return {
    name,
    rows: { start, end },
    split: { train: moved(train), validation: moved(validation), test: moved(test) },
  };
}

/** The windows of a part: none of them reaches over the end of its stretch or into another part. */
export function windowsOfPart(
  stretches: readonly Stretch[],
  part: Part,
  { lookback, horizon }: Pick<Experiment['data'], 'lookback' | 'horizon'>,
  embargo: number,
): PartWindows {
  const first = Uint32Array.from(stretches, ({ split }) => firstRow(split, part, embargo));
  const before = new Uint32Array(stretches.length + 1);
  for (const [s, { split }] of stretches.entries()) {
    const range = { start: first[s] ?? 0, end: split[part].end };
    before[s + 1] = (before[s] ?? 0) + windowsIn(range, lookback, horizon);
  }
  const stretchAt = (window: number) => {
    let [low, high] = [0, stretches.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((before[middle] ?? 0) <= window) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  return {
    count: before[stretches.length] ?? 0,
    before,
    step: 1,
    stretch: stretchAt,
    row(window) {
      const s = stretchAt(window);
      return (first[s] ?? 0) + window - (before[s] ?? 0);
    },
  };
}
