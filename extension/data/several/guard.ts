import type { Leak } from '../../protocol/run';
import { findLeaks } from '../forecast/leaks';
import { countRepeatedWindows } from '../forecast/repeatedWindows';
import type { Series } from '../forecast/series';
import { pieceOf } from '../streamed/columnFile';
import { longestOf } from './choices';
import type { PartWindows, Stretch } from './stretches';

/**
 * Features that say too much of the target in every series that is looked at: between series of different levels anything correlates, so each
 * is looked at for itself. Told is the correlation of the series where it is smallest.
 */
export function leaksIn({ columns }: Series, stretches: readonly Stretch[], horizon: number): readonly Leak[] {
  const found = longestOf(stretches).map(({ split: { train } }) =>
    findLeaks(
      columns.map((column) => ({
        name: column.name,
        get values() {
          return pieceOf(column, train.start, train.end);
        },
      })),
      horizon,
    ),
  );
  const [first = [], ...others] = found;
  return first.flatMap((leak) => {
    const all = others.map((leaks) =>
      leaks.find(({ feature, shift }) => feature === leak.feature && shift === leak.shift),
    );
    if (all.includes(undefined)) return [];
    const weakest = all.reduce<Leak>(
      (least, other) =>
        other !== undefined && Math.abs(other.correlation) < Math.abs(least.correlation) ? other : least,
      leak,
    );
    return [weakest];
  });
}

/** How many test windows stand, value by value, in the training part of their own series. */
export function repeatedIn(
  { columns }: Series,
  stretches: readonly Stretch[],
  train: PartWindows,
  test: PartWindows,
  length: number,
): number {
  const own = ({ before, row }: PartWindows, s: number, start: number) => {
    const [first, after] = [before[s] ?? 0, before[s + 1] ?? 0];
    if (first === after) return { first: 0, count: 0 };
    // Where there are cuts, a few that reach over one are looked at too, and found nowhere.
    return { first: row(first) - start, count: row(after - 1) - row(first) + 1 };
  };
  return stretches.reduce((sum, { rows: { start, end } }, s) => {
    const pieces = columns.map((column) => ({
      get values() {
        return pieceOf(column, start, end);
      },
    }));
    return sum + countRepeatedWindows(pieces, length, own(train, s, start), own(test, s, start));
  }, 0);
}
