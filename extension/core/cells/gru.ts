import { defineCell } from './cell';

/** Gated recurrent unit with the reset gate after the recurrent product, as in cuDNN, PyTorch and Keras 3. */
export const gru = defineCell({
  name: 'gru',
  equations: `
    z = σ(Wz x + Wbz + Rz h + Rbz)
    r = σ(Wr x + Wbr + Rr h + Rbr)
    n = tanh(Wn x + Wbn + r ⊙ (Rn h + Rbn))
    h' = (1 − z) ⊙ n + z ⊙ h
  `,
  gates: ['z', 'r', 'n'],
  fused: { op: 'GRU', linearBeforeReset: 1 },
});

/** Gated recurrent unit with the reset gate before the recurrent product, as first published (Cho et al. 2014). */
export const gruResetBefore = defineCell({
  name: 'gruResetBefore',
  equations: `
    z = σ(Wz x + Wbz + Rz h + Rbz)
    r = σ(Wr x + Wbr + Rr h + Rbr)
    n = tanh(Wn x + Wbn + Rn (r ⊙ h) + Rbn)
    h' = (1 − z) ⊙ n + z ⊙ h
  `,
  gates: ['z', 'r', 'n'],
  fused: { op: 'GRU', linearBeforeReset: 0 },
});
