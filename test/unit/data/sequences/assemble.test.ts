import assert from 'node:assert/strict';
import { assembleSequences } from '../../../../extension/data/sequences/assemble';
import { orderRows } from '../../../../extension/data/sequences/order';
import type { RawSequences } from '../../../../extension/data/sequences/read';
import { UnrollError } from '../../../../extension/protocol/errors';
import { format } from '../../../../extension/protocol/messages';

const none = Number.NaN;

/** Rows of series `b` and `a`, mixed; the second row of `a` stands before the first. */
function mixed(values: readonly number[]): RawSequences {
  return {
    raw: {
      notes: [],
      file: 'a.csv',
      fingerprint: '',
      time: Float64Array.of(5, 2, 1, 6, none, 3),
      columns: [{ name: 'x', values: Float64Array.from(values) }],
    },
    target: { name: 'y', labels: ['n', 'm'], codes: Int32Array.of(0, 1, -1, 0, 1, 1) },
    series: { name: 's', labels: ['b', 'a', 'c'], codes: Int32Array.of(0, 1, 1, 0, 1, 2) },
  };
}

const fractions = { validation: 0.3, test: 0.3 };

describe('sequences', () => {
  it('are put together in time, the one that starts first first', () => {
    const { rows, starts, names, notes } = orderRows(mixed([0, 1, 2, 3, 4, 5]), 'forwardFill');
    assert.deepEqual(
      [Array.from(rows), Array.from(starts), names],
      [
        [2, 1, 5, 0, 3],
        [0, 2, 3, 5],
        ['a', 'c', 'b'],
      ],
    );
    assert.match(notes.map((note) => format(note)).join(), /1 rows without a time/);
  });

  it('keep the order of the file where there is no time', () => {
    const read = mixed([0, 1, 2, 3, 4, 5]);
    const { rows, names } = orderRows({ ...read, raw: { ...read.raw, time: null } }, 'forwardFill');
    assert.deepEqual(
      [Array.from(rows), names],
      [
        [0, 3, 1, 2, 4, 5],
        ['b', 'a', 'c'],
      ],
    );
  });

  it('leave out rows of no sequence, and incomplete ones where the rule says so', () => {
    const read = mixed([0, 1, none, 3, 4, 5]);
    const series = { name: 's', labels: ['b', 'a'], codes: Int32Array.of(0, 1, 1, 0, 1, -1) };
    const { rows, notes } = orderRows({ ...read, series }, 'drop');
    assert.deepEqual(Array.from(rows), [1, 0, 3]);
    assert.match(notes.map((note) => format(note)).join(), /1 rows without a value of s.*1 rows with a missing value/);
    const empty = { ...series, codes: new Int32Array(6).fill(-1) };
    assert.throws(() => orderRows({ ...read, series: empty }, 'drop'), UnrollError);
  });

  it('are filled from themselves, and by the mean of the training part where they hold nothing', () => {
    // In order: a is [missing, 1], c is [missing], b is [4, missing].
    const read = mixed([4, 1, none, none, 9, none]);
    const { columns, split, training, notes, target } = assembleSequences(
      read,
      orderRows(read, 'forwardFill'),
      'forwardFill',
      fractions,
    );
    assert.deepEqual(Array.from(columns[0]?.values ?? []), [1, 1, 1, 4, 4]);
    assert.deepEqual(
      [split.train, training],
      [
        { start: 0, end: 1 },
        { start: 0, end: 2 },
      ],
    );
    assert.deepEqual(Array.from(target.codes), [-1, 1, 1, 0, 0]);
    assert.match(notes.map((note) => format(note)).join(), /3 missing values of x/);
  });

  it('do not draw lines from one to another', () => {
    const read = mixed([4, none, 2, none, 9, none]);
    const { columns } = assembleSequences(read, orderRows(read, 'interpolate'), 'interpolate', fractions);
    assert.deepEqual(Array.from(columns[0]?.values ?? []), [2, 2, 2, 4, 4]);
  });

  it('need a value of each column in the training part', () => {
    const read = mixed([4, none, none, 3, 9, 1]);
    assert.throws(
      () => assembleSequences(read, orderRows(read, 'forwardFill'), 'forwardFill', fractions),
      (error) =>
        error instanceof UnrollError && /Column x of a\.csv holds no value in its training part/.test(error.message),
    );
  });

  it('are one where no column tells them apart, from the first row with a class to the last', () => {
    const read = { ...mixed([0, 1, 2, none, 4, 5]), series: null };
    const codes = Int32Array.of(0, 1, -1, 0, 1, -1);
    const single = { ...read, raw: { ...read.raw, time: null }, target: { ...read.target, codes } };
    const order = orderRows(single, 'forwardFill');
    assert.deepEqual([Array.from(order.rows), order.names], [[0, 1, 2, 3, 4], null]);
    const { columns, target, split } = assembleSequences(single, order, 'forwardFill', fractions);
    assert.deepEqual(Array.from(columns[0]?.values ?? []), [0, 1, 2, 2, 4]);
    assert.deepEqual(Array.from(target.codes), [0, 1, -1, 0, 1]);
    assert.deepEqual(split.test, { start: 3, end: 5 });
  });
});
