import type { Batch, Learner } from './learner';

/** How a learner is taught. */
export interface Lesson {
  /** The batch of a step, counted from 0. */
  batch(step: number): Batch;
  learningRate(step: number): number;
  /** Optimiser steps at most. */
  readonly most: number;
  /** Optimiser steps between two looks at whether it is enough. */
  readonly every: number;
  isEnough(): Promise<boolean>;
}

/** Teaches until it is enough; says whether it was. */
export async function teach(
  learner: Learner,
  { batch, learningRate, most, every, isEnough }: Lesson,
): Promise<boolean> {
  for (let step = 0; step < most; step++) {
    await learner.learn(batch(step), learningRate(step));
    if ((step + 1) % every === 0 && (await isEnough())) return true;
  }
  return false;
}

/** A learning rate that is halved every `steps` steps. */
export const halved = (first: number, steps: number) => (step: number) => first * 0.5 ** Math.floor(step / steps);
