import assert from 'node:assert/strict';
import {
  mostClasses,
  naturallySorted,
  numberClasses,
  refuseNewClass,
} from '../../../../extension/data/sequences/classes';
import { UnrollError } from '../../../../extension/protocol/errors';

const says = (pattern: RegExp) => (error: unknown) =>
  error instanceof UnrollError && error.code === 'data' && pattern.test(error.message);

describe('classes', () => {
  it('stand in the order in which people count', () => {
    assert.deepEqual(naturallySorted(['10', '9', '-2', '-10', '1.5']), ['-10', '-2', '1.5', '9', '10']);
    assert.deepEqual(naturallySorted(['item10', 'item9', 'Item1']), ['Item1', 'item9', 'item10']);
    assert.deepEqual(naturallySorted(['true', 'false']), ['false', 'true']);
  });

  it('are numbered and counted by the answers of the training part', () => {
    const classes = numberClasses('y', ['b', 'late', 'a'], Int32Array.of(0, 2, -1, 0));
    assert.deepEqual(classes.names, ['a', 'b']);
    assert.deepEqual(classes.counts, [1, 2]);
    assert.deepEqual(Array.from(classes.numbers), [1, -1, 0]);
    assert.doesNotThrow(() => refuseNewClass('y', ['b', 'late', 'a'], Int32Array.of(2, 0, -1), classes));
    assert.throws(() => refuseNewClass('y', ['b', 'late', 'a'], Int32Array.of(2, 1), classes), says(/"late" of y/));
  });

  it('are at least two and not too many', () => {
    assert.throws(() => numberClasses('y', ['only'], Int32Array.of(0, 0)), says(/y is "only" throughout/));
    const labels = Array.from({ length: mostClasses + 1 }, (_, i) => `${i}`);
    assert.throws(() => numberClasses('y', labels, Int32Array.from(labels, Number)), says(/1001 different values/));
  });
});
