import assert from 'node:assert/strict';
import { parseDraft, parseDraftText, parseExperiment } from '../../../../extension/data/choices/draft';
import { nearestName } from '../../../../extension/data/choices/nearestName';
import { UnrollError } from '../../../../extension/protocol/errors';
import { experimentOn } from '../../../support/experiments';

describe('draft', () => {
  it('needs no more than a path', () => {
    assert.deepEqual(parseDraft({ data: { path: 'a.csv' } }, 'a.json'), { data: { path: 'a.csv' } });
  });

  it('leaves what was not said to the data, also beside what was', () => {
    const said = {
      data: { path: 'a.csv', gaps: 'cut' },
      model: { init: 'he' },
      training: { epochs: 3, optimizer: { name: 'sgd' } },
      device: { threads: 2 },
    };
    assert.deepEqual(parseDraft(said, 'a'), said);
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

  it('names the key that is none, where it is, and the one that is meant', () => {
    const said = (draft: unknown): string => {
      try {
        parseDraft(draft, 'a.json');
      } catch (error) {
        if (error instanceof UnrollError && error.code === 'experiment') return error.message;
      }
      return '';
    };
    assert.equal(
      said({ data: { path: 'a', lookbck: 3 } }),
      'In a.json there is no choice data.lookbck; did you mean data.lookback?',
    );
    assert.equal(
      said({ data: { path: 'a' }, model: { layers: [{ cell: 'gru', hidden: 4, bidirectonal: true }] } }),
      'In a.json there is no choice model.layers.0.bidirectonal; did you mean model.layers.0.bidirectional?',
    );
    assert.equal(said({ data: { path: 'a' }, zzz: 1 }), 'In a.json there is no choice zzz; remove it.');
  });

  describe('as text', () => {
    const refuses = (text: string, sentence: RegExp) =>
      assert.throws(
        () => parseDraftText(text, 'a.json'),
        (error: unknown) => error instanceof UnrollError && error.code === 'experiment' && sentence.test(error.message),
      );

    it("is the same draft, without what is not the experiment's", () => {
      const draft = { data: { path: 'a.csv', lookback: 4 } };
      assert.deepEqual(parseDraftText(JSON.stringify(draft), 'a.json'), parseDraft(draft, 'a.json'));
      assert.deepEqual(
        parseDraftText(`\uFEFF${JSON.stringify({ ...draft, provenance: 1 })}`, 'a.json', ['provenance']),
        parseDraft(draft, 'a.json'),
      );
    });

    it('is refused with the line of what is wrong', () => {
      refuses(
        '{\n  "data": {\n    "path": "a",\n    "lookback": "ten"\n  }\n}',
        /^In a\.json, line 4: data\.lookback is not right/,
      );
      refuses(
        '{\n  "data": { "path": "a" },\n  "model": {\n    "layer": []\n  }\n}',
        /^In a\.json, line 4: there is no choice model\.layer; did you mean model\.layers\?$/,
      );
      refuses(
        '{\n  "data": { "path": "a" },\n  "zzz": 1\n}',
        /^In a\.json, line 3: there is no choice zzz; remove it\.$/,
      );
      refuses('{\n  "task": "forecast",\n  "data": {}\n}', /^In a\.json, line 3: data\.path is not right/);
      refuses('{\n  "data": { "path": "a" },\n}', /^a\.json is not valid JSON at line 3/);
      refuses('[1]', /must hold one JSON object/);
      refuses('null', /must hold one JSON object/);
    });
  });

  it('suggests the name that is meant', () => {
    assert.equal(nearestName('Temprature', ['Date', 'Temperature', 'Wind']), 'Temperature');
    assert.equal(nearestName('ot', ['HUFL', 'OT']), 'OT');
    assert.equal(nearestName('x', []), null);
    assert.equal(nearestName('Sunspots', ['Month', 'Passengers']), null);
  });
});
