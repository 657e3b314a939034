import type { Builder } from '../graph/builder';
import type { Value } from '../graph/value';
import { at } from '../ops/arguments';
import { sizeOf, type Tensor, toNumbers } from '../tensor';
import { type ParameterShape, type Parameters, parameterShapes } from './parameters';
import type { ModelSpec } from './spec';

/** Where a parameter lies in the one vector that holds them all. */
export interface Placed extends Pick<ParameterShape, 'name' | 'shape'> {
  readonly offset: number;
  readonly size: number;
}

/** All parameters of a model laid end to end, row-major, in the order of `parameterShapes`. */
export function layoutOf(spec: ModelSpec): readonly Placed[] {
  let offset = 0;
  return parameterShapes(spec).map(({ name, shape }) => {
    const size = sizeOf(shape);
    offset += size;
    return { name, shape, size, offset: offset - size };
  });
}

/** Numbers in a layout. */
export const sizeOfLayout = (layout: readonly Placed[]) => layout.reduce((sum, { size }) => sum + size, 0);

/** The parameters by name, cut out of their vector. */
export function unpack(b: Builder, flat: Value, layout: readonly Placed[]): ReadonlyMap<string, Value> {
  const pieces = b.split(
    flat,
    layout.map(({ size }) => size),
    0,
  );
  return new Map(layout.map(({ name, shape }, i) => [name, b.reshape(at(pieces, i), shape)]));
}

/** Values, in the order of a layout, as one vector. */
export function pack(b: Builder, values: readonly Value[]): Value {
  return b.concat(
    values.map((value) => b.reshape(value, [sizeOf((value.type.shape ?? []).map(Number))])),
    0,
  );
}

/** The numbers of parameters as one vector. */
export function flatten(parameters: Parameters, layout: readonly Placed[]): Float32Array {
  const flat = new Float32Array(sizeOfLayout(layout));
  for (const { name, offset } of layout) {
    const tensor = parameters.get(name);
    if (tensor !== undefined) flat.set(tensor.data instanceof Float32Array ? tensor.data : toNumbers(tensor), offset);
  }
  return flat;
}

/** The parameters by name, as views of their vector: what changes there changes here. */
export function views(flat: Float32Array, layout: readonly Placed[]): Parameters {
  return new Map(
    layout.map(({ name, shape, offset, size }): [string, Tensor] => [
      name,
      { dtype: 'float32', shape, data: flat.subarray(offset, offset + size) },
    ]),
  );
}
