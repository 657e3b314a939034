import { sameShape } from '../../graph/broadcast';
import type { Builder } from '../../graph/builder';
import type { Node } from '../../graph/graph';
import type { Value } from '../../graph/value';
import { at, intOf } from '../../ops/arguments';
import { FreeProducts } from './freeProducts';
import { Rewriter } from './rewriter';

/** The nodes of a step's gradient after simplification, and what each of the old values has become. */
export interface Simplified {
  readonly nodes: readonly Node[];
  replacement(value: Value): Value;
}

/**
 * Rewrites the gradient of a step so that as little as possible waits for the gradient that is carried from step to step.
 *
 * A *carried* value depends on it; a *free* one does not, and can be computed outside the loop or in the forward step. Products
 * of a carried value with free ones are regrouped so that the free factors meet first (`freeProducts.ts` then looks for the
 * shortest form of what they make):
 *
 *     (a·f)·g → a·(f·g)      -(a·f) → a·(-f)      a·f + a·g → a·(f + g)      [a·f ; b·g] → [a ; b]·[f ; g]
 *
 * Rows of a matrix product are the product of rows: where A·a is cut, each part becomes a product of its own, and those that
 * nobody waits for leave the loop. For an LSTM this leaves six nodes in the backward step.
 *
 * `forward` are the nodes of the forward step, whose values the gradient uses.
 */
export function simplify(
  nodes: readonly Node[],
  forward: readonly Node[],
  outer: Builder,
  carriedInputs: Iterable<Value>,
): Simplified {
  const w = new Rewriter(outer, forward, carriedInputs);
  const free = new FreeProducts(w);
  const replaced = new Map<Value, Value>();
  const replacement = (value: Value) => replaced.get(value) ?? value;

  /** a·f with `a` carried, `f` free and both of the product's shape. */
  const asProduct = (value: Value): { carried: Value; free: Value } | null => {
    const node = w.maker(value);
    if (node?.op !== 'Mul') return null;
    const [x, y] = node.inputs as [Value, Value];
    if (w.isCarried(x) === w.isCarried(y)) return null;
    const product = w.isCarried(x) ? { carried: x, free: y } : { carried: y, free: x };
    const whole = sameShape(x.type.shape, y.type.shape);
    return whole ? product : null;
  };

  const mul = (x: Value, y: Value): Value => {
    if (!w.isCarried(x) && !w.isCarried(y)) return free.mul(x, y);
    if (w.isCarried(x) && w.isCarried(y)) return w.op('Mul', x, y);
    const [a, f] = w.isCarried(x) ? [x, y] : [y, x];
    const inner = asProduct(a);
    if (inner === null || !sameShape(f.type.shape, inner.free.type.shape)) return w.op('Mul', a, f);
    return mul(inner.carried, free.mul(inner.free, f));
  };

  const add = (x: Value, y: Value): Value => {
    const [left, right] = [asProduct(x), asProduct(y)];
    if (left !== null && right !== null && left.carried === right.carried) {
      return mul(left.carried, add(left.free, right.free));
    }
    const negated = (value: Value) => (w.maker(value)?.op === 'Neg' ? (w.maker(value)?.inputs[0] ?? null) : null);
    const [minusX, minusY] = [negated(x), negated(y)];
    if (minusY !== null) return w.op('Sub', x, minusY);
    if (minusX !== null) return w.op('Sub', y, minusX);
    return w.op('Add', x, y);
  };

  const neg = (x: Value): Value => {
    const product = asProduct(x);
    return product === null ? w.op('Neg', x) : mul(product.carried, w.op('Neg', product.free));
  };

  const concat = (values: readonly Value[], axis: number): Value => {
    const parts = values.flatMap((value) => {
      const node = w.maker(value);
      const nested = node?.op === 'Concat' && intOf(node.attributes, 'axis', 0) === axis;
      return nested ? node.inputs.filter((input) => input !== null) : [value];
    });
    // A product of joined values counts as the products of its parts, so that it can be joined with others.
    const products = values.map(asProduct);
    if (values.length > 1 && products.every((product) => product !== null)) {
      const carried = concat(
        products.map((product) => product.carried),
        axis,
      );
      const known = concat(
        products.map((product) => product.free),
        axis,
      );
      return mul(carried, known);
    }
    return w.concat(parts, axis);
  };

  /** The parts of A·a along its rows, each as the product of those rows of A; null where A is not a transposed weight. */
  const splitProduct = (node: Node, joined: Value): Value[] | null => {
    const product = w.maker(joined);
    if (product?.op !== 'MatMul' || intOf(node.attributes, 'axis', 0) !== 0) return null;
    const [matrix, vector] = product.inputs;
    if (!matrix || !vector || w.isCarried(matrix) || matrix.type.shape?.length !== 2) return null;
    const source = w.maker(matrix);
    const [weight] = source?.inputs ?? [];
    if (source?.op !== 'Transpose' || !weight || w.forwardMaker(weight) !== undefined) return null;
    let from = 0;
    return node.outputs.flatMap((output) => {
      const rows = Number(output?.type.shape?.[0]);
      from += rows;
      const [part] = w.emit(() => [w.b.transpose(w.b.slice(weight, from - rows, from, 1), [1, 0])]);
      return part === undefined ? [] : [w.op('MatMul', part, vector)];
    });
  };

  for (const node of nodes) {
    const inputs = node.inputs.map((input) => (input === null ? null : replacement(input)));
    const [x, y] = inputs;
    const results = (() => {
      if (node.op === 'Mul' && x && y) return [mul(x, y)];
      if (node.op === 'Add' && x && y) return [add(x, y)];
      if (node.op === 'Neg' && x) return [neg(x)];
      if (node.op === 'Concat') {
        return [
          concat(
            inputs.filter((input) => input !== null),
            intOf(node.attributes, 'axis', 0),
          ),
        ];
      }
      const parts = node.op === 'Split' && x ? splitProduct(node, x) : null;
      return parts ?? w.emit(() => w.b.apply(node.op, inputs, node.attributes));
    })();
    node.outputs.forEach((output, i) => {
      if (output !== null) replaced.set(output, at(results, i));
    });
  }
  return { nodes: w.b.graph.nodes, replacement };
}
