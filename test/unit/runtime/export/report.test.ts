import assert from 'node:assert/strict';
import { format } from '../../../../extension/protocol/messages';
import { verdictOn } from '../../../../extension/runtime/export/report';

const rmse = (value: number) => ({ rmse: value });
const verdict = (model: number, persistence: number, seasonalNaive?: number) => {
  const baselines = {
    persistence: rmse(persistence),
    ...(seasonalNaive !== undefined && { seasonalNaive: rmse(seasonalNaive) }),
  };
  return format(verdictOn('forecast', rmse(model), baselines));
};

describe('export/report', () => {
  it('compares with the best baseline', () => {
    assert.match(verdict(8, 10), /8 is 20 % below that of repeating the last value \(10\)/);
    assert.match(verdict(8, 10, 9), /11 % below that of repeating the last season \(9\)/);
    assert.match(verdict(8, 7, 9), /14 % above that of repeating the last value \(7\): do not use/);
    assert.match(verdict(8, 10, 5), /60 % above that of repeating the last season \(5\): do not use/);
  });

  it('says so where nothing was tested', () => {
    assert.match(format(verdictOn('forecast', {}, { persistence: {} })), /no test part/);
  });
});
