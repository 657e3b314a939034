import type { CellName } from '../../protocol/experiment';
import { type Cell, defineCell } from './cell';
import type { FunctionName } from './language';

/** The simple recurrent network (Elman 1990) with one of three activations. */
function simple(name: CellName, title: string, activation: FunctionName, onnx: string): Cell {
  return defineCell({
    name,
    title,
    equations: `h' = ${activation}(Wh x + Wbh + Rh h + Rbh)`,
    gates: ['h'],
    fused: { op: 'RNN', activations: [onnx] },
  });
}

export const rnn = simple('rnn', 'RNN (tanh)', 'tanh', 'Tanh');
export const rnnRelu = simple('rnnRelu', 'RNN (relu)', 'relu', 'Relu');
export const rnnSigmoid = simple('rnnSigmoid', 'RNN (sigmoid)', 'σ', 'Sigmoid');
