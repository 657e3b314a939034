import assert from 'node:assert/strict';
import { parseDraft, parseExperiment } from '../../../extension/data/draft';
import { nearestName } from '../../../extension/data/nearestName';
import { UnrollError } from '../../../extension/protocol/errors';
import { experimentOn } from '../../support/experiments';

describe('draft', () => {
  it('needs no more than a path', () => {
    assert.deepEqual(parseDraft({ data: { path: 'a.csv' } }, 'a.json'), {
      data: { path: 'a.csv', series: null },
    });
  });

  const wrong: [string, unknown, RegExp][] = [
    ['nothing', null, /^a\.json is not an experiment/],
    ['text', 'hello', /^a\.json is not an experiment/],
    ['no path', { data: {} }, /data\.path/],
    ['a number that is none', { data: { path: 'a', lookback: 'ten' } }, /data\.lookback/],
    ['a lookback of zero', { data: { path: 'a', lookback: 0 } }, /data\.lookback/],
    [
      'an unknown cell',
      { data: { path: 'a' }, model: { layers: [{ cell: 'gnu', hidden: 4 }] } },
      /model\.layers\.0\.cell/,
    ],
    ['an unknown choice', { data: { path: 'a', lookbck: 3 } }, /lookbck/],
    ['a split that leaves nothing', { data: { path: 'a', split: { validation: 0.5, test: 0.5 } } }, /data\.split/],
    ['the target as feature', { data: { path: 'a', target: 'y', features: ['y'] } }, /names y/],
    ['the time as feature', { data: { path: 'a', time: 't', features: ['t'] } }, /names t/],
    ['a feature twice', { data: { path: 'a', features: ['z', 'z'] } }, /names z/],
    ['one column as target and time', { data: { path: 'a', target: 'y', time: 'y' } }, /both/],
    [
      'a negative learning rate',
      { data: { path: 'a' }, training: { optimizer: { learningRate: -1 } } },
      /learningRate/,
    ],
  ];
  for (const [what, draft, sentence] of wrong) {
    it(`refuses ${what} in one sentence that names it`, () => {
      assert.throws(
        () => parseDraft(draft, 'a.json'),
        (error: unknown) =>
          error instanceof UnrollError &&
          error.code === 'experiment' &&
          sentence.test(error.message) &&
          !error.message.includes('\n'),
      );
    });
  }

  it('checks whole experiments the same way', () => {
    const whole = experimentOn({});
    assert.deepEqual(parseExperiment(whole, 'a.json'), whole);
    assert.throws(() => parseExperiment({ ...whole, data: { ...whole.data, features: ['y'] } }, 'a.json'), UnrollError);
    assert.throws(() => parseExperiment({ data: { path: 'a' } }, 'a.json'), UnrollError);
  });

  it('suggests the name that is meant', () => {
    assert.equal(nearestName('Temprature', ['Date', 'Temperature', 'Wind']), 'Temperature');
    assert.equal(nearestName('ot', ['HUFL', 'OT']), 'OT');
    assert.equal(nearestName('x', []), null);
    assert.equal(nearestName('Sunspots', ['Month', 'Passengers']), null);
  });
});
