import assert from 'node:assert/strict';
import { readOptions } from '../../../bench/options';
import { rowsOf } from '../../../bench/rows';

describe('the options of the bench', () => {
  it('measure all 24 rows against every peer unless told otherwise', () => {
    const options = readOptions([]);
    assert.equal(rowsOf(options).length, 24);
    assert.deepEqual([options.json, options.turns, options.without], [false, 12, []]);
  });

  it('choose a part of the rows', () => {
    const options = readOptions(
      '--cells LSTM,RNN --sizes H128 --threads 2 --turns 3 --without brain,tfjs --json'.split(' '),
    );
    const size = { T: 50, B: 32, I: 16, H: 128, threads: 2 };
    assert.deepEqual(rowsOf(options), [
      { cell: 'RNN', ...size },
      { cell: 'LSTM', ...size },
    ]);
    assert.deepEqual([options.json, options.turns, options.without], [true, 3, ['tfjs', 'brain']]);
  });

  it('refuse what they do not know', () => {
    assert.throws(() => readOptions(['--cells', 'LSTM,ESN']), /--cells knows RNN, GRU, LSTM, not "ESN"/);
    assert.throws(() => readOptions(['--threads', '3']), /--threads knows 1, 2, not "3"/);
    assert.throws(() => readOptions(['--turns', '0']), /--turns needs a whole number/);
    assert.throws(() => readOptions(['--fast']), /--fast/);
  });
});
