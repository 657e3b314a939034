import assert from 'node:assert/strict';
import { lowerFused } from '../../../extension/core/cells/lower';
import type { Builder } from '../../../extension/core/graph/builder';
import type { Attributes } from '../../../extension/core/graph/graph';
import type { Value } from '../../../extension/core/graph/value';
import { at } from '../../../extension/core/ops/arguments';
import { operators } from '../../../extension/core/ops/table';
import { type Checked, checkGradient } from '../../support/gradientCheck';

const f = (
  inputs: number[][],
  build: (b: Builder, x: Value[]) => Value | Value[],
  range?: { from: number; to: number },
): Checked => ({
  inputs,
  ...range,
  build: (b, x) => [build(b, [...x])].flat(),
});
const x = (values: readonly Value[], i = 0) => at(values, i);
const positive = { from: 0.5, to: 2 };
const int = (value: number) => ({ kind: 'int', value }) as const;

/** Flat functions have no gradient to check by themselves; multiplied by the input, a wrong contribution of theirs would show. */
const timesInput = (b: Builder, value: Value, input: Value) => b.mul(value, input);

const fusedCase = (op: 'RNN' | 'LSTM' | 'GRU', gates: number, attributes: Attributes, directions = 1): Checked => ({
  inputs: [
    [4, 2, 3],
    [directions, gates * 3, 3],
    [directions, gates * 3, 3],
    [directions, 2 * gates * 3],
  ],
  build: (b, inputs) => b.apply(op, inputs, { hidden_size: int(3), ...attributes }),
  // onnxruntime has no float64 kernels for these; that the twin computes the same is checked in cells/fused.test.ts.
  twin: (b, inputs) => {
    const { Y, finals } = lowerFused(b, {
      op,
      name: op,
      attributes: { hidden_size: int(3), ...attributes },
      inputs: [...inputs],
    });
    return [Y, ...finals];
  },
});

