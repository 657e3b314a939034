import assert from 'node:assert/strict';
import { parseDraft } from '../../../../extension/data/choices/draft';
import { UnrollError } from '../../../../extension/protocol/errors';

describe('contradictions', () => {
  const table = { path: 'a.csv' };
  const wrong: [string, unknown, RegExp][] = [
    ['a split that leaves nothing', { data: { ...table, split: { validation: 0.5, test: 0.5 } } }, /data\.split/],
    ['the target as feature', { data: { ...table, target: 'y', features: ['y'] } }, /names y/],
    ['the time as feature', { data: { ...table, time: 't', features: ['t'] } }, /names t/],
    ['the series as feature', { task: 'label', data: { ...table, series: 's', features: ['s'] } }, /names s/],
    ['a feature twice', { data: { ...table, features: ['z', 'z'] } }, /names z/],
    ['one column as target and time', { data: { ...table, target: 'y', time: 'y' } }, /both/],
    [
      'one column as target and series',
      { task: 'label', data: { ...table, target: 'y', series: 'y' } },
      /data\.series is y/,
    ],
    [
      'series in a text',
      { task: 'language', data: { path: 'a.txt', series: 's' } },
      /no meaning for the task language/,
    ],
    ['a column that is known and read', { data: { ...table, features: ['z'], known: ['z'] } }, /data\.known names z/],
    ['a target that is known', { data: { ...table, target: 'y', known: ['y'] } }, /data\.known names y/],
    ['gaps of no time', { data: { ...table, gaps: 'cut', time: null } }, /data\.gaps is "cut"/],
    ['gaps of classes', { task: 'classify', data: { ...table, gaps: 'fill' } }, /data\.gaps is "fill"/],
    ['rows put in and left out', { data: { ...table, gaps: 'fill', missing: 'drop' } }, /data\.missing "drop"/],
    ['a limit of what is not filled', { data: { ...table, missing: 'mask', fillLimit: 2 } }, /data\.fillLimit is 2/],
    ['a stretch that is none', { data: { ...table, resample: { every: 'hour', by: 'sum' } } }, /data\.resample\.every/],
    ['transcripts of no sequences', { task: 'transcribe', data: { ...table, series: null } }, /needs data\.series/],
    ['classes of nothing', { task: 'classify', data: { ...table, features: [] } }, /data\.features is empty/],
    ['a column of a text', { task: 'language', data: { ...table, target: 'y' } }, /set it to "character"/],
    [
      'a recursive decoder of classes',
      { task: 'classify', data: table, model: { decoder: 'recursive' } },
      /model\.decoder/,
    ],
    [
      'a recursive decoder at every step',
      { task: 'forecast', data: table, model: { decoder: 'recursive', pooling: 'every' } },
      /model\.decoder/,
    ],
    [
      'a lookback shorter than the convolution',
      { data: { ...table, lookback: 4 }, model: { convolution: { filters: 8, width: 5 } } },
      /spans 5 steps and data\.lookback has 4/,
    ],
    [
      'stretches longer than the window',
      { data: { ...table, lookback: 4 }, training: { truncate: 5 } },
      /truncate is 5, which is more than the 4/,
    ],
    [
      'stretches without answers',
      { task: 'classify', data: table, training: { truncate: 5 } },
      /only the last would have an answer/,
    ],
    ['quantiles in disorder', { data: table, training: { loss: { quantiles: [0.5, 0.1] } } }, /ascend.*0\.1/],
    ['a quantile twice', { data: table, training: { loss: { quantiles: [0.1, 0.5, 0.5] } } }, /ascend.*0\.5/],
    [
      'weights of classes where there are none',
      { task: 'forecast', data: table, training: { loss: { classWeights: 'balanced' } } },
      /classWeights has no meaning/,
    ],
  ];
  for (const [what, draft, sentence] of wrong) {
    it(`refuses ${what} in one sentence`, () => {
      assert.throws(
        () => parseDraft(draft, 'a.json'),
        (error: unknown) =>
          error instanceof UnrollError &&
          error.code === 'experiment' &&
          sentence.test(error.message) &&
          /^In a\.json, [^\n]+\.$/.test(error.message),
      );
    });
  }

  it('lets be what goes together', () => {
    for (const draft of [
      { task: 'language', data: { path: 'a.txt', target: 'character', lookback: 8 }, training: { truncate: 8 } },
      { task: 'forecast', data: table, model: { pooling: 'every', anchor: 'none' }, training: { truncate: 5 } },
      { task: 'transcribe', data: { ...table, series: 's' } },
      { data: { ...table, lookback: 5 }, model: { convolution: { filters: 8, width: 5 } } },
      { task: 'label', data: { ...table, series: 's' }, training: { loss: { classWeights: 'balanced' } } },
      { data: table, training: { loss: { quantiles: [0.5] } } },
    ]) {
      assert.doesNotThrow(() => parseDraft(draft, 'a.json'));
    }
  });
});
