import type { Experiment, ScheduleName } from '../../protocol/experiment';
import { cosineBetween, oneCycle } from './oneCycle';
import { plateauDrops } from './plateau';

export type ScheduleSettings = Experiment['training']['schedule'];

/** Where a training stands before an optimiser step. */
export interface SchedulePosition {
  /** Optimiser steps taken so far. */
  readonly step: number;
  /** Optimiser steps that the whole training takes. */
  readonly steps: number;
  /** Epochs finished so far. */
  readonly epoch: number;
  /** The validation loss of every finished epoch, exactly as it was measured. */
  readonly validationLosses: readonly number[];
}

/** What a schedule multiplies the learning rate by. */
type Schedule = (settings: ScheduleSettings, position: SchedulePosition) => number;

const schedules: Readonly<Record<ScheduleName, Schedule>> = {
  constant: () => 1,
  step: ({ every, factor }, { epoch }) => factor ** Math.floor(epoch / every),
  exponential: ({ factor }, { epoch }) => factor ** epoch,
  cosine: ({ minimum }, { step, steps }) => cosineBetween(1, minimum, step / steps),
  oneCycle: (_settings, { step, steps }) => oneCycle(step, steps),
  plateau: (settings, { validationLosses }) =>
    Math.max(settings.factor ** plateauDrops(validationLosses, settings), settings.minimum),
};

/**
 * The learning rate of the next optimiser step. It depends on nothing but the position, so a resumed training goes on as it would have.
 *
 * `base` is the optimiser's learning rate, for `oneCycle` the highest one. `step`, `exponential` and `plateau` change from epoch to
 * epoch, `cosine` (Loshchilov & Hutter 2017, without restarts) and `oneCycle` (Smith & Topin 2018) from step to step; all are
 * PyTorch's. Where there is a warm-up, its step k of n has k/n of the rate (Goyal et al. 2017), and `cosine` and `oneCycle` stand at
 * their beginning until it is over and then take the steps that are left.
 */
export function learningRate(settings: ScheduleSettings, base: number, position: SchedulePosition): number {
  const { warmup } = settings;
  const steps = Math.max(1, position.steps - warmup);
  const step = Math.min(Math.max(0, position.step - warmup), steps);
  const warmth = position.step < warmup ? (position.step + 1) / warmup : 1;
  return base * warmth * schedules[settings.name](settings, { ...position, step, steps });
}
