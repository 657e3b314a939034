import { at } from '../ops/arguments';
import { accumulate, withWeightDecay } from './accumulate';
import { type AdamSettings, secondCorrection } from './adam';
import type { Optimizer } from './optimizer';

/** How fast the momentum rises to β₁ (Dozat 2016; the number is PyTorch's). */
const momentumDecay = 0.004;

/**
 * NAdam (Dozat 2016), as PyTorch has it: Adam with Nesterov's look ahead. With μₜ = β₁(1 - ½·0.96^(0.004t)) and Πₜ = μ₁…μₜ,
 * p ← p - η( (1-μₜ)/(1-Πₜ)·g + μₜ₊₁/(1-Πₜ₊₁)·m ) / (√v/√(1-β₂ᵗ) + ε), where m, v and ε are Adam's. Weight decay is added to the
 * gradient. Kept are the decaying sums, as in `adam`.
 */
export function nadam({ beta1, beta2, weightDecay, epsilon }: AdamSettings): Optimizer {
  const mu = (step: number) => beta1 * (1 - 0.5 * 0.96 ** (step * momentumDecay));
  const product = runningProduct(mu);
  return {
    moments: ['gradients', 'squares'],
    scalars: ['gradientSize', 'momentSize', 'epsilon'],
    values(step, learningRate) {
      const correction = secondCorrection(beta2, step);
      const until = product(step);
      const rate = learningRate / correction;
      return {
        gradientSize: (rate * (1 - mu(step))) / (1 - until),
        momentSize: (rate * (1 - beta1) * mu(step + 1)) / (1 - until * mu(step + 1)),
        epsilon: (epsilon ?? 1e-8) / correction,
      };
    },
    update(b, parameter, gradient, moments, scalar) {
      const g = withWeightDecay(b, gradient, parameter, weightDecay);
      const sum = accumulate(b, at(moments, 0), beta1, g);
      const squares = accumulate(b, at(moments, 1), beta2, b.mul(g, g));
      const ahead = b.add(b.mul(g, scalar('gradientSize')), b.mul(sum, scalar('momentSize')));
      const divisor = b.add(b.sqrt(squares), scalar('epsilon'));
      return { parameter: b.sub(parameter, b.div(ahead, divisor)), moments: [sum, squares] };
    },
  };
}

/** factor(1) · … · factor(step), always multiplied in this order. Remembers where it was, so that step after step costs one product. */
function runningProduct(factor: (step: number) => number): (step: number) => number {
  let [reached, product] = [0, 1];
  return (step) => {
    if (step < reached) [reached, product] = [0, 1];
    while (reached < step) product *= factor(++reached);
    return product;
  };
}
