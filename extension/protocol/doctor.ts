import type { Message } from './messages';

export const findingCodes = [
  'layout',
  'gruReset',
  'noKernel',
  'projection',
  'declaredShape',
  'frozenAxis',
  'fixedShape',
  'disguise',
  'initialState',
  'externalData',
  'mixedPrecision',
] as const;
export type FindingCode = (typeof findingCodes)[number];

/** Something about a model that keeps it from running, from being right or from being used for more. */
export interface Finding {
  readonly code: FindingCode;
  /** Whether the model is wrong or does not run; else it could merely be used for more. */
  readonly isFault: boolean;
  /** The node's name; null where it is not about one node. */
  readonly node: string | null;
  readonly what: Message;
  /** Why it matters, and what to do. */
  readonly why: Message;
  /** Whether a repaired copy can be written. */
  readonly repairable: boolean;
}

/** A repaired copy beside its original. */
export interface Repair {
  /** What was repaired, one entry a finding. */
  readonly repaired: readonly { readonly code: FindingCode; readonly node: string | null }[];
  /** What could not be, since the copy would not have run or would have computed something else. */
  readonly left: readonly { readonly code: FindingCode; readonly node: string | null }[];
  /**
   * Largest absolute difference between the outputs of the copy and of the original: what a fault of arithmetic costs, and next to
   * nothing where only the form changed. Null where nothing was run.
   */
  readonly difference: number | null;
}
