import { UnrollError } from '../../protocol/errors';
import { sameShape } from '../graph/broadcast';
import type { Builder } from '../graph/builder';
import { type Node, usesOf } from '../graph/graph';
import type { Value } from '../graph/value';
import { at, staticShape } from '../ops/arguments';
import { operator } from '../ops/table';

/** d loss / d value, or null where the loss does not depend on the value. */
export type GradientOf = (value: Value) => Value | null;

/**
 * Reverse-mode differentiation: walks `nodes` from the last to the first, adding to `b` the nodes that carry the cotangents
 * in `seeds` back to `wanted`. Only what lies between the two is built.
 */
export function backpropagate(
  b: Builder,
  nodes: readonly Node[],
  seeds: ReadonlyMap<Value, Value>,
  wanted: Iterable<Value>,
): GradientOf {
  const active = dependents(nodes, wanted);
  const parts = new Map<Value, Value[]>();
  const contribute = (value: Value, cotangent: Value) => {
    const reduced = sumTo(b, cotangent, staticShape('The gradient', value));
    parts.set(value, [...(parts.get(value) ?? []), reduced]);
  };
  const gradientOf = (value: Value | null): Value | null => {
    const list = value === null ? undefined : parts.get(value);
    if (value === null || list === undefined) return null;
    const total = list.reduce((sum, part) => b.add(sum, part));
    parts.set(value, [total]);
    return total;
  };
  for (const [value, cotangent] of seeds) contribute(value, cotangent);
  for (const node of [...nodes].reverse()) {
    if (!node.outputs.some((output) => output !== null && active.has(output) && parts.has(output))) continue;
    operator(node.op).pullback({
      b,
      node,
      cotangent: (i) => gradientOf(node.outputs[i] ?? null),
      wants: (value): value is Value => value !== null && value !== undefined && active.has(value),
      contribute,
    });
  }
  return gradientOf;
}

/** `roots` and every value that varies smoothly with one of them: shapes and other whole numbers do not. */
export function dependents(nodes: readonly Node[], roots: Iterable<Value>): Set<Value> {
  const found = new Set(roots);
  for (const node of nodes) {
    if (!usesOf(node).some((value) => found.has(value))) continue;
    for (const output of node.outputs) if (output !== null && isFloat(output)) found.add(output);
  }
  return found;
}

const isFloat = ({ type }: Value) => type.dtype === 'float32' || type.dtype === 'float64';

/** Undoes broadcasting in either direction: sums a cotangent over the axes that were stretched, or stretches it. */
function sumTo(b: Builder, cotangent: Value, shape: readonly number[]): Value {
  const from = staticShape('The gradient', cotangent);
  if (sameShape(from, shape)) return cotangent;
  const extra = from.length - shape.length;
  if (extra < 0 || shape.some((dim, i) => dim > at(from, i + extra))) return b.expand(cotangent, shape);
  const axes = from.flatMap((dim, i) => (i < extra || (dim > 1 && shape[i - extra] === 1) ? [i] : []));
  return b.reshape(b.reduceSum(cotangent, axes, false), shape);
}

/** Adds to the graph the gradients of the scalar `loss` with respect to `wanted`, in that order. */
export function gradients(b: Builder, loss: Value, wanted: readonly Value[]): Value[] {
  const seed = b.scalarLike(loss, 1);
  const gradientOf = backpropagate(b, [...b.graph.nodes], new Map([[loss, seed]]), wanted);
  return wanted.map((value) => {
    const gradient = gradientOf(value);
    if (gradient === null) throw new UnrollError('internal', 'The loss does not depend on "{0}".', value.name);
    return gradient;
  });
}
