import { broadcast } from '../graph/broadcast';
import type { Builder } from '../graph/builder';
import type { Dim, Value, ValueType } from '../graph/value';
import { at, inputOf } from './arguments';
import type { Application, Lifting, Operator, Pullback } from './operator';

/** d loss / d inputs of a function of numbers, from the cotangent `d` of its result. */
type Derivative = (b: Builder, inputs: readonly Value[], result: Value, d: Value) => readonly ((() => Value) | null)[];

/**
 * An operator that maps numbers to a number at every place, with broadcasting. `derivative` gives for every input the function
 * that builds its cotangent, so that what nobody wants is not built.
 */
function elementwise(name: string, arity: number, derivative: Derivative): Operator {
  return {
    name,
    infer: (application) => [inferElementwise(name, arity, application)],
    pullback(pullback: Pullback) {
      const d = pullback.cotangent(0);
      if (d === null) return;
      const inputs = pullback.node.inputs.filter((input) => input !== null);
      const result = at(
        pullback.node.outputs.filter((output) => output !== null),
        0,
      );
      const cotangents = derivative(pullback.b, inputs, result, d);
      inputs.forEach((input, i) => {
        const cotangent = cotangents[i];
        if (cotangent && pullback.wants(input)) pullback.contribute(input, cotangent());
      });
    },
    lift: liftElementwise,
  };
}

function inferElementwise(name: string, arity: number, application: Application): ValueType {
  const inputs = Array.from({ length: arity }, (_, i) => inputOf(name, application, i));
  let shape: readonly Dim[] | null = at(inputs, 0).type.shape;
  for (const { type } of inputs.slice(1)) {
    shape = shape === null || type.shape === null ? null : broadcast(shape, type.shape);
  }
  return { dtype: at(inputs, 0).type.dtype, shape };
}

/** Elementwise work is the same for all steps at once, once the steps' axis lines up: short shapes get ones after it. */
function liftElementwise({ b, node, inputs }: Lifting): Value[] {
  const rank = Math.max(...inputs.map(({ value, stacked }) => (value.type.shape?.length ?? 0) - (stacked ? 1 : 0)));
  const aligned = inputs.map(({ value, stacked }) => {
    const missing = rank + 1 - (value.type.shape?.length ?? 0);
    if (!stacked || missing === 0) return value;
    return b.unsqueeze(
      value,
      Array.from({ length: missing }, (_, i) => i + 1),
    );
  });
  return b.apply(node.op, aligned, node.attributes);
}

/** Nothing to contribute: the result is constant almost everywhere. */
const flat: Derivative = () => [];

export const elementwiseOperators: readonly Operator[] = [
  elementwise('Add', 2, (_b, _x, _y, d) => [() => d, () => d]),
  elementwise('Sub', 2, (b, _x, _y, d) => [() => d, () => b.neg(d)]),
  elementwise('Mul', 2, (b, x, _y, d) => [() => b.mul(d, at(x, 1)), () => b.mul(d, at(x, 0))]),
  elementwise('Div', 2, (b, x, y, d) => [() => b.div(d, at(x, 1)), () => b.neg(b.mul(d, b.div(y, at(x, 1))))]),
  // The smaller one gets the gradient; where both are equal they share it.
  elementwise('Min', 2, (b, x, _y, d) => {
    const share = (mine: Value, other: Value) => () => {
      const half = b.scalarLike(d, 0.5);
      return b.mul(d, b.add(half, b.mul(half, sign(b, b.sub(other, mine)))));
    };
    return [share(at(x, 0), at(x, 1)), share(at(x, 1), at(x, 0))];
  }),
  elementwise('Neg', 1, (b, _x, _y, d) => [() => b.neg(d)]),
  elementwise('Identity', 1, (_b, _x, _y, d) => [() => d]),
  elementwise('Sqrt', 1, (b, _x, y, d) => [() => b.div(b.mul(d, b.scalarLike(d, 0.5)), y)]),
  elementwise('Sigmoid', 1, (b, _x, y, d) => [() => b.mul(d, b.mul(y, b.sub(b.scalarLike(d, 1), y)))]),
  elementwise('Tanh', 1, (b, _x, y, d) => [() => b.mul(d, b.sub(b.scalarLike(d, 1), b.mul(y, y)))]),
  elementwise('Relu', 1, (b, _x, y, d) => [() => b.mul(d, sign(b, y))]),
  elementwise('Sign', 1, flat),
];

const sign = (b: Builder, x: Value) => at(b.apply('Sign', [x]), 0);
