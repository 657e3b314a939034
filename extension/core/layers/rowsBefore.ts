import type { Value } from '../graph/value';
import type { Context } from './context';

/**
 * Steps x [steps, units, batch] with the last `count` of the stretch before in front of them, zeros before the first stretch; carried by
 * this name, [count, units, batch]. Null where nothing is carried.
 */
export function withRowsBefore(context: Context, name: string, x: Value, count: number, units: number): Value | null {
  const { b } = context;
  const rows = count === 0 ? null : context.carried(name, [count, units]);
  if (rows === null) return null;
  const all = b.concat([rows.before, x], 0);
  rows.after(b.last(all, count, 0));
  return all;
}
