import type { CellName } from '../../protocol/experiment';
import { type Cell, defineCell, type FusedForm } from './cell';

/** The simple recurrent network (Elman 1990) with one of four activations. */
function simple(name: CellName, activation: string, fused: Omit<FusedForm, 'op'>): Cell {
  const sum = 'Wh x + Wbh + Rh h + Rbh';
  return defineCell({
    name,
    equations: activation === '' ? `h' = ${sum}` : `h' = ${activation}(${sum})`,
    gates: ['h'],
    fused: { op: 'RNN', ...fused },
  });
}

export const rnn = simple('rnn', 'tanh', { activations: ['Tanh'] });
export const rnnRelu = simple('rnnRelu', 'relu', { activations: ['Relu'] });
export const rnnSigmoid = simple('rnnSigmoid', 'σ', { activations: ['Sigmoid'] });
/** Without an activation: a linear dynamical system. */
export const rnnIdentity = simple('rnnIdentity', '', {
  activations: ['Affine'],
  alpha: [1],
  beta: [0],
});

/**
 * The network of the character tutorials: the next state and the output are made side by side from the input and the state
 * before, without an activation. Its output is not a function of its next state, so no fused operator computes it. The output is
 * written as a state, which nothing reads, so that the last one is at hand like a final state.
 */
export const characterRnn = defineCell({
  name: 'characterRnn',
  equations: `
    h' = Wh x + Wbh + Rh h + Rbh
    y' = Wy x + Wby + Ry h + Rby
  `,
  gates: ['h', 'y'],
  fused: null,
  output: 'y',
});
