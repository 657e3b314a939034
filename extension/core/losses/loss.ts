import type { Experiment } from '../../protocol/experiment';
import type { Builder } from '../graph/builder';
import type { Value } from '../graph/value';

/** The experiment's choice of a loss and its settings. */
export type LossSettings = Experiment['training']['loss'];

/**
 * What a loss reads. The last axis is the batch; a `steps` axis in front of everything means that every step has a target.
 */
export interface LossInputs {
  /** What the head gives: `[outputs, batch]` or `[steps, outputs, batch]`. */
  readonly prediction: Value;
  /**
   * What was to be given, by the loss's `truth`:
   * - `values`, `binary`: floats `[targets, batch]` or `[steps, targets, batch]`; for `binary` each is 0 or 1;
   * - `classes`: int32 `[batch]` or `[steps, batch]`, from 0; what padding holds does not matter;
   * - `labels`: int32 `[longest, batch]`, from 1, then -1 up to the longest of the batch.
   */
  readonly truth: Value;
  /** Floats `[batch]` or `[steps, batch]`: 1 counts, 0 is padding. For `labels` always `[steps, batch]`: ones, then zeros. */
  readonly weight: Value;
  readonly settings: LossSettings;
  /** How much each class counts, in the order of the classes ("balanced" has become numbers); absent where all count 1. */
  readonly classWeights?: readonly number[] | null;
}

/**
 * A loss of one batch, both scalars. The loss of many batches is Σ value·mass / Σ mass, exactly as if they had been one batch.
 * A batch in which nothing counts has the value 0 and the mass 0.
 */
export interface BatchLoss {
  readonly value: Value;
  /** What the sum was divided by, up to a constant: how many items counted, times their classes' weights where there are any. */
  readonly mass: Value;
}

/** What training makes small. */
export interface Loss {
  readonly truth: 'values' | 'binary' | 'classes' | 'labels';
  /**
   * How many numbers the head gives. `targets` is the number of values to forecast (`values`, `binary`), of classes (`classes`)
   * or of different labels, which does not count the blank (`labels`).
   */
  outputs(targets: number, settings: LossSettings): number;
  /** How many of the outputs, the first ones, say where a target lies; absent where all of them do. */
  levels?(targets: number): number;
  /** Builds the loss; throws a `model` error when the shapes do not fit. */
  build(b: Builder, inputs: LossInputs): BatchLoss;
  /**
   * The forecast itself, of the prediction's rank: `[targets, batch]` for values, the probability of each class for `classes`
   * and `labels`, of a 1 for `binary`.
   */
  point(b: Builder, prediction: Value, settings: LossSettings): Value;
}
