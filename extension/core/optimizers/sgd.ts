import { at } from '../ops/arguments';
import { accumulate, withWeightDecay } from './accumulate';
import type { Optimizer, OptimizerSettings } from './optimizer';

/**
 * Stochastic gradient descent: p ← p - ηg. With a momentum above zero, as PyTorch has it: u ← μu + g, p ← p - ηu, and with Nesterov's
 * look ahead (Sutskever, Martens, Dahl & Hinton 2013) p ← p - η(g + μu). The first u is the gradient itself. Weight decay is
 * added to the gradient.
 */
export function sgd({
  momentum,
  nesterov,
  weightDecay,
}: Pick<OptimizerSettings, 'momentum' | 'nesterov' | 'weightDecay'>): Optimizer {
  return {
    moments: momentum > 0 ? ['momentum'] : [],
    scalars: ['stepSize'],
    values: (_step, learningRate) => ({ stepSize: learningRate }),
    update(b, parameter, gradient, moments, scalar) {
      const decayed = withWeightDecay(b, gradient, parameter, weightDecay);
      const against = (direction: typeof gradient) => b.sub(parameter, b.mul(direction, scalar('stepSize')));
      if (momentum === 0) return { parameter: against(decayed), moments: [] };
      const velocity = accumulate(b, at(moments, 0), momentum, decayed);
      return {
        parameter: against(nesterov ? accumulate(b, velocity, momentum, decayed) : velocity),
        moments: [velocity],
      };
    },
  };
}
