import { UnrollError } from '../../protocol/errors';
import { type Builder, floatType } from '../graph/builder';
import type { Value } from '../graph/value';
import { at, shapeOf } from '../ops/arguments';
import { floats } from '../tensor';

/**
 * One number everywhere, [rows, batch], for an input x whose axis `batchAxis` is the batch (by default its last) and whose type it
 * has. Where the batch is free, its size is read from x when the model runs.
 */
export function filled(b: Builder, x: Value, rows: number, number: number, batchAxis?: number): Value {
  const shape = shapeOf('ConstantOfShape', x);
  const axis = batchAxis ?? shape.length - 1;
  const batch = at(shape, axis);
  const content = (count: number) => Array.from({ length: count }, () => number);
  if (typeof batch === 'number') {
    return b.constant(floats(floatType(x), [rows, batch], content(rows * batch)), number === 0 ? 'zeros' : 'constant');
  }
  const size = b.slice(at(b.apply('Shape', [x]), 0), axis, axis + 1, 0);
  const value = floats(floatType(x), [1], content(1));
  const shaped = b.concat([b.int64s([rows]), size], 0);
  const [made] = b.apply('ConstantOfShape', [shaped], { value: { kind: 'tensor', value } });
  if (made === undefined) throw new UnrollError('internal', 'A constant has no content.');
  return made;
}
