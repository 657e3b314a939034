import type { Builder } from '../graph/builder';
import type { Attributes } from '../graph/graph';
import type { Value } from '../graph/value';
import { sizeOf } from '../tensor';
import { at, axisOf, constantOf, inputOf, intOf, intsOf, only, shapeOf, staticShape } from './arguments';
import type { Application, Operator } from './operator';

/** What the gradient of a reduction is built from; `y()` and `d` have the input's rank, with ones for the reduced axes. */
interface Reduced {
  readonly b: Builder;
  readonly x: Value;
  readonly y: () => Value;
  readonly d: Value;
  readonly shape: readonly number[];
  readonly axes: readonly number[];
}

/**
 * An operator that makes one number of many along some axes, which stay as ones where `keepdims`. The axes are an input or an
 * attribute, depending on the operator and its version. `backward` gives d loss / d input, up to broadcasting.
 */
function reduction(name: string, backward: (of: Reduced) => Value): Operator {
  return {
    name,
    infer(application) {
      const x = inputOf(name, application, 0);
      const shape = shapeOf(name, x);
      const axes = axesOf(name, application, shape.length);
      const kept = keepsDims(application.attributes)
        ? shape.map((dim, i) => (axes.includes(i) ? 1 : dim))
        : shape.filter((_, i) => !axes.includes(i));
      return [{ dtype: x.type.dtype, shape: kept }];
    },
    pullback({ b, node, cotangent, wants, contribute }) {
      const d = cotangent(0);
      const [x] = node.inputs;
      const [y] = node.outputs;
      if (d === null || !y || !wants(x)) return;
      const shape = staticShape(name, x);
      const axes = axesOf(name, node, shape.length);
      const kept = (value: Value) =>
        b.reshape(
          value,
          shape.map((dim, i) => (axes.includes(i) ? 1 : dim)),
        );
      contribute(x, backward({ b, x, y: () => kept(y), d: kept(d), shape, axes }));
    },
    lift({ b, node, inputs }) {
      const { value } = at(inputs, 0);
      const axes = axesOf(name, node, shapeOf(name, value).length - 1).map((axis) => axis + 1);
      return [reduce(b, name, value, axes, keepsDims(node.attributes))];
    },
  };
}

/** Applies a reduction as operator set 17 writes it: only ReduceSum takes its axes as an input. */
export function reduce(b: Builder, name: string, x: Value, axes: readonly number[], keepDims: boolean): Value {
  const keepdims = { kind: 'int', value: keepDims ? 1 : 0 } as const;
  if (name === 'ReduceSum') return only(b.apply(name, [x, b.int64s(axes)], { keepdims }));
  return only(b.apply(name, [x], { axes: { kind: 'ints', value: axes }, keepdims }));
}

function axesOf(name: string, application: Application, rank: number): number[] {
  const axes = constantOf(name, application, 1) ?? intsOf(application.attributes, 'axes');
  return (axes ?? Array.from({ length: rank }, (_, i) => i)).map((axis) => axisOf(axis, rank));
}

const keepsDims = (attributes: Attributes) => intOf(attributes, 'keepdims', 1) === 1;

/** The axes of a stacked value that a sum over all steps of a per-step ReduceSum runs over: the steps' axis comes first. */
export function summedAxes(node: Application, stacked: Value): number[] {
  return [0, ...axesOf('ReduceSum', node, shapeOf('ReduceSum', stacked).length - 1).map((axis) => axis + 1)];
}

/** The shape of a value, as a vector of int64; it does not vary with the value's numbers. */
const shape: Operator = {
  name: 'Shape',
  infer: (application) => [{ dtype: 'int64', shape: [shapeOf('Shape', inputOf('Shape', application, 0)).length] }],
  pullback() {},
};

/** Zeros of a shape that is known when it runs. */
const constantOfShape: Operator = {
  name: 'ConstantOfShape',
  infer(application) {
    const asked = inputOf('ConstantOfShape', application, 0);
    const rank = only(staticShape('ConstantOfShape', asked));
    const attribute = application.attributes['value'];
    const dtype = attribute?.kind === 'tensor' ? attribute.value.dtype : 'float32';
    return [{ dtype, shape: Array.from({ length: rank }, (_, i) => `${asked.name}_${i}`) }];
  },
  pullback() {},
};

export const reductionOperators: readonly Operator[] = [
  reduction('ReduceSum', ({ b, d, shape }) => b.expand(d, shape)),
  reduction('ReduceMean', ({ b, d, shape, axes }) =>
    b.expand(b.div(d, b.scalarLike(d, sizeOf(axes.map((axis) => at(shape, axis))))), shape),
  ),
  // All that are largest share the gradient.
  reduction('ReduceMax', ({ b, x, y, d, axes }) => {
    const largest = b.cast(b.equal(x, y()), d.type.dtype);
    return b.mul(largest, b.div(d, b.reduceSum(largest, axes, true)));
  }),
  reduction('ReduceMin', ({ b, x, y, d, axes }) => {
    const smallest = b.cast(b.equal(x, y()), d.type.dtype);
    return b.mul(smallest, b.div(d, b.reduceSum(smallest, axes, true)));
  }),
  reduction('ReduceSumSquare', ({ b, x, d }) => b.mul(d, b.mul(x, b.scalarLike(d, 2)))),
  reduction('ReduceL2', ({ b, x, y, d }) => b.mul(d, b.div(x, y()))),
  reduction('ReduceL1', ({ b, x, d }) => b.mul(d, b.sign(x))),
  // d log Σ exp(x) / dx = exp(x - y)
  reduction('ReduceLogSumExp', ({ b, x, y, d }) => b.mul(d, b.exp(b.sub(x, y())))),
  shape,
  constantOfShape,
];
