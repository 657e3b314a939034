import { UnrollError } from '../../protocol/errors';
import type { Builder } from '../graph/builder';
import type { Dim, Value } from '../graph/value';
import { sizeOf } from '../tensor';
import { at, axisOf, inputOf, intOf, shapeOf, staticShape } from './arguments';
import type { Operator } from './operator';

// Operators that pick by index, and their gradients, which add up at the places that were picked. onnxruntime's CPU kernel of
// ScatterElements does that one after the other, so the sums come out the same every time.

const axisAttribute = (axis: number) => ({ axis: { kind: 'int', value: axis } }) as const;

/** Zeros of `shape`, plus `updates` at `indices` along `axis`. */
export function scatter(b: Builder, shape: readonly number[], indices: Value, updates: Value, axis: number): Value {
  const zeros = b.expand(b.scalarLike(updates, 0), shape);
  const attributes = { ...axisAttribute(axis), reduction: { kind: 'string', value: 'add' } } as const;
  return at(b.apply('ScatterElements', [zeros, indices, updates], attributes), 0);
}

/** Zeros of `size` along an axis, plus the slices of `values` at `places`, one for each. */
export function putBack(b: Builder, values: Value, size: number, places: Value, axis: number): Value {
  const taken = staticShape('Gather', values);
  const shape = taken.map((dim, i) => (i === axis ? size : dim));
  const along = b.reshape(
    places,
    taken.map((dim, i) => (i === axis ? dim : 1)),
  );
  return scatter(b, shape, b.expand(along, taken), values, axis);
}

/** Slices of `data` along an axis, one for every index: data[…, V, …] and any indices give […, indices, …]. */
const gather: Operator = {
  name: 'Gather',
  infer(application) {
    const data = inputOf('Gather', application, 0);
    const shape: readonly Dim[] = shapeOf('Gather', data);
    const indices = shapeOf('Gather', inputOf('Gather', application, 1));
    const axis = axisOf(intOf(application.attributes, 'axis', 0), shape.length);
    return [{ dtype: data.type.dtype, shape: [...shape.slice(0, axis), ...indices, ...shape.slice(axis + 1)] }];
  },
  pullback({ b, node, cotangent, wants, contribute }) {
    const d = cotangent(0);
    const [data, indices] = node.inputs;
    if (d === null || !indices || !wants(data)) return;
    const shape = staticShape('Gather', data);
    const axis = axisOf(intOf(node.attributes, 'axis', 0), shape.length);
    const count = sizeOf(staticShape('Gather', indices));
    const picked = b.reshape(
      d,
      shape.map((dim, i) => (i === axis ? count : dim)),
    );
    contribute(data, putBack(b, picked, at(shape, axis), indices, axis));
  },
};

/** data[…, indices[…], …]: of every line along the axis the numbers at its own indices. */
const gatherElements: Operator = {
  name: 'GatherElements',
  infer(application) {
    const data = inputOf('GatherElements', application, 0);
    return [{ dtype: data.type.dtype, shape: inputOf('GatherElements', application, 1).type.shape }];
  },
  pullback({ b, node, cotangent, wants, contribute }) {
    const d = cotangent(0);
    const [data, indices] = node.inputs;
    if (d === null || !indices || !wants(data)) return;
    const shape = staticShape('GatherElements', data);
    contribute(data, scatter(b, shape, indices, d, axisOf(intOf(node.attributes, 'axis', 0), shape.length)));
  },
};

/** Adds updates to data at indices along an axis. Other reductions have no rule. */
const scatterElements: Operator = {
  name: 'ScatterElements',
  infer(application) {
    const reduction = application.attributes['reduction'];
    if (reduction?.kind !== 'string' || reduction.value !== 'add') {
      throw new UnrollError('model', 'ScatterElements has a rule for reduction "add" only.');
    }
    const { dtype, shape } = inputOf('ScatterElements', application, 0).type;
    return [{ dtype, shape }];
  },
  pullback({ b, node, cotangent, wants, contribute }) {
    const d = cotangent(0);
    const [data, indices, updates] = node.inputs;
    if (d === null || !indices) return;
    if (wants(data)) contribute(data, d);
    const axis = intOf(node.attributes, 'axis', 0);
    if (wants(updates)) contribute(updates, at(b.apply('GatherElements', [d, indices], axisAttribute(axis)), 0));
  },
};

export const gatherOperators: readonly Operator[] = [gather, gatherElements, scatterElements];
