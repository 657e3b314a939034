import type { Activation } from '../../protocol/experiment';
import type { Builder } from '../graph/builder';
import type { Value } from '../graph/value';
import type { Context, LinearWriter } from './context';

/** A W x + b over the units of x, [units, batch] or [steps, units, batch]: [out, batch] or [steps, out, batch]. */
export function dense({ b, parameter, linear }: Context, name: string, x: Value, units: number, out: number): Value {
  const size = { gates: 1, out, fanIn: units };
  const W = parameter({ name: `${name}.W`, shape: [out, units], role: 'dense', size });
  const bias = parameter({ name: `${name}.b`, shape: [out, 1], role: 'denseBias', size });
  return b.inPart('Linear', () => linear(b, W, x, bias));
}

/** The batch stays last. */
export const batchLast: LinearWriter = (b, W, x, bias) => b.add(b.matMul(W, x), bias);

const functions: Readonly<Record<Activation, (b: Builder, x: Value) => Value>> = {
  identity: (_b, x) => x,
  tanh: (b, x) => b.tanh(x),
  relu: (b, x) => b.relu(x),
  sigmoid: (b, x) => b.sigmoid(x),
};

/** Applies an activation to every number. */
export const activate = (b: Builder, activation: Activation, x: Value) => functions[activation](b, x);
