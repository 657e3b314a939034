import type { Experiment } from '../../protocol/experiment';
import type { Builder } from '../graph/builder';
import type { Value } from '../graph/value';

/** What an experiment says about its update rule. The learning rate is not part of it: schedules change that from step to step. */
export type OptimizerSettings = Omit<Experiment['training']['optimizer'], 'learningRate'>;

/** What an update rule makes of one parameter in one step. */
export interface Update {
  readonly parameter: Value;
  /** The moments after the step, in the rule's order. */
  readonly moments: readonly Value[];
}

/**
 * An update rule, in the form that PyTorch gives it. Numbers that change from step to step are computed outside in float64 and fed
 * as scalars. A rule works number by number, so a parameter may have any shape: also that of many parameters laid end to end.
 */
export interface Optimizer {
  /** Names of what is kept for every parameter, each of the parameter's shape and zero at first. */
  readonly moments: readonly string[];
  /** Names of the scalars that a step is fed. */
  readonly scalars: readonly string[];
  /** The scalars of step `step`, counted from 1. The same for the same step and rate, whatever was asked before. */
  values(step: number, learningRate: number): Readonly<Record<string, number>>;
  update(
    b: Builder,
    parameter: Value,
    gradient: Value,
    moments: readonly Value[],
    scalar: (name: string) => Value,
  ): Update;
}
