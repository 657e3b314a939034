import type { Experiment } from '../../protocol/experiment';

/** One run of the training graph: a batch, or one stretch of it. */
export interface Pass {
  /** Which batch of the epoch, from 0. */
  readonly batch: number;
  /** Which stretch of its sequences, from 0. */
  readonly stretch: number;
  /** What its gradient counts in the optimiser step that it completes; null where it completes none. */
  readonly share: number | null;
}

/** What is done in an epoch, which is the same in every one: passes in order, and the optimiser steps that they add up to. */
export class EpochPlan {
  /** Batches, the last of which may not be full. */
  readonly batches: number;
  readonly passes: number;
  /** Optimiser steps. */
  readonly steps: number;
  private readonly group: number;

  /**
   * @param windows sequences in the training part.
   * @param stretches how many each batch is read in.
   */
  constructor(
    windows: number,
    private readonly stretches: number,
    { batch, accumulate }: Pick<Experiment['training'], 'batch' | 'accumulate'>,
  ) {
    this.batches = Math.ceil(windows / batch);
    this.passes = this.batches * stretches;
    this.group = accumulate;
    this.steps = Math.ceil(this.passes / accumulate);
  }

  /** Pass `index` of an epoch, from 0. Gradients are averaged over a step's passes; the epoch's last step may have fewer. */
  pass(index: number): Pass {
    const first = index - (index % this.group);
    const size = Math.min(this.group, this.passes - first);
    return {
      batch: Math.floor(index / this.stretches),
      stretch: index % this.stretches,
      share: index - first === size - 1 ? 1 / size : null,
    };
  }
}
