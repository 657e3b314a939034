import type { Builder } from '../graph/builder';
import type { Value } from '../graph/value';
import { inputOf } from './arguments';
import { type Differential, elementwise } from './elementwise';
import type { Operator } from './operator';

// The larger, the smaller, what lies between.

/** The gradient goes to the input that was taken; where both are equal they share it. */
const toTheTaken =
  (gain: (b: Builder, mine: Value, other: Value) => Value) =>
  ({ b, x: [first, second], d }: Differential) => {
    if (first === undefined || second === undefined) return [];
    const share = (mine: Value, other: Value) => () => {
      const half = b.scalarLike(d, 0.5);
      return b.mul(d, b.add(half, b.mul(half, b.sign(gain(b, mine, other)))));
    };
    return [share(first, second), share(second, first)];
  };

/** min(max(x, low), high); either bound may be left out. At a bound the gradient still passes. */
const clip: Operator = {
  name: 'Clip',
  infer(application) {
    const x = inputOf('Clip', application, 0);
    return [{ dtype: x.type.dtype, shape: x.type.shape }];
  },
  pullback({ b, node, cotangent, wants, contribute }) {
    const d = cotangent(0);
    const [x, low, high] = node.inputs;
    if (d === null || !wants(x)) return;
    const zero = b.scalarLike(d, 0);
    const below = low ? b.where(b.less(x, low), zero, d) : d;
    contribute(x, high ? b.where(b.greater(x, high), zero, below) : below);
  },
  lift({ b, node, inputs }) {
    const rest = [...inputs];
    const given = node.inputs.map((input) => (input === null ? null : (rest.shift()?.value ?? null)));
    return b.apply('Clip', given, node.attributes);
  },
};

export const boundOperators: readonly Operator[] = [
  elementwise(
    'Max',
    2,
    toTheTaken((b, mine, other) => b.sub(mine, other)),
  ),
  elementwise(
    'Min',
    2,
    toTheTaken((b, mine, other) => b.sub(other, mine)),
  ),
  clip,
];
