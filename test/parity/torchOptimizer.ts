import type { OptimizerSettings } from '../../extension/core/optimizers/optimizer';
import type { OptimizerName } from '../../extension/protocol/experiment';
import type { ReferenceConfig } from './referenceCase';

/** How PyTorch was told to change the weights, in our terms. */
export interface TorchOptimizer {
  readonly settings: OptimizerSettings;
  readonly clipNorm: number | null;
  readonly clipValue: number | null;
  /** The learning rate of a step, counted from 1. */
  rate(step: number): number;
  /** What a moment holds before the first step; zero where it is not said. */
  readonly initialMoments: Readonly<Record<string, number>>;
}

/** PyTorch's own defaults where a configuration leaves something out. */
const defaults: Readonly<Record<OptimizerName, { lr: number; eps: number | null; weight_decay: number }>> = {
  sgd: { lr: 0.001, eps: null, weight_decay: 0 },
  adagrad: { lr: 0.01, eps: 1e-10, weight_decay: 0 },
  rmsprop: { lr: 0.01, eps: 1e-8, weight_decay: 0 },
  adam: { lr: 0.001, eps: 1e-8, weight_decay: 0 },
  adamw: { lr: 0.001, eps: 1e-8, weight_decay: 0.01 },
  nadam: { lr: 0.002, eps: 1e-8, weight_decay: 0 },
};

/** Arguments that change how PyTorch computes, but not what. */
const inconsequential = new Set(['name', 'foreach', 'fused', 'capturable', 'differentiable']);

/** @throws Error in one sentence for an argument that our update rules do not have. */
export function torchOptimizer({ optimizer }: ReferenceConfig): TorchOptimizer {
  const name = optimizer.name.toLowerCase();
  if (!isKnown(name)) throw new Error(`There is no update rule "${optimizer.name}" here.`);
  const usual = defaults[name];
  const used = new Set(inconsequential);
  const given = (key: string): unknown => {
    used.add(key);
    return optimizer[key];
  };
  const number = <T>(key: string, otherwise: T): number | T => {
    const value = given(key);
    if (value === undefined || value === null) return otherwise;
    if (typeof value !== 'number')
      throw new Error(`The optimiser's "${key}" is ${JSON.stringify(value)}, not a number.`);
    return value;
  };
  const betas = given('betas') ?? [0.9, 0.999];
  if (!Array.isArray(betas) || betas.length !== 2) throw new Error('The optimiser\'s "betas" are not two numbers.');
  const lr = number('lr', usual.lr);
  const lrDecay = number('lr_decay', 0);
  const start = number('initial_accumulator_value', 0);
  const settings: OptimizerSettings = {
    name,
    momentum: number('momentum', 0),
    nesterov: given('nesterov') === true,
    weightDecay: number('weight_decay', usual.weight_decay),
    beta1: Number(betas[0]),
    beta2: Number(betas[1]),
    alpha: number('alpha', 0.99),
    centered: given('centered') === true,
    epsilon: number('eps', usual.eps),
  };
  // Held at zero, as it is in our update rule; PyTorch's NAdam lets its momentum rise at another speed only when asked.
  if (number('momentum_decay', 0.004) !== 0.004)
    throw new Error('NAdam has the momentum decay 0.004 here and no other.');
  const clip = { clipNorm: number('clip_grad_norm', null), clipValue: number('clip_grad_value', null) };
  const unknown = Object.entries(optimizer).filter(([key, value]) => !used.has(key) && Boolean(value));
  if (unknown.length > 0) {
    throw new Error(`The optimiser's ${unknown.map(([key]) => `"${key}"`).join(', ')} cannot be set here.`);
  }
  return {
    ...clip,
    settings,
    rate: (step) => lr / (1 + (step - 1) * lrDecay),
    initialMoments: name === 'adagrad' ? { squares: start } : {},
  };
}

const isKnown = (name: string): name is OptimizerName => Object.hasOwn(defaults, name);
