import type { Builder } from '../graph/builder';
import type { Value } from '../graph/value';

/** What an update rule makes of one parameter in one step. */
export interface Update {
  readonly parameter: Value;
  /** The moments after the step, in the rule's order. */
  readonly moments: readonly Value[];
}

/** An update rule. Numbers that change from step to step are computed outside in float64 and fed as scalars. */
export interface Optimizer {
  /** Names of what is kept for every parameter, each of the parameter's shape and zero at first. */
  readonly moments: readonly string[];
  /** Names of the scalars that a step is fed. */
  readonly scalars: readonly string[];
  /** The scalars of step `step`, counted from 1. */
  values(step: number, learningRate: number): Readonly<Record<string, number>>;
  update(
    b: Builder,
    parameter: Value,
    gradient: Value,
    moments: readonly Value[],
    scalar: (name: string) => Value,
  ): Update;
}
