/** One pass of a batch, or of a stretch of it, through the training graph. */
export interface PassOrder {
  /** The sequences of the batch, as numbered in the training part. */
  readonly windows: Uint32Array;
  /** Tells batches apart: the same for all stretches of one. */
  readonly batch: number;
  readonly stretch: number;
  /** Counts passes over the whole training; what is dropped follows from it. */
  readonly number: number;
  /** Of the optimiser step that this pass belongs to, from 1. */
  readonly step: number;
  readonly learningRate: number;
  /** What the gradient counts in the step that this pass completes; null where it completes none. */
  readonly share: number | null;
  /** Probability that a recursive decoder reads the truth. */
  readonly truthful: number;
}

/** What a pass gave. */
export interface PassResult {
  /** Mean loss of the pass before the update, in scaled units. */
  readonly loss: number;
  /** What the losses of several passes are weighed by. */
  readonly mass: number;
  /** Global norm of the gradient before clipping; where gradients are summed, of the step's so far. */
  readonly gradientNorm: number;
}

/** Whether a pass gave numbers, so that what it made of the state can be gone on from. */
export const isFinitePass = (result: PassResult) => Object.values(result).every(Number.isFinite);
