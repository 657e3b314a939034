import type { Attributes } from '../graph/graph';
import type { Value } from '../graph/value';
import { at, axisOf, constantOf, inputOf, intOf, only, shapeOf, staticShape } from './arguments';
import type { Application, Operator } from './operator';

/** Σ over some axes, which stay as ones where `keepdims`. */
const reduceSum: Operator = {
  name: 'ReduceSum',
  infer(application) {
    const x = inputOf('ReduceSum', application, 0);
    const shape = shapeOf('ReduceSum', x);
    const axes = axesOf(application, shape.length);
    const kept = keepsDims(application.attributes)
      ? shape.map((dim, i) => (axes.includes(i) ? 1 : dim))
      : shape.filter((_, i) => !axes.includes(i));
    return [{ dtype: x.type.dtype, shape: kept }];
  },
  pullback({ b, node, cotangent, wants, contribute }) {
    const d = cotangent(0);
    const input = at(node.inputs, 0);
    if (d === null || !wants(input)) return;
    const shape = staticShape('ReduceSum', input);
    const axes = axesOf(node, shape.length);
    const kept = b.reshape(
      d,
      shape.map((dim, i) => (axes.includes(i) ? 1 : dim)),
    );
    contribute(input, b.expand(kept, shape));
  },
  lift({ b, node, inputs }) {
    const { value } = at(inputs, 0);
    return [b.reduceSum(value, summedAxes(node, value).slice(1), keepsDims(node.attributes))];
  },
};

function axesOf(application: Pick<Application, 'inputs'>, rank: number): number[] {
  const axes = constantOf('ReduceSum', application, 1);
  return (axes ?? Array.from({ length: rank }, (_, i) => i)).map((axis) => axisOf(axis, rank));
}

const keepsDims = (attributes: Attributes) => intOf(attributes, 'keepdims', 1) === 1;

/** The axes of a stacked value that a sum over all steps of a per-step ReduceSum runs over: the steps' axis comes first. */
export function summedAxes(node: Pick<Application, 'inputs'>, stacked: Value): number[] {
  return [0, ...axesOf(node, shapeOf('ReduceSum', stacked).length - 1).map((axis) => axis + 1)];
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

export const reductionOperators: readonly Operator[] = [reduceSum, shape, constantOfShape];
