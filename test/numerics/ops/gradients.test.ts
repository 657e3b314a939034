import assert from 'node:assert/strict';
import { operators } from '../../../extension/core/ops/table';
import { checkGradient } from '../../support/gradientCheck';
import { allCases } from './cases/all';

describe('operators: gradients against finite differences in float64', () => {
  it('has a check for every operator', () => {
    assert.deepEqual(Object.keys(allCases).sort(), [...operators().keys()].sort());
  });
  for (const [op, functions] of Object.entries(allCases)) {
    functions.forEach((function_, i) => {
      it(`${op} ${i + 1}`, async () => {
        await checkGradient(function_);
      });
    });
  }
});
