import type { Builder } from '../graph/builder';
import type { Attributes, Node } from '../graph/graph';
import type { Dim, Value, ValueType } from '../graph/value';

/** What a shape rule sees. */
export interface Application {
  readonly inputs: readonly (Value | null)[];
  readonly attributes: Attributes;
}

/** What a vector-Jacobian product sees and does. */
export interface Pullback {
  /** Where gradient nodes are added. */
  readonly b: Builder;
  readonly node: Node;
  /** d loss / d output `i`, or null where the loss does not depend on it. */
  cotangent(i: number): Value | null;
  /** Whether anybody wants the gradient of this value. */
  wants(value: Value | null | undefined): value is Value;
  /** Adds to the gradient of `value`; broadcasting is undone by the receiver. */
  contribute(value: Value, cotangent: Value): void;
}

/** A node that once ran in every step of a Scan, about to run once for all of them. */
export interface Lifting {
  readonly b: Builder;
  readonly node: Node;
  /**
   * The inputs: `[steps, …]` where `stacked`, else the same value in every step. At least one is stacked.
   */
  readonly inputs: readonly { readonly value: Value; readonly stacked: boolean }[];
}

/** All that we know of one operator. */
export interface Operator {
  readonly name: string;
  /** Types of the outputs; throws a `model` error when the inputs do not fit. */
  infer(application: Application): readonly ValueType[];
  /** Vector-Jacobian product. An operator whose outputs do not vary with its inputs contributes nothing. */
  pullback(pullback: Pullback): void;
  /** Computes every step of a Scan at once, as outputs `[steps, …]`; absent where the operator cannot. */
  lift?(lifting: Lifting): readonly Value[];
  /** Whether the outputs are copies of parts of the inputs, so that recomputing them is cheaper than keeping them. */
  readonly view?: true;
}

/** The shape where it is wholly known. */
export function knownShape(shape: readonly Dim[] | null): readonly number[] | null {
  return shape?.every((dim) => typeof dim === 'number') ? (shape as readonly number[]) : null;
}
