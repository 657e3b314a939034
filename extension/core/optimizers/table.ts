import type { Experiment } from '../../protocol/experiment';
import { adam } from './adam';
import type { Optimizer } from './optimizer';
import { sgd } from './sgd';

type Settings = Experiment['training']['optimizer'];

const table: Readonly<Record<Settings['name'], (settings: Pick<Settings, 'momentum'>) => Optimizer>> = {
  adam: () => adam,
  sgd: ({ momentum }) => sgd(momentum),
};

/** The update rule that an experiment names. */
export function optimizerOf(settings: Pick<Settings, 'name' | 'momentum'>): Optimizer {
  return table[settings.name](settings);
}
