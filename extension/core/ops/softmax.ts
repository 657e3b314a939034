import type { Builder } from '../graph/builder';
import type { Value } from '../graph/value';
import { at, axisOf, inputOf, intOf, shapeOf } from './arguments';
import type { Operator } from './operator';

/** A normalisation along one axis, with ONNX's meaning since operator set 13. `backward` gives d loss / d input. */
function alongAxis(name: string, backward: (b: Builder, y: Value, d: Value, axis: number) => Value): Operator {
  return {
    name,
    infer(application) {
      const { dtype, shape } = inputOf(name, application, 0).type;
      return [{ dtype, shape }];
    },
    pullback({ b, node, cotangent, wants, contribute }) {
      const d = cotangent(0);
      const [input] = node.inputs;
      const [y] = node.outputs;
      if (d === null || !y || !wants(input)) return;
      contribute(input, backward(b, y, d, axisOf(intOf(node.attributes, 'axis', -1), shapeOf(name, input).length)));
    },
    lift({ b, node, inputs }) {
      const { value } = at(inputs, 0);
      const axis = axisOf(intOf(node.attributes, 'axis', -1), shapeOf(name, value).length - 1) + 1;
      return b.apply(name, [value], { axis: { kind: 'int', value: axis } });
    },
  };
}

export const softmaxOperators: readonly Operator[] = [
  // y ⊙ (d - Σ d ⊙ y)
  alongAxis('Softmax', (b, y, d, axis) => b.mul(y, b.sub(d, b.reduceSum(b.mul(d, y), [axis], true)))),
  // d - exp(y) Σ d
  alongAxis('LogSoftmax', (b, y, d, axis) => b.sub(d, b.mul(b.exp(y), b.reduceSum(d, [axis], true)))),
];
