import assert from 'node:assert/strict';
import { duration, significant } from '../../../extension/host/quantities';
import { format } from '../../../extension/protocol/messages';

describe('quantities', () => {
  it('have four significant digits and no exponent', () => {
    assert.equal(significant(21.98765), '21.99');
    assert.equal(significant(0.000123456), '0.0001235');
    assert.equal(significant(123456), '123500');
  });

  it('are said as times', () => {
    assert.deepEqual(
      [-1, 7.4, 65, 3599.7, 7260].map((seconds) => format(duration(seconds))),
      ['0 s', '7 s', '1 min 05 s', '1 h 00 min', '2 h 01 min'],
    );
  });
});
