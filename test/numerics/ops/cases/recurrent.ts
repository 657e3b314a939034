import { lowerFused } from '../../../../extension/core/cells/lower';
import type { Builder } from '../../../../extension/core/graph/builder';
import type { Attributes } from '../../../../extension/core/graph/graph';
import type { Value } from '../../../../extension/core/graph/value';
import type { Checked } from '../../../support/gradientCheck';
import { type Cases, f, int } from './cases';

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

const activations = (names: string[], alpha: number[], beta: number[]): Attributes => ({
  activations: { kind: 'strings', value: names },
  activation_alpha: { kind: 'floats', value: alpha },
  activation_beta: { kind: 'floats', value: beta },
});

/** s' = tanh(s) ⊙ x + s, giving out s ⊙ x: the carried gradient meets values of this step and of the one before. */
function scanOf(b: Builder, [state, input]: Value[], reverse: boolean): Value[] {
  if (state === undefined || input === undefined) throw new Error('A Scan case has two inputs.');
  const result = b.scan([state], [input], reverse, (step, [s], [slice]) => {
    if (s === undefined || slice === undefined) throw new Error('A step has a state and an input.');
    return { states: [step.add(step.mul(step.tanh(s), slice), s)], outputs: [step.mul(s, slice)] };
  });
  return [...result.states, ...result.outputs];
}

export const recurrent: Cases = {
  Scan: [
    f([[3], [5, 3]], (b, v) => scanOf(b, v, false)),
    f([[3], [5, 3]], (b, v) => scanOf(b, v, true)),
    f([[3], [1, 3]], (b, v) => scanOf(b, v, false)),
  ],
  RNN: [fusedCase('RNN', 1, {}), fusedCase('RNN', 1, { direction: { kind: 'string', value: 'bidirectional' } }, 2)],
  LSTM: [
    fusedCase('LSTM', 4, {}),
    fusedCase('LSTM', 4, { direction: { kind: 'string', value: 'reverse' } }),
    fusedCase('LSTM', 4, {
      ...activations(['Sigmoid', 'ScaledTanh', 'Affine'], [1.2, 0.5], [0.7, 0.1]),
    }),
  ],
  GRU: [
    fusedCase('GRU', 3, { linear_before_reset: int(1) }),
    fusedCase('GRU', 3, {}),
    fusedCase('GRU', 3, activations(['Softsign', 'Softplus'], [], [])),
  ],
};
