import { at } from '../ops/arguments';
import { accumulate, withWeightDecay } from './accumulate';
import type { Optimizer, OptimizerSettings } from './optimizer';

type Settings = Pick<OptimizerSettings, 'alpha' | 'centered' | 'momentum' | 'weightDecay' | 'epsilon'>;

/**
 * RMSProp (Tieleman & Hinton 2012): v ← αv + (1-α)g², p ← p - ηg / (√v + ε), ε usually 10⁻⁸. Centred (Graves 2013), v - m² takes the
 * place of v, where m ← αm + (1-α)g. With momentum, u ← μu + g / (√v + ε), p ← p - ηu. Weight decay is added to the gradient.
 *
 * Kept are the decaying sums V = v / (1-α) and M = m / (1-α), and with s = √(1-α): √v + ε = s(√V + ε/s), v - m² = s²(V - s²M²). A
 * difference that rounding has pushed below zero counts as zero, where PyTorch's root would be NaN.
 */
export function rmsprop({ alpha, centered, momentum, weightDecay, epsilon }: Settings): Optimizer {
  const unit = Math.sqrt(1 - alpha);
  const kept = { squares: true, gradients: centered, momentum: momentum > 0 };
  return {
    moments: Object.entries(kept).flatMap(([name, isKept]) => (isKept ? [name] : [])),
    scalars: ['stepSize'],
    values: (_step, learningRate) => ({ stepSize: learningRate / unit }),
    update(b, parameter, gradient, moments, scalar) {
      const number = (value: number) => b.scalarLike(parameter, value);
      const g = withWeightDecay(b, gradient, parameter, weightDecay);
      const updated = [accumulate(b, at(moments, 0), alpha, b.mul(g, g))];
      let spread = at(updated, 0);
      if (centered) {
        const sum = accumulate(b, at(moments, 1), alpha, g);
        updated.push(sum);
        spread = b.relu(b.sub(spread, b.mul(b.mul(sum, sum), number(unit ** 2))));
      }
      let direction = b.div(g, b.add(b.sqrt(spread), number((epsilon ?? 1e-8) / unit)));
      if (momentum > 0) {
        direction = accumulate(b, at(moments, moments.length - 1), momentum, direction);
        updated.push(direction);
      }
      return { parameter: b.sub(parameter, b.mul(direction, scalar('stepSize'))), moments: updated };
    },
  };
}
