import type { Experiment, LossName, Task } from '../../protocol/experiment';

/** What is to be answered: numbers, one of some classes, a sequence of symbols, or one of tokens that is as long as it comes out. */
export type TargetKind = 'values' | 'classes' | 'symbols' | 'tokens';

/** What a task asks of model and data. */
export interface TaskRule {
  readonly target: TargetKind;
  /** Whether there is an answer at every step, so that the head always reads every step. */
  readonly everyStep: boolean;
  /** The losses that fit; the first is the usual one. */
  readonly losses: readonly LossName[];
}

/** Every task by the name that experiments use. */
export const taskRules: Readonly<Record<Task, TaskRule>> = {
  forecast: {
    target: 'values',
    everyStep: false,
    losses: ['mse', 'halfSquaredSum', 'mae', 'huber', 'quantile', 'gaussian'],
  },
  classify: { target: 'classes', everyStep: false, losses: ['crossEntropy', 'binaryCrossEntropy'] },
  label: { target: 'classes', everyStep: true, losses: ['crossEntropy', 'binaryCrossEntropy'] },
  language: { target: 'classes', everyStep: true, losses: ['crossEntropy'] },
  transcribe: { target: 'symbols', everyStep: true, losses: ['ctc'] },
  translate: { target: 'tokens', everyStep: true, losses: ['crossEntropy'] },
};

/** Whether the head of an experiment's model reads every step. */
export const readsEveryStep = ({
  task,
  model,
}: Pick<Experiment, 'task'> & { model: Pick<Experiment['model'], 'pooling'> }) =>
  taskRules[task].everyStep || model.pooling === 'every';
