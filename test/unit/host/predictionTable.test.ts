import assert from 'node:assert/strict';
import { predictionTable } from '../../../extension/host/predictionTable';

describe('a prediction as a table', () => {
  it('has a day where the time is midnight', () => {
    const time = [Date.UTC(1961, 0, 1), Date.UTC(1961, 1, 1, 6)];
    assert.equal(
      predictionTable({ target: 'Passengers', time, forecast: [450.5, 433] }),
      'time,Passengers\n1961-01-01,450.5\n1961-02-01 06:00:00,433\n',
    );
  });

  it('counts steps where there is no time, and quotes names that need it', () => {
    assert.equal(predictionTable({ target: 'a,"b"', time: null, forecast: [1] }), 'step,"a,""b"""\n1,1\n');
  });
});
