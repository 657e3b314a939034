import { defineCell } from './cell';

/** Minimal gated unit: one gate forgets and resets (Zhou, Wu, Zhang & Zhou 2016). */
export const mgu = defineCell({
  name: 'mgu',
  equations: `
    f = σ(Wf x + Wbf + Rf h)
    n = tanh(Wn x + Wbn + Rn (f ⊙ h))
    h' = (1 − f) ⊙ h + f ⊙ n
  `,
  gates: ['f', 'n'],
  fused: null,
});

/**
 * The GRU of "Were RNNs all we needed?" (Feng et al. 2024), the paper's form with a linear candidate: its gates do not see the
 * state, so that all steps can be solved at once.
 */
export const minGru = defineCell({
  name: 'minGru',
  equations: `
    z = σ(Wz x + Wbz)
    n = Wn x + Wbn
    h' = (1 − z) ⊙ h + z ⊙ n
  `,
  gates: ['z', 'n'],
  fused: null,
});

/** The LSTM of the same paper: no cell state and no output gate, and gates that sum to one. */
export const minLstm = defineCell({
  name: 'minLstm',
  equations: `
    f = σ(Wf x + Wbf)
    i = σ(Wi x + Wbi)
    n = Wn x + Wbn
    h' = f / (f + i) ⊙ h + i / (f + i) ⊙ n
  `,
  gates: ['f', 'i', 'n'],
  fused: null,
  forgetGate: 'f',
});
