import { at } from '../ops/arguments';
import type { Optimizer } from './optimizer';

const [beta1, beta2, epsilon] = [0.9, 0.999, 1e-8];

/**
 * Adam (Kingma & Ba 2015) with PyTorch's placing of ε, after the bias correction:
 * m ← β₁m + (1-β₁)g, v ← β₂v + (1-β₂)g², p ← p - η/(1-β₁ᵗ) · m / (√v/√(1-β₂ᵗ) + ε).
 */
export const adam: Optimizer = {
  moments: ['m', 'v'],
  scalars: ['stepSize', 'secondCorrection'],
  values: (step, learningRate) => ({
    stepSize: learningRate / (1 - beta1 ** step),
    secondCorrection: 1 / Math.sqrt(1 - beta2 ** step),
  }),
  update(b, parameter, gradient, moments, scalar) {
    const number = (value: number) => b.scalarLike(parameter, value);
    const m = b.add(b.mul(at(moments, 0), number(beta1)), b.mul(gradient, number(1 - beta1)));
    const v = b.add(b.mul(at(moments, 1), number(beta2)), b.mul(b.mul(gradient, gradient), number(1 - beta2)));
    const root = b.add(b.mul(b.sqrt(v), scalar('secondCorrection')), number(epsilon));
    return { parameter: b.sub(parameter, b.div(b.mul(m, scalar('stepSize')), root)), moments: [m, v] };
  },
};
