import { at } from '../ops/arguments';
import { withWeightDecay } from './accumulate';
import type { Optimizer, OptimizerSettings } from './optimizer';

/**
 * AdaGrad (Duchi, Hazan & Singer 2011): s ← s + g², p ← p - ηg / (√s + ε), ε usually 10⁻¹⁰. Weight decay is added to the gradient.
 */
export function adagrad({ weightDecay, epsilon }: Pick<OptimizerSettings, 'weightDecay' | 'epsilon'>): Optimizer {
  return {
    moments: ['squares'],
    scalars: ['stepSize'],
    values: (_step, learningRate) => ({ stepSize: learningRate }),
    update(b, parameter, gradient, moments, scalar) {
      const g = withWeightDecay(b, gradient, parameter, weightDecay);
      const squares = b.add(at(moments, 0), b.mul(g, g));
      const divisor = b.add(b.sqrt(squares), b.scalarLike(parameter, epsilon ?? 1e-10));
      return { parameter: b.sub(parameter, b.mul(b.div(g, divisor), scalar('stepSize'))), moments: [squares] };
    },
  };
}
