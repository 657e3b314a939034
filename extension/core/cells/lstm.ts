import { defineCell } from './cell';

/**
 * Long short-term memory with a forget gate (Hochreiter & Schmidhuber 1997; Gers, Schmidhuber & Cummins 2000), without
 * peepholes, as PyTorch, Keras and ONNX have it. ONNX calls the candidate `g` "c".
 */
export const lstm = defineCell({
  name: 'lstm',
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

/** With peepholes: the gates see the cell state, the output gate the new one (Gers & Schmidhuber 2000). */
export const lstmPeephole = defineCell({
  name: 'lstmPeephole',
  equations: `
    i = σ(Wi x + Wbi + Ri h + Rbi + Pi ⊙ c)
    f = σ(Wf x + Wbf + Rf h + Rbf + Pf ⊙ c)
    g = tanh(Wg x + Wbg + Rg h + Rbg)
    c' = f ⊙ c + i ⊙ g
    o = σ(Wo x + Wbo + Ro h + Rbo + Po ⊙ c')
    h' = o ⊙ tanh(c')
  `,
  gates: ['i', 'o', 'f', 'g'],
  fused: { op: 'LSTM' },
  forgetGate: 'f',
});

/** With coupled gates: what is forgotten makes room for what is written (Greff et al. 2017, "CIFG"). */
export const lstmCoupled = defineCell({
  name: 'lstmCoupled',
  equations: `
    i = σ(Wi x + Wbi + Ri h + Rbi)
    o = σ(Wo x + Wbo + Ro h + Rbo)
    g = tanh(Wg x + Wbg + Rg h + Rbg)
    f = 1 − i
    c' = f ⊙ c + i ⊙ g
    h' = o ⊙ tanh(c')
  `,
  gates: ['i', 'o', 'g'],
  fused: { op: 'LSTM', inputForget: true, gates: ['i', 'o', 'f', 'g'] },
});

/** Coupled gates that see the cell state: what ONNX's LSTM computes with both. No experiment trains it. */
export const lstmCoupledPeephole = defineCell({
  name: 'lstmCoupled',
  equations: `
    i = σ(Wi x + Wbi + Ri h + Rbi + Pi ⊙ c)
    g = tanh(Wg x + Wbg + Rg h + Rbg)
    f = 1 − i
    c' = f ⊙ c + i ⊙ g
    o = σ(Wo x + Wbo + Ro h + Rbo + Po ⊙ c')
    h' = o ⊙ tanh(c')
  `,
  gates: ['i', 'o', 'g'],
  fused: { op: 'LSTM', inputForget: true, gates: ['i', 'o', 'f', 'g'] },
});
