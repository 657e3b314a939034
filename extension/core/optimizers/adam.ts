import { at } from '../ops/arguments';
import { accumulate, withWeightDecay } from './accumulate';
import type { Optimizer, OptimizerSettings } from './optimizer';

export type AdamSettings = Pick<OptimizerSettings, 'beta1' | 'beta2' | 'weightDecay' | 'epsilon'>;

/**
 * Adam (Kingma & Ba 2015) with PyTorch's placing of ε, after the bias correction:
 * m ← β₁m + (1-β₁)g, v ← β₂v + (1-β₂)g², p ← p - η/(1-β₁ᵗ) · m / (√v/√(1-β₂ᵗ) + ε), ε usually 10⁻⁸. Weight decay is added to the
 * gradient.
 *
 * Kept are the decaying sums M = m / (1-β₁) and V = v / (1-β₂). With c = √((1-β₂) / (1-β₂ᵗ)) the step is
 * η(1-β₁) / ((1-β₁ᵗ)c) · M / (√V + ε/c).
 */
export const adam = (settings: AdamSettings): Optimizer => adaptive(settings, false);

/** AdamW (Loshchilov & Hutter 2019): Adam, with a weight decay that does not pass through the moments: first p ← (1 - ηλ)p. */
export const adamw = (settings: AdamSettings): Optimizer => adaptive(settings, true);

function adaptive({ beta1, beta2, weightDecay, epsilon }: AdamSettings, decoupled: boolean): Optimizer {
  const shrinks = decoupled && weightDecay > 0;
  return {
    moments: ['gradients', 'squares'],
    scalars: ['stepSize', 'epsilon', ...(shrinks ? ['keep'] : [])],
    values(step, learningRate) {
      const correction = secondCorrection(beta2, step);
      return {
        stepSize: (learningRate * (1 - beta1)) / ((1 - beta1 ** step) * correction),
        epsilon: (epsilon ?? 1e-8) / correction,
        ...(shrinks ? { keep: 1 - learningRate * weightDecay } : {}),
      };
    },
    update(b, parameter, gradient, moments, scalar) {
      const g = decoupled ? gradient : withWeightDecay(b, gradient, parameter, weightDecay);
      const sum = accumulate(b, at(moments, 0), beta1, g);
      const squares = accumulate(b, at(moments, 1), beta2, b.mul(g, g));
      const direction = b.div(sum, b.add(b.sqrt(squares), scalar('epsilon')));
      const start = shrinks ? b.mul(parameter, scalar('keep')) : parameter;
      return { parameter: b.sub(start, b.mul(direction, scalar('stepSize'))), moments: [sum, squares] };
    },
  };
}

/** √((1-β₂) / (1-β₂ᵗ)): what √V of the decaying sum of squares is multiplied by to be the corrected root mean square. */
export function secondCorrection(beta2: number, step: number): number {
  return Math.sqrt((1 - beta2) / (1 - beta2 ** step));
}
