import assert from 'node:assert/strict';
import { loadData } from '../../../../extension/data/load';
import type { LanguageData } from '../../../../extension/data/prepared';
import { UnrollError } from '../../../../extension/protocol/errors';
import type { Draft } from '../../../../extension/protocol/experiment';
import { format } from '../../../../extension/protocol/messages';
import { filled } from '../../../support/batches';
import { experimentOn } from '../../../support/experiments';
import { temporaryFolder } from '../../../support/temporaryFolder';

describe('language', () => {
  const folder = temporaryFolder();
  const load = async (
    text: string,
    lookback: number,
    split = { validation: 0, test: 0.4 },
    loss: NonNullable<NonNullable<Draft['training']>['loss']> = {},
  ): Promise<LanguageData> => {
    folder.write('a.txt', text);
    const training = { loss: { name: 'crossEntropy', ...loss } } as const;
    const whole = experimentOn({ path: 'a.txt', target: 'character', lookback, split }, { task: 'language', training });
    const data = await loadData(folder.path, whole);
    assert.ok(data.task === 'language');
    return data;
  };

  it('reads stretches and asks for the next character; tokens are those of training by code point, then any other', async () => {
    const data = await load('cabacabcdac', 2, { validation: 0, test: 0.4 });
    // Training is "cabacab", the test "cdac".
    assert.deepEqual(data.shape, {
      steps: 2,
      input: { kind: 'tokens', vocabulary: 4 },
      targets: 4,
      longest: 0,
      masked: false,
      classCounts: [3, 2, 1, 0],
    });
    const train = filled(data, 'train', [0, 1, 2], 4);
    assert.ok(train.x instanceof Int32Array && train.y instanceof Int32Array);
    assert.deepEqual(Array.from(train.x), [2, 1, 2, 0, 0, 0, 0, 0]);
    assert.deepEqual(Array.from(train.y), [0, 0, 0, 0, 1, 2, 1, 0]);
    assert.deepEqual(Array.from(train.weight), [1, 1, 1, 0, 1, 1, 1, 0]);
    // "cda" and its next ones "dac": the second stretch reaches back over the "d".
    const test = filled(data, 'test', [0, 1]);
    assert.deepEqual(Array.from(test.x), [2, 3, 3, 0]);
    assert.deepEqual(Array.from(test.y), [3, 0, 0, 2]);
    assert.deepEqual(Array.from(test.weight), [1, 0, 1, 1]);
    assert.match(data.notes.map((note) => format(note)).join(), /1 characters are of a kind/);
  });

  it('is judged beside the frequencies of the training part', async () => {
    const data = await load('cabacabcdac', 2, { validation: 0, test: 0.4 });
    // One more of each of four tokens: a 4, b 3, c 2, other 1 of 10. The test asks for other, a and c.
    const nats = -(Math.log(0.1) + Math.log(0.4) + Math.log(0.2)) / 3;
    assert.ok(Math.abs((data.baselines('test')['unigram']?.metrics['nats'] ?? 0) - nats) < 1e-12);
    assert.deepEqual(data.baselines('validation'), {});
    const judge = data.judge('test');
    judge.add([0, 1], 2, new Float32Array(2 * 4 * 2).fill(0.25), 2);
    assert.ok(Math.abs((judge.metrics()['perplexity'] ?? 0) - 4) < 1e-6);
  });

  it('never looks over a split', async () => {
    const text = Array.from({ length: 40 }, (_, i) => String.fromCharCode(97 + (i % 26))).join('');
    const split = { validation: 0.2, test: 0.2 };
    const before = await load(text, 4, split);
    const after = await load(`${text.slice(0, 24)}${'z'.repeat(16)}`, 4, split);
    assert.deepEqual(after.vocabulary, before.vocabulary);
    const all = Array.from({ length: before.windows.train }, (_, i) => i);
    assert.deepEqual(filled(after, 'train', all), filled(before, 'train', all));
    assert.deepEqual(after.shape, before.shape);
  });

  it('refuses a text that is shorter than a stretch', async () => {
    await assert.rejects(
      load('abcabc', 5),
      (error) => error instanceof UnrollError && error.code === 'data' && /0 sequences to training/.test(error.message),
    );
  });
});
