import { UnrollError } from '../../protocol/errors';
import { type DType, dtypeFromOnnx } from '../tensor';
import { inputOf, intOf } from './arguments';
import { elementwise, flat } from './elementwise';
import type { Application, Operator } from './operator';

// Questions with the answer yes or no, choices by them, and changes of type.

const yesOrNo = (name: string, arity: number) => elementwise(name, arity, flat, () => 'bool');

/** The element type that a Cast asks for. */
function castType({ attributes }: Pick<Application, 'attributes'>): DType {
  const code = intOf(attributes, 'to', 0);
  const dtype = dtypeFromOnnx(code);
  if (dtype === null) throw new UnrollError('model', 'Cast asks for element type {0}, which is not supported.', code);
  return dtype;
}

export const comparisonOperators: readonly Operator[] = [
  yesOrNo('Equal', 2),
  yesOrNo('Less', 2),
  yesOrNo('LessOrEqual', 2),
  yesOrNo('Greater', 2),
  yesOrNo('GreaterOrEqual', 2),
  yesOrNo('Not', 1),
  yesOrNo('And', 2),
  yesOrNo('Or', 2),
  elementwise(
    'Where',
    3,
    ({ b, x: [condition], d }) => {
      if (condition === undefined) return [];
      const zero = b.scalarLike(d, 0);
      return [null, () => b.where(condition, d, zero), () => b.where(condition, zero, d)];
    },
    (application) => inputOf('Where', application, 1).type.dtype,
  ),
  // Only between floats does a gradient come this way: nothing flows out of a whole number or a truth value.
  elementwise(
    'Cast',
    1,
    ({ b, x: [input], d }) => [() => (input === undefined ? d : b.cast(d, input.type.dtype))],
    castType,
  ),
];
