import assert from 'node:assert/strict';
import { duration, moment, significant, table } from '../../../extension/cli/numbers';

describe('cli/numbers', () => {
  it('shows four significant digits', () => {
    const shown = [0, 0.5, 12.345, 999.94, 1234.5, 12345678, 0.00001234, -7.65432, Number.NaN].map(significant);
    const expected = ['0.000', '0.5000', '12.35', '999.9', '1235', '1.235e+7', '1.234e-5', '-7.654', 'NaN'];
    assert.deepEqual(shown, expected);
  });

  it('shows times as people say them', () => {
    assert.deepEqual([0.4, 59.4, 59.6, 65, 3599, 3665].map(duration), [
      '0 s',
      '59 s',
      '1 min 00 s',
      '1 min 05 s',
      '59 min 59 s',
      '1 h 01 min',
    ]);
    assert.deepEqual([Date.UTC(2020, 1, 3), Date.UTC(2020, 1, 3, 4, 5, 6)].map(moment), [
      '2020-02-03',
      '2020-02-03 04:05:06',
    ]);
  });

  it('aligns a table', () => {
    assert.equal(
      table([
        ['a', 'bb'],
        ['long', '1'],
      ]),
      'a     bb\nlong   1',
    );
  });
});
