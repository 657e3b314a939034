import { defineCell } from './cell';

/**
 * Long short-term memory with a forget gate (Hochreiter & Schmidhuber 1997; Gers, Schmidhuber & Cummins 2000), without
 * peepholes, as PyTorch, Keras and ONNX have it. ONNX calls the candidate `g` "c".
 */
export const lstm = defineCell({
  name: 'lstm',
  title: 'LSTM',
  equations: `
    i = σ(Wi x + Wbi + Ri h + Rbi)
    o = σ(Wo x + Wbo + Ro h + Rbo)
    f = σ(Wf x + Wbf + Rf h + Rbf)
    g = tanh(Wg x + Wbg + Rg h + Rbg)
    c' = f ⊙ c + i ⊙ g
    h' = o ⊙ tanh(c')
  `,
  gates: ['i', 'o', 'f', 'g'],
  fused: { op: 'LSTM' },
  forgetGate: 'f',
});
