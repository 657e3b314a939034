import { type Expression, textOf } from '../../protocol/cellLanguage';
import { UnrollError } from '../../protocol/errors';
import type { Builder } from '../graph/builder';
import type { Value } from '../graph/value';
import { at } from '../ops/arguments';
import { apply } from './functions';

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

export function found(env: Environment, name: string): Value {
  const value = env.get(name);
  if (value === undefined) throw new UnrollError('model', 'The cell uses {0} before it is defined.', name);
  return value;
}
