import { UnrollError } from '../../protocol/errors';
import { broadcast } from '../graph/broadcast';
import type { Builder } from '../graph/builder';
import type { Attributes } from '../graph/graph';
import type { Dim, Value, ValueType } from '../graph/value';
import type { DType } from '../tensor';
import { at, inputOf } from './arguments';
import type { Application, Lifting, Operator } from './operator';

/** What the derivative of an elementwise operator is built from. */
export interface Differential {
  readonly b: Builder;
  /** The inputs. */
  readonly x: readonly Value[];
  /** The result. */
  readonly y: Value;
  /** d loss / d result. */
  readonly d: Value;
  readonly attributes: Attributes;
}

/** d loss / d input for every input, each as the function that builds it, so that what nobody wants is not built. */
export type Derivative = (of: Differential) => readonly ((() => Value) | null)[];

/** Nothing to contribute: the result is constant almost everywhere, or no number that varies. */
export const flat: Derivative = () => [];

/** An operator that maps `arity` numbers to a number at every place, with broadcasting. */
export function elementwise(
  name: string,
  arity: number,
  derivative: Derivative,
  dtypeOf: (application: Application) => DType = (application) => inputOf(name, application, 0).type.dtype,
): Operator {
  return {
    name,
    infer: (application) => [{ dtype: dtypeOf(application), shape: broadcastShape(name, arity, application) }],
    pullback({ b, node, cotangent, wants, contribute }) {
      const d = cotangent(0);
      const y = node.outputs[0];
      if (d === null || !y) return;
      const x = node.inputs.filter((input) => input !== null);
      const cotangents = derivative({ b, x, y, d, attributes: node.attributes });
      x.forEach((input, i) => {
        const build = cotangents[i];
        if (build && wants(input)) contribute(input, build());
      });
    },
    lift: liftElementwise,
  };
}

function broadcastShape(name: string, arity: number, application: Application): ValueType['shape'] {
  if (application.inputs.length > arity) {
    throw new UnrollError(
      'model',
      '{0} has a rule for {1} inputs, not for {2}.',
      name,
      arity,
      application.inputs.length,
    );
  }
  const inputs = Array.from({ length: arity }, (_, i) => inputOf(name, application, i));
  let shape: readonly Dim[] | null = at(inputs, 0).type.shape;
  for (const { type } of inputs.slice(1)) {
    shape = shape === null || type.shape === null ? null : broadcast(shape, type.shape);
  }
  return shape;
}

/** Elementwise work is the same for all steps at once, once the steps' axis lines up: short shapes get ones after it. */
export function liftElementwise({ b, node, inputs }: Lifting): Value[] {
  const rank = Math.max(...inputs.map(({ value, stacked }) => (value.type.shape?.length ?? 0) - (stacked ? 1 : 0)));
  const aligned = inputs.map(({ value, stacked }) => {
    const missing = rank + 1 - (value.type.shape?.length ?? 0);
    if (!stacked || missing === 0) return value;
    return b.unsqueeze(
      value,
      Array.from({ length: missing }, (_, i) => i + 1),
    );
  });
  return b.apply(node.op, aligned, node.attributes);
}
