import type { Builder } from '../../../../extension/core/graph/builder';
import type { Value } from '../../../../extension/core/graph/value';
import { at } from '../../../../extension/core/ops/arguments';
import type { Checked } from '../../../support/gradientCheck';

/** Functions to check, by the operator that they are about. */
export type Cases = Readonly<Record<string, readonly Checked[]>>;

type Build = (b: Builder, x: Value[]) => Value | Value[];

/**
 * Inputs are drawn from (`from`, `to`); `twin` is the same function where onnxruntime has no float64 kernel for `build`; `opset` is
 * the operator set that has the operator, where ours is too old for it.
 */
interface Options {
  readonly from?: number;
  readonly to?: number;
  readonly twin?: Build;
  readonly opset?: number;
}

export const f = (inputs: number[][], build: Build, { twin, ...rest }: Options = {}): Checked => ({
  inputs,
  ...rest,
  build: (b, x) => [build(b, [...x])].flat(),
  ...(twin && { twin: (b: Builder, x: readonly Value[]) => [twin(b, [...x])].flat() }),
});

export const x = (values: readonly Value[], i = 0) => at(values, i);
export const positive = { from: 0.5, to: 2 };
export const int = (value: number) => ({ kind: 'int', value }) as const;

/** Flat functions have no gradient to check by themselves; multiplied by the input, a wrong contribution of theirs would show. */
export const timesInput = (b: Builder, value: Value, input: Value) => b.mul(value, input);

/** An answer yes or no as 1 or 0, times every input. */
export const asked = (b: Builder, answer: Value, inputs: readonly Value[]) =>
  inputs.reduce((product, input) => b.mul(product, input), b.cast(answer, x(inputs).type.dtype));
