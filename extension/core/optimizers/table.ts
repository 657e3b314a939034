import type { OptimizerName } from '../../protocol/experiment';
import { adagrad } from './adagrad';
import { adam, adamw } from './adam';
import { nadam } from './nadam';
import type { Optimizer, OptimizerSettings } from './optimizer';
import { rmsprop } from './rmsprop';
import { sgd } from './sgd';

const table: Readonly<Record<OptimizerName, (settings: OptimizerSettings) => Optimizer>> = {
  sgd,
  adagrad,
  rmsprop,
  adam,
  adamw,
  nadam,
};

/** The update rule that an experiment names. */
export function optimizerOf(settings: OptimizerSettings): Optimizer {
  return table[settings.name](settings);
}
