import assert from 'node:assert/strict';
import type { TraceOutline } from '../../extension/protocol/inspection';
import { answerName } from '../../webview/trace/answerName';

const outline = (change: Partial<TraceOutline>) =>
  ({ target: 'a', forecast: [], truth: [], choices: null, ...change }) as TraceOutline;
const names = (shown: TraceOutline, output: string, units: number) =>
  Array.from({ length: units }, (_, unit) => answerName(shown, output, units, unit));

describe('what a number of an output answers to', () => {
  it('is a class', () => {
    const choices = { names: ['low', 'high'], truth: ['low'], everyStep: false, likeliest: [0] };
    assert.deepEqual(names(outline({ choices }), 'probabilities', 2), ['low', 'high']);
    assert.deepEqual(names(outline({ choices }), 'probabilities', 3), [null, null, null]);
  });

  it('is a step of a forecast, of one column or of several', () => {
    const [step, several] = [outline({ forecast: [1, 2] }), outline({ forecast: [1, 2, 3, 4], targets: ['a', 'b'] })];
    assert.deepEqual(names(step, 'forecast', 2), ['step 1 ahead', 'step 2 ahead']);
    assert.deepEqual(names(several, 'forecast', 4), [
      'a, step 1 ahead',
      'a, step 2 ahead',
      'b, step 1 ahead',
      'b, step 2 ahead',
    ]);
    assert.deepEqual(names(outline({ forecast: [1, 2], targets: ['a', 'b'] }), 'forecast', 2), ['a', 'b']);
    assert.deepEqual(names(several, 'outputs', 4), [null, null, null, null]);
  });

  it('is not said where there is one number, or nothing is known', () => {
    assert.deepEqual(names(outline({ forecast: [1] }), 'forecast', 1), [null]);
    assert.deepEqual(names(outline({}), 'forecast', 3), [null, null, null]);
  });
});
