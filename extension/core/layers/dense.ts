import type { Activation } from '../../protocol/experiment';
import type { Builder } from '../graph/builder';
import type { Value } from '../graph/value';
import { shapeOf, staticShape } from '../ops/arguments';
import { transposed } from '../ops/linear';
import type { Context, LinearWriter } from './context';

/** A W x + b over the units of x, [units, batch] or [steps, units, batch]: [out, batch] or [steps, out, batch]. */
export function dense({ b, parameter, linear }: Context, name: string, x: Value, units: number, out: number): Value {
  const size = { gates: 1, out, fanIn: units };
  const W = parameter({ name: `${name}.W`, shape: [out, units], role: 'dense', size });
  const bias = parameter({ name: `${name}.b`, shape: [out, 1], role: 'denseBias', size });
  return b.inPart('Linear', () => linear(b, W, x, bias));
}

/** The batch stays last. */
export const batchLast: LinearWriter = (b, W, x, bias) => {
  const [out = 0, units = 0] = staticShape('A linear layer', W);
  const shape = shapeOf('A linear layer', x);
  const isKnown = shape.every((dim) => typeof dim === 'number');
  return shape.length === 3 && isKnown && out > units ? ofAllSteps(b, W, x, bias) : b.add(b.matMul(W, x), bias);
};

/**
 * More outputs than units at every step, as one product [steps · batch, units]·[units, out], turned back. Who reads all outputs of a step together, as
 * a softmax does, turns them again, which then nobody computes; so neither the three large products, there and back, nor the softmax waits for
 * a copy of the largest tensor that there is.
 */
function ofAllSteps(b: Builder, W: Value, x: Value, bias: Value): Value {
  const [steps = 0, units = 0, batch = 0] = staticShape('A linear layer', x);
  const [out = 0] = staticShape('A linear layer', W);
  const rows = b.reshape(transposed(b, x), [steps * batch, units]);
  const outputs = b.add(b.matMul(rows, transposed(b, W)), b.reshape(bias, [out]));
  return transposed(b, b.reshape(outputs, [steps, batch, out]));
}

const functions: Readonly<Record<Activation, (b: Builder, x: Value) => Value>> = {
  identity: (_b, x) => x,
  tanh: (b, x) => b.tanh(x),
  relu: (b, x) => b.relu(x),
  sigmoid: (b, x) => b.sigmoid(x),
};

/** Applies an activation to every number. */
export const activate = (b: Builder, activation: Activation, x: Value) => functions[activation](b, x);
