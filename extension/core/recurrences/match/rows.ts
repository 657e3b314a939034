import { gathered, NotNumeric, type Numbers, stridesOf } from '../numeric/numbers';
import type { Axes } from './contract';

// What a step computes is compared as rows: [batch][units], row-major, however the axes of a value lie.

/** Numbers of a value as [batch, units]. */
export function rowsOf({ shape, data }: Numbers, { units, batch }: Axes): Float64Array {
  const strides = stridesOf(shape);
  const sizes = [batch === null ? 1 : (shape[batch] ?? 1), shape[units] ?? 1];
  return gathered(data, sizes, [batch === null ? 0 : (strides[batch] ?? 0), strides[units] ?? 0]).data;
}

/** A value of `shape` that holds these rows. */
export function valueOfRows(rows: Float64Array, shape: readonly number[], { units, batch }: Axes): Numbers {
  const strides = shape.map((_, axis) => (axis === units ? 1 : axis === batch ? (shape[units] ?? 1) : 0));
  return gathered(rows, shape, strides);
}

/** The ways in which a shape can hold rows of units: every other axis has one element. The likeliest, units last, comes first. */
export function axesOf(shape: readonly number[]): Axes[] {
  const rank = shape.length;
  const long = shape.flatMap((dim, axis) => (dim === 1 ? [] : [axis]));
  const [first, second, ...more] = long;
  if (rank === 0 || more.length > 0) return [];
  if (second !== undefined && first !== undefined) {
    return [
      { rank, units: second, batch: first },
      { rank, units: first, batch: second },
    ];
  }
  const unit = first ?? rank - 1;
  // A batch of one is whichever other axis stands next to the units.
  const batch = rank === 1 ? null : unit === 0 ? 1 : unit - 1;
  const single: Axes = { rank, units: unit, batch };
  if (first === undefined || rank === 1) return [single];
  const other = first === rank - 1 ? rank - 2 : rank - 1;
  return [single, { rank, units: other, batch: first }];
}

/** How a shape holds `batch` rows of `units`; in the order of `like` where both orders are possible. Null where it does not. */
export function axesLike(shape: readonly number[], batch: number, units: number, like: Axes): Axes | null {
  const fits = axesOf(shape).filter(
    (axes) => shape[axes.units] === units && (axes.batch === null ? 1 : (shape[axes.batch] ?? 1)) === batch,
  );
  const unitsLast = ({ units, batch }: Axes) => batch === null || units > batch;
  return fits.find((axes) => unitsLast(axes) === unitsLast(like)) ?? fits[0] ?? null;
}

/** Whether two lists of numbers are the same but for rounding. */
export function alike(a: Float64Array, b: Float64Array, tolerance = 1e-7): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i] ?? Number.NaN, b[i] ?? Number.NaN];
    // NaN is like nothing.
    if (!(Math.abs(x - y) <= tolerance * Math.max(1, Math.abs(x), Math.abs(y)))) return false;
  }
  return true;
}

/** Numbers computed place by place. */
export function each(length: number, f: (place: number) => number): Float64Array {
  const result = new Float64Array(length);
  for (let i = 0; i < length; i++) result[i] = f(i);
  return result;
}

export function mustBe<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new NotNumeric('nothing there');
  return value;
}
