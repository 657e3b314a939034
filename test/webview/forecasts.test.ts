import assert from 'node:assert/strict';
import type { TraceOutline } from '../../extension/protocol/inspection';
import { forecastsIn, horizonIn } from '../../webview/trace/forecasts';

const outline = (changes: Partial<TraceOutline>): TraceOutline => ({
  id: '1',
  steps: 4,
  columns: [],
  layers: [],
  outputs: [],
  results: [],
  time: null,
  characters: null,
  target: 'y',
  forecast: [1, 2, 3, 4, 5, 6],
  truth: [10, 20, 30, 40, 50, 60],
  choices: null,
  edits: [],
  ...changes,
});

describe('the forecasts of a trace', () => {
  it('are those of its target where it has one', () => {
    const one = outline({});
    assert.deepEqual(forecastsIn(one), [{ target: 'y', forecast: one.forecast, truth: one.truth }]);
    assert.equal(horizonIn(one), 6);
    assert.equal(horizonIn(outline({ forecast: [], truth: [] })), 0);
  });

  it('stand one after the other where it has several, each as many steps', () => {
    const several = outline({ targets: ['y', 'z', 'x'] });
    assert.deepEqual(forecastsIn(several), [
      { target: 'y', forecast: [1, 2], truth: [10, 20] },
      { target: 'z', forecast: [3, 4], truth: [30, 40] },
      { target: 'x', forecast: [5, 6], truth: [50, 60] },
    ]);
    assert.equal(horizonIn(several), 2);
  });
});
