import { UnrollError } from '../../protocol/errors';
import type { Builder } from '../graph/builder';
import type { Value } from '../graph/value';
import { at, shapeOf } from '../ops/arguments';
import { type Expression, type FunctionName, textOf } from './language';

/** Values by the names that expressions use, a prime for a state's next value. */
export type Environment = ReadonlyMap<string, Value>;

/** Writes an expression as nodes. Values are [units, batch], or [steps, units, batch] for all steps at once. */
export function evaluate(b: Builder, expression: Expression, env: Environment): Value {
  const value = (part: Expression): Value => {
    switch (part.kind) {
      case 'name':
        return found(env, textOf(part));
      case 'number':
        return b.scalarLike(at([...env.values()], 0), part.value);
      case 'call':
        return apply(b, part.fn, value(part.operand));
      case 'product':
        return b.matMul(found(env, part.matrix), value(part.operand));
      case 'binary':
        return operators[part.operator](b, value(part.left), value(part.right));
    }
  };
  return value(expression);
}

const operators: Readonly<Record<'+' | '−' | '⊙' | '/', (b: Builder, left: Value, right: Value) => Value>> = {
  '+': (b, left, right) => b.add(left, right),
  '−': (b, left, right) => b.sub(left, right),
  '⊙': (b, left, right) => b.mul(left, right),
  '/': (b, left, right) => b.div(left, right),
};

const applications: Readonly<Record<FunctionName, (b: Builder, x: Value) => Value>> = {
  σ: (b, x) => b.sigmoid(x),
  tanh: (b, x) => b.tanh(x),
  relu: (b, x) => b.relu(x),
  norm: normalize,
};

export const apply = (b: Builder, fn: FunctionName, x: Value): Value => applications[fn](b, x);

/** Added to the variance, as PyTorch's LayerNorm does. */
const epsilon = 1e-5;

/** (x − mean) / √(variance + ε) over the units (Ba et al. 2016, equation 4 without gain and bias). */
function normalize(b: Builder, x: Value): Value {
  const axis = shapeOf('norm', x).length - 2;
  const centred = b.sub(x, b.reduceMean(x, [axis], true));
  const variance = b.reduceMean(b.mul(centred, centred), [axis], true);
  const deviation = b.sqrt(b.add(variance, b.scalarLike(x, epsilon)));
  return b.div(centred, deviation);
}

export function found(env: Environment, name: string): Value {
  const value = env.get(name);
  if (value === undefined) throw new UnrollError('model', 'The cell uses {0} before it is defined.', name);
  return value;
}
