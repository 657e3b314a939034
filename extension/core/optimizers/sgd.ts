import { at } from '../ops/arguments';
import type { Optimizer } from './optimizer';

/**
 * Stochastic gradient descent, with momentum as PyTorch has it where `momentum` is above zero:
 * u ← μu + g, p ← p - ηu. The first u is the gradient itself.
 */
export function sgd(momentum: number): Optimizer {
  return {
    moments: momentum > 0 ? ['momentum'] : [],
    scalars: ['stepSize'],
    values: (_step, learningRate) => ({ stepSize: learningRate }),
    update(b, parameter, gradient, moments, scalar) {
      const velocity =
        momentum > 0 ? b.add(b.mul(at(moments, 0), b.scalarLike(parameter, momentum)), gradient) : gradient;
      const updated = b.sub(parameter, b.mul(velocity, scalar('stepSize')));
      return { parameter: updated, moments: momentum > 0 ? [velocity] : [] };
    },
  };
}
