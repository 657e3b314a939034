import type { SplitFacts } from '../../extension/protocol/facts';
import type { Mark } from '../charts/marks';
import { t } from '../l10n';
import { number, timeWriter, usualGap } from '../numbers';
import { chart, line } from './chart';

/** Values over rows or time. */
export interface LineOverRows {
  readonly name: string;
  readonly rows: number;
  /** First row of each stretch of rows, and its lowest and highest value; `high` is null where each is one row. */
  readonly at: readonly number[];
  readonly low: readonly (number | null)[];
  readonly high: readonly (number | null)[] | null;
  readonly times: readonly (number | null)[] | null;
  readonly split: SplitFacts | null;
  /** Rows before which there is a gap that no window reaches over. */
  readonly cuts: readonly number[];
}

/** Draws a line with its parts and gaps. A stretch of many rows is drawn from its lowest value to its highest. */
export function lineChart(drawn: LineOverRows): HTMLElement {
  const { name, at, low, high, split, rows, cuts } = drawn;
  const times = drawn.times?.every((time) => time !== null) === true ? (drawn.times as readonly number[]) : null;
  const axis = times ?? at;
  const half = (i: number) => ((axis[i + 1] ?? axis[i] ?? 0) + (axis[i] ?? 0)) / 2;
  const x = high === null ? axis : axis.flatMap((from, i) => [from, half(i)]);
  const values = high === null ? low : low.flatMap((value, i) => [value, high[i] ?? null]);
  // A part begins between two stretches; its place is that of the first one that is not before it.
  const placeOf = (row: number) => axis[at.findIndex((from) => from >= row)] ?? axis.at(-1) ?? 0;
  const marks: Mark[] = cuts.map((row) => ({ kind: 'border', x: placeOf(row), label: '' }));
  if (split !== null) {
    const [from, to, end] = [placeOf(split.validation), placeOf(split.test), axis.at(-1) ?? 0];
    if (split.test > split.validation) {
      marks.push({ kind: 'span', from, to, label: '' }, { kind: 'border', x: from, label: t('validation') });
    }
    if (rows > split.test) {
      marks.push({ kind: 'span', from: to, to: end, label: '' }, { kind: 'border', x: to, label: t('test') });
    }
  }
  const writeTime = timeWriter(times === null ? 0 : usualGap(times));
  const stretchOf = (index: number) => (high === null ? index : Math.floor(index / 2));
  const place = (index: number) => {
    const stretch = stretchOf(index);
    return times === null ? number((at[stretch] ?? 0) + 1) : writeTime(times[stretch] ?? 0);
  };
  const read = (index: number) => {
    const stretch = stretchOf(index);
    return [{ label: t('value'), sample: null, value: rangeOf(low[stretch] ?? null, high?.[stretch] ?? null) }];
  };
  return chart({
    label: t('{0} over {1}', name, times === null ? t('rows') : t('time')),
    picture: { x, lines: [line(name, values)], marks },
    options: { height: 200, x: times === null ? 'count' : 'time' },
    where: times === null ? t('row') : t('time'),
    place,
    read,
  });
}

function rangeOf(least: number | null, most: number | null): string {
  if (least === null) return '\u2013';
  return most === null || most === least ? number(least) : `${number(least)} \u2026 ${number(most)}`;
}
