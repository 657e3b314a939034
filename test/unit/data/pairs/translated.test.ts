import assert from 'node:assert/strict';
import { batchFeeds } from '../../../../extension/core/model/feeds';
import { modelSpec } from '../../../../extension/core/model/spec';
import { newBatch } from '../../../../extension/data/batch';
import { propose } from '../../../../extension/data/choices/propose';
import { loadData } from '../../../../extension/data/load';
import type { TranslationData } from '../../../../extension/data/prepared';
import { parts } from '../../../../extension/data/split';
import type { Draft } from '../../../../extension/protocol/experiment';
import { temporaryFolder } from '../../../support/temporaryFolder';

const animals = ['cat', 'dog', 'fox', 'cow', 'hen', 'owl', 'ant', 'bee', 'elk', 'emu', 'gnu', 'yak'];

describe('pairs to be translated', () => {
  const folder = temporaryFolder();

  async function prepared(lines: readonly string[], draft: Partial<Draft> = {}): Promise<TranslationData> {
    folder.write('pairs.tsv', ['here\tthere', ...lines].join('\n'));
    const { experiment } = await propose(folder.path, {
      ...draft,
      data: { path: 'pairs.tsv', split: { validation: 0.2, test: 0.3 }, ...draft.data },
    });
    assert.equal(experiment.task, 'translate');
    const data = await loadData(folder.path, experiment);
    assert.ok(data.task === 'translate');
    return data;
  }
  const pairs = animals.flatMap((animal) => [`The ${animal}.\tLe ${animal}x.`, `A ${animal}!\tUn ${animal}x !`]);

  it('are proposed for a table of two columns of text without classes, whatever they are called', async () => {
    folder.write('named.csv', ['english,french', ...pairs.map((pair) => pair.replace('\t', ','))].join('\n'));
    const { experiment, reasons } = await propose(folder.path, { data: { path: 'named.csv' } });
    assert.deepEqual(
      [experiment.task, experiment.data.features, experiment.data.target],
      ['translate', ['english'], 'french'],
    );
    assert.ok(reasons.some(({ choice }) => choice === 'task'));
    const turned = await propose(folder.path, { task: 'translate', data: { path: 'named.csv', target: 'english' } });
    assert.deepEqual(turned.experiment.data.features, ['french']);
  });

  it('are refused where there is no second column of text', async () => {
    folder.write('one.csv', ['text,n', ...animals.map((animal, i) => `${animal},${i}`)].join('\n'));
    await assert.rejects(propose(folder.path, { task: 'translate', data: { path: 'one.csv' } }), {
      code: 'data',
      message: /two columns of text/,
    });
  });

  it('with sources that are read alike are in one part, and each other’s references', async () => {
    const twice = animals.flatMap((animal) => [
      `The ${animal}.\tLe ${animal}x.`,
      `the  ${animal} .\tLa ${animal}x.`,
      `THE ${animal}.\tL’ ${animal}x.`,
    ]);
    const data = await prepared(twice);
    const where = new Map<string, string>();
    for (const part of parts) {
      for (let index = 0; index < data.windows[part]; index++) {
        const own = data.truth(part, index).split(' ')[1] ?? '';
        assert.equal(where.get(own) ?? part, part);
        where.set(own, part);
      }
    }
    assert.equal(where.size, animals.length);
    assert.equal(data.windows.train + data.windows.validation + data.windows.test, twice.length);
    // Every sequence of the test answered as its own pair has it is right, though each source is judged once.
    const judge = data.judge('test');
    const count = data.windows.test;
    const { y } = filled(data, 'test', count);
    judge.add(
      Array.from({ length: count }, (_, i) => i),
      count,
      Float32Array.from(y),
      count,
    );
    const sources = new Set(
      Array.from({ length: count }, (_, i) => data.source('test', i).toLowerCase().replace(/\W/g, '')),
    );
    assert.equal(count, 3 * sources.size);
    // Words of the test part that no training pair has cannot be written, so no answer is whole; but the signs are right.
    assert.ok((judge.metrics()['exactMatch'] ?? 1) < 1);
  });

  it('are fed as tokens: the end after each translation, padding that counts nothing, and words of the training part alone', async () => {
    const data = await prepared(pairs, { data: { path: 'pairs.tsv', text: { read: 'words' } } });
    const count = data.windows.train;
    const { x, y, weight, mask } = filled(data, 'train', count);
    const { steps, longest } = data.shape;
    for (let item = 0; item < count; item++) {
      const column = (values: ArrayLike<number>, size: number) =>
        Array.from({ length: size }, (_, step) => values[step * count + item] ?? 0);
      const words = column(weight, longest).filter((each) => each === 1).length;
      const written = column(y, longest).map((token) => (token < 2 ? '' : (data.translations[token - 2] ?? '?')));
      const expected =
        data
          .truth('train', item)
          .toLowerCase()
          .match(/[\p{L}]+|[.!]/gu) ?? [];
      assert.deepEqual(written.slice(0, words - 1), expected);
      assert.ok(
        column(y, longest)
          .slice(words - 1)
          .every((token) => token === 0),
      );
      const read = column(mask ?? [], steps).filter((each) => each === 1).length;
      const source =
        data
          .source('train', item)
          .toLowerCase()
          .match(/[\p{L}]+|[.!]/gu) ?? [];
      assert.deepEqual(
        column(x, steps)
          .slice(0, read)
          .map((token) => data.vocabulary[token]),
        // Of words that stand once a few are left to the unknown one.
        source.map((word) => (data.vocabulary.includes(word) ? word : undefined)),
      );
    }
    const testWords = Array.from({ length: data.windows.test }, (_, index) => data.source('test', index)).join(' ');
    const known = new Set(data.vocabulary);
    const trained = Array.from({ length: count }, (_, index) => data.source('train', index).toLowerCase()).join(' ');
    assert.ok([...known].every((word) => trained.includes(word)));
    assert.ok(testWords.length > 0);
  });

  it('have baselines: copying, the most frequent, the translation of the most similar source', async () => {
    const data = await prepared(pairs);
    const { copy, mostFrequent, nearestSource } = data.baselines('test');
    assert.equal(copy?.metrics['exactMatch'], 0);
    assert.ok((mostFrequent?.metrics['exactMatch'] ?? 1) === 0);
    assert.ok(Number.isFinite(nearestSource?.metrics['bleu']));
    const same = await prepared(animals.map((animal) => `${animal} is here\t${animal} is here`));
    assert.deepEqual(same.baselines('test')['copy']?.metrics, { bleu: 100, exactMatch: 1 });
  });

  it('that are longer than is read or written are cut, and that is said', async () => {
    const data = await prepared([...pairs, 'a b c d e f g\th i j k l m n'], {
      data: { path: 'pairs.tsv', lookback: 3, horizon: 3 },
    });
    assert.equal(data.shape.steps, 3);
    assert.equal(data.shape.longest <= 4, true);
    assert.equal(data.notes.filter(({ template }) => /have more than/.test(template)).length, 2);
  });

  const filled = (data: TranslationData, part: 'train' | 'test', count: number) => {
    const batch = newBatch(batchFeeds({ ...data.shape, target: 'tokens', pooling: 'every' }, count));
    data.fill(
      part,
      Array.from({ length: count }, (_, i) => i),
      count,
      batch,
    );
    return batch;
  };

  it('make a model that can be built', async () => {
    folder.write('pairs.tsv', pairs.join('\n'));
    const { experiment } = await propose(folder.path, { data: { path: 'pairs.tsv' } });
    const data = await loadData(folder.path, experiment);
    const spec = modelSpec(experiment, data.shape);
    assert.deepEqual([spec.target, spec.attention, spec.beam], ['tokens', 'additive', 4]);
    assert.equal(experiment.training.schedule.name, 'cosine');
    const draft = { data: { path: 'pairs.tsv' }, training: { schedule: { name: 'constant' } } };
    assert.equal((await propose(folder.path, draft)).experiment.training.schedule.name, 'constant');
    assert.throws(
      () => modelSpec({ ...experiment, training: { ...experiment.training, truncate: 2 } }, data.shape),
      /translation belongs to a whole sequence/,
    );
  });
});
