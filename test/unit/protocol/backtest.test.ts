import assert from 'node:assert/strict';
import { usualOrigins } from '../../../extension/protocol/backtest';

describe('how many origins a backtest takes by itself', () => {
  it('leaves as much to train on before the earliest as it tests, and takes no more than five', () => {
    for (let percent = 1; percent <= 49; percent++) {
      for (const validation of [0, 0.1, 0.15, 0.3]) {
        const test = percent / 100;
        const origins = usualOrigins({ validation, test });
        assert.ok(origins >= 1 && origins <= 5, `${origins}`);
        const left = 1 - validation - test * (origins + 1);
        if (origins > 1) assert.ok(left > test - 1e-9, `${left} beside ${test} tested, ${origins} origins`);
        // One more would leave less than a test part, or is not needed.
        if (origins < 5) assert.ok(left - test < test, `${left} beside ${test}`);
      }
    }
  });

  it('takes two of what is divided as usual', () => {
    assert.equal(usualOrigins({ validation: 0.15, test: 0.2 }), 2);
    assert.equal(usualOrigins({ validation: 0.2, test: 0.2 }), 2);
    assert.equal(usualOrigins({ validation: 0.1, test: 0.1 }), 5);
  });
});
