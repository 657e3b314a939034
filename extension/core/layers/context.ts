import type { Cell } from '../cells/cell';
import type { LayerParameters } from '../cells/step';
import type { Builder } from '../graph/builder';
import type { Value } from '../graph/value';
import type { ParameterShape } from '../model/parameters';
import type { FloatType } from '../tensor';

/** What the layers of one network share while they are written into a graph. */
export interface Context {
  readonly b: Builder;
  /** The type of everything that gradients flow through. */
  readonly float: FloatType;
  /** The parameter of this name and shape. A layer says what it needs where it uses it; nothing else lists parameters. */
  parameter(shape: ParameterShape): Value;
  /**
   * A mask that multiplies numbers of this shape: zero where they are dropped, 1 / (1 - probability) elsewhere; null outside of
   * training. `name` tells the masks of a network apart.
   */
  dropout(name: string, shape: readonly number[], probability: number): Value | null;
  /** A state that goes on from one stretch of a sequence to the next, of this shape and the batch after it; null where all begin at zero. */
  carried(name: string, shape: readonly number[]): Carried | null;
  /** Writes the recurrences. */
  readonly recurrent: RecurrentWriter;
  /** Writes W x + b for W [out, in], b [out, 1] and x [in, batch] or [steps, in, batch]. */
  readonly linear: LinearWriter;
}

/** What a stretch of a sequence starts from, and takes for the next. */
export interface Carried {
  /** Zeros before the first stretch. */
  readonly before: Value;
  /** Says what the next stretch starts from. */
  after(value: Value): void;
}

/** One recurrent layer to be written. */
export interface RecurrentCall {
  readonly cell: Cell;
  readonly hidden: number;
  /** [steps, input, batch] */
  readonly x: Value;
  /** [steps, 1, batch]: 1 for a step, 0 for padding; null where sequences are equally long. */
  readonly mask: Value | null;
  /** One, or forward and reverse. */
  readonly directions: readonly {
    /** Begins the names of its parameters and states. */
    readonly name: string;
    readonly reverse: boolean;
    readonly parameters: LayerParameters;
    /** In the order of `cell.states`; null where all start from zero. */
    readonly initial: readonly Value[] | null;
    /** Multiplies the state wherever a matrix reads it, [hidden, batch]; null drops nothing. */
    readonly stateDrop: Value | null;
  }[];
  /** Whether the states along the way are wanted, or those after the last step alone. */
  readonly everyStep: boolean;
}

export interface RecurrentResult {
  /** What all directions hand on, [steps, directions·hidden, batch]; null where only the end was wanted. */
  readonly steps: Value | null;
  /** The final states of each direction in the order of `cell.states`, [hidden, batch]. */
  readonly finals: readonly (readonly Value[])[];
  /** Whether the final states of a padded sequence are those before its padding. */
  readonly endsBeforePadding: boolean;
}

/** A way to write recurrences: as loops that gradients flow through, or as fused operators. */
export type RecurrentWriter = (b: Builder, call: RecurrentCall) => RecurrentResult;

/** A way to write linear layers: with the batch last, as training has it, or as files usually do. */
export type LinearWriter = (b: Builder, W: Value, x: Value, bias: Value) => Value;
