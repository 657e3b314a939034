import { numberReader, sizeOf, type Tensor } from '../../tensor';

/** A dense array in float64, row-major, whatever type the model has: what parts of a model are evaluated in to see what they compute. */
export interface Numbers {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

/** Said where something cannot be evaluated: an operator without a rule here, or shapes that do not fit. Never shown to a person. */
export class NotNumeric extends Error {}

/** More numbers than this in one value are not evaluated. */
const mostNumbers = 2 ** 24;

export function made(shape: readonly number[], data?: ArrayLike<number>): Numbers {
  const size = sizeOf(shape);
  if (!(size <= mostNumbers) || shape.some((dim) => dim < 0)) throw new NotNumeric(`[${shape.join(', ')}]`);
  if (data !== undefined && data.length !== size) throw new NotNumeric(`${data.length} of [${shape.join(', ')}]`);
  return { shape, data: data === undefined ? new Float64Array(size) : Float64Array.from(data) };
}

export function numbersOf({ dtype, shape, data }: Tensor): Numbers {
  // The size is judged before the content is asked for.
  const result = made(shape);
  const read = numberReader(dtype);
  if (data.length !== result.data.length) throw new NotNumeric(`${data.length} of [${shape.join(', ')}]`);
  for (let i = 0; i < data.length; i++) result.data[i] = read(data[i] as number);
  return result;
}

/** The same numbers in another shape. */
export function shaped({ data }: Numbers, shape: readonly number[]): Numbers {
  if (sizeOf(shape) !== data.length) throw new NotNumeric(`${data.length} as [${shape.join(', ')}]`);
  return { shape, data };
}

/** How far apart neighbours along each axis lie. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--) {
    strides[axis] = (strides[axis + 1] ?? 1) * (shape[axis + 1] ?? 1);
  }
  return strides;
}

/** The numbers at `offset` and by `strides` as a value of `shape`. A stride of 0 repeats. */
export function gathered(
  source: Float64Array,
  shape: readonly number[],
  strides: readonly number[],
  offset = 0,
): Numbers {
  const result = made(shape);
  const { data } = result;
  const rank = shape.length;
  const index = new Array<number>(rank).fill(0);
  let from = offset;
  for (let to = 0; to < data.length; to++) {
    data[to] = source[from] ?? Number.NaN;
    for (let axis = rank - 1; axis >= 0; axis--) {
      index[axis] = (index[axis] ?? 0) + 1;
      from += strides[axis] ?? 0;
      if ((index[axis] ?? 0) < (shape[axis] ?? 0)) break;
      from -= (strides[axis] ?? 0) * (shape[axis] ?? 0);
      index[axis] = 0;
    }
  }
  return result;
}

/** The shape that values broadcast to. */
export function commonShape(shapes: readonly (readonly number[])[]): number[] {
  const rank = Math.max(0, ...shapes.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, axis) => {
    let size = 1;
    for (const shape of shapes) {
      const dim = shape[axis - rank + shape.length] ?? 1;
      if (dim === 1 || dim === size) continue;
      if (size !== 1) throw new NotNumeric(`${size} and ${dim}`);
      size = dim;
    }
    return size;
  });
}

/** A value repeated so that it has `shape`. */
export function broadcast(value: Numbers, shape: readonly number[]): Numbers {
  const { shape: own, data } = value;
  if (own.length === shape.length && own.every((dim, axis) => dim === shape[axis])) return value;
  const strides = stridesOf(own);
  const missing = shape.length - own.length;
  return gathered(
    data,
    shape,
    shape.map((_, axis) => (axis < missing || own[axis - missing] === 1 ? 0 : (strides[axis - missing] ?? 0))),
  );
}