/** At least one function for every operator of the table; broadcasting and every branch of a rule have one of their own. */
const cases: Readonly<Record<string, readonly Checked[]>> = {
  Add: [
    f(
      [
        [2, 3],
        [2, 3],
      ],
      (b, v) => b.add(x(v), x(v, 1)),
    ),
    f([[2, 3], [3]], (b, v) => b.add(x(v), x(v, 1))),
  ],
  Sub: [
    f(
      [
        [2, 3],
        [2, 1],
      ],
      (b, v) => b.sub(x(v), x(v, 1)),
    ),
    f([[3], [2, 3]], (b, v) => b.sub(x(v), x(v, 1))),
  ],
  Mul: [
    f(
      [
        [2, 3],
        [2, 3],
      ],
      (b, v) => b.mul(x(v), x(v, 1)),
    ),
    f(
      [
        [2, 1],
        [1, 3],
      ],
      (b, v) => b.mul(x(v), x(v, 1)),
    ),
  ],
  Div: [
    f(
      [
        [2, 3],
        [2, 3],
      ],
      (b, v) => b.div(x(v), x(v, 1)),
      positive,
    ),
    f([[2, 3], [1]], (b, v) => b.div(x(v), x(v, 1)), positive),
  ],
  Min: [
    f(
      [
        [4, 5],
        [4, 5],
      ],
      (b, v) => b.min(x(v), x(v, 1)),
    ),
  ],
  Neg: [f([[5]], (b, v) => b.neg(x(v)))],
  Identity: [f([[5]], (b, v) => b.identity(x(v)))],
  Sqrt: [f([[5]], (b, v) => b.sqrt(x(v)), positive)],
  Sigmoid: [f([[5]], (b, v) => b.sigmoid(x(v)))],
  Tanh: [f([[5]], (b, v) => b.tanh(x(v)))],
  Relu: [f([[20]], (b, v) => b.relu(x(v)))],
  Sign: [f([[20]], (b, v) => timesInput(b, x(b.apply('Sign', [x(v)])), x(v)))],
  MatMul: [
    f(
      [
        [2, 3],
        [3, 4],
      ],
      (b, v) => b.matMul(x(v), x(v, 1)),
    ),
    f(
      [
        [5, 2, 3],
        [5, 3, 4],
      ],
      (b, v) => b.matMul(x(v), x(v, 1)),
    ),
    f(
      [
        [2, 3],
        [5, 3, 4],
      ],
      (b, v) => b.matMul(x(v), x(v, 1)),
    ),
    f(
      [
        [5, 2, 3],
        [3, 4],
      ],
      (b, v) => b.matMul(x(v), x(v, 1)),
    ),
  ],
  Gemm: [false, true]
    .flatMap((transA) =>
      [false, true].map((transB) =>
        f([transA ? [3, 2] : [2, 3], transB ? [4, 3] : [3, 4]], (b, v) => b.gemm(x(v), x(v, 1), transA, transB)),
      ),
    )
    .concat([f([[2, 3], [3, 4], [4]], (b, v) => b.apply('Gemm', v))]),
  Transpose: [f([[2, 3, 4]], (b, v) => b.transpose(x(v), [2, 0, 1])), f([[2, 3]], (b, v) => b.apply('Transpose', v))],
  Reshape: [f([[2, 6]], (b, v) => b.reshape(x(v), [3, 4]))],
  Expand: [f([[2, 1]], (b, v) => b.expand(x(v), [5, 2, 3]))],
  Squeeze: [f([[2, 1, 3]], (b, v) => b.squeeze(x(v), [1]))],
  Unsqueeze: [f([[2, 3]], (b, v) => b.unsqueeze(x(v), [0, 3]))],
  Concat: [
    f(
      [
        [2, 3],
        [2, 1],
      ],
      (b, v) => b.concat(v, 1),
    ),
    f(
      [
        [2, 3],
        [4, 3],
      ],
      (b, v) => b.concat(v, -2),
    ),
  ],
  Split: [f([[6, 2]], (b, v) => b.split(x(v), [1, 3, 2], 0)), f([[6, 2]], (b, v) => x(b.split(x(v), [1, 3, 2], 0), 1))],
  Slice: [f([[6, 4]], (b, v) => b.slice(x(v), 1, 4, 0)), f([[6, 4]], (b, v) => b.slice(x(v), -2, 2 ** 31, 1))],
  ReduceSum: [
    f([[2, 3, 4]], (b, v) => b.reduceSum(x(v), [0, 2], false)),
    f([[2, 3, 4]], (b, v) => b.reduceSum(x(v), [1], true)),
    f([[2, 3]], (b, v) => b.apply('ReduceSum', v, { keepdims: int(0) })),
  ],
  Shape: [f([[2, 3]], (b, v) => timesInput(b, x(b.apply('ConstantOfShape', b.apply('Shape', [x(v)]), one)), x(v)))],
  ConstantOfShape: [f([[3]], (b, v) => timesInput(b, x(b.apply('ConstantOfShape', [b.int64s([3])], one)), x(v)))],
  Scan: [
    f([[3], [5, 3]], (b, v) => scanOf(b, v, false)),
    f([[3], [5, 3]], (b, v) => scanOf(b, v, true)),
    f([[3], [1, 3]], (b, v) => scanOf(b, v, false)),
  ],
  RNN: [fusedCase('RNN', 1, {}), fusedCase('RNN', 1, { direction: { kind: 'string', value: 'bidirectional' } }, 2)],
  LSTM: [fusedCase('LSTM', 4, {}), fusedCase('LSTM', 4, { direction: { kind: 'string', value: 'reverse' } })],
  GRU: [fusedCase('GRU', 3, { linear_before_reset: int(1) }), fusedCase('GRU', 3, {})],
};
const one: Attributes = {
  value: { kind: 'tensor', value: { dtype: 'float64', shape: [1], data: Float64Array.of(1.5) } },
};

/** s' = tanh(s) ⊙ x + s, giving out s ⊙ x: the carried gradient meets values of this step and of the one before. */
function scanOf(b: Builder, [state, input]: Value[], reverse: boolean): Value[] {
  if (state === undefined || input === undefined) throw new Error('A Scan case has two inputs.');
  const result = b.scan([state], [input], reverse, (step, [s], [slice]) => {
    if (s === undefined || slice === undefined) throw new Error('A step has a state and an input.');
    return { states: [step.add(step.mul(step.tanh(s), slice), s)], outputs: [step.mul(s, slice)] };
  });
  return [...result.states, ...result.outputs];
}

describe('operators: gradients against finite differences in float64', () => {
  it('has a check for every operator', () => {
    assert.deepEqual(Object.keys(cases).sort(), [...operators().keys()].sort());
  });
  for (const [op, functions] of Object.entries(cases)) {
    functions.forEach((function_, i) => {
      it(`${op} ${i + 1}`, async () => {
        await checkGradient(function_);
      });
    });
  }
});
