import assert from 'node:assert/strict';
import { batchFeeds } from '../../../../extension/core/model/feeds';
import { modelSpec } from '../../../../extension/core/model/spec';
import { newBatch } from '../../../../extension/data/batch';
import { propose } from '../../../../extension/data/choices/propose';
import { loadData } from '../../../../extension/data/load';
import type { ClassData } from '../../../../extension/data/prepared';
import { parts } from '../../../../extension/data/split';
import type { Draft } from '../../../../extension/protocol/experiment';
import { format } from '../../../../extension/protocol/messages';
import { temporaryFolder } from '../../../support/temporaryFolder';

/** Sentences "a<i> sees b<i> ." of which every third is twice there. */
const sentences = Array.from({ length: 40 }, (_, i) => ({
  words: [`a${i % 30}`, 'sees', `b${i % 30}`, '.'],
  tags: ['B-X', 'O', i % 2 === 0 ? 'B-Y' : 'B-Z', 'O'],
}));

describe('sentences whose words have tags', () => {
  const folder = temporaryFolder();
  const rows = sentences.flatMap(({ words, tags }, s) => words.map((word, i) => `s${s}\t${word}\t${tags[i]}`));
  const lines = sentences.map(({ words, tags }) => `${words.join(' ')}\t${tags.join(' ')}`);

  async function prepared(
    content: readonly string[],
    data: Partial<Draft['data']> = {},
    task?: 'label',
  ): Promise<ClassData> {
    folder.write('t.tsv', content.join('\n'));
    const { experiment } = await propose(folder.path, { ...(task && { task }), data: { path: 't.tsv', ...data } });
    const loaded = await loadData(folder.path, experiment);
    assert.ok(loaded.task === 'label');
    return loaded;
  }

  it('are proposed for a word a row, by the names of the columns and with reasons', async () => {
    folder.write('rows.tsv', ['sentence_id\ttoken\tner_tags', ...rows].join('\n'));
    const { experiment, reasons } = await propose(folder.path, { data: { path: 'rows.tsv' } });
    const { task, data } = experiment;
    assert.deepEqual([task, data.features, data.target, data.series], ['label', ['token'], 'ner_tags', 'sentence_id']);
    assert.deepEqual([data.text?.read, data.lookback], ['words', 4]);
    for (const choice of ['task', 'data.features', 'data.target', 'data.series', 'data.text', 'data.lookback'])
      assert.ok(
        reasons.some((reason) => reason.choice === choice),
        choice,
      );
  });

  it('are proposed for a sentence a row with as many tags as words, and mean the same', async () => {
    const byRow = await prepared(['sentence\ttoken\ttag', ...rows]);
    const byLine = await prepared(['text\ttags', ...lines]);
    assert.deepEqual(byLine.windows, byRow.windows);
    assert.deepEqual([byLine.classes, byLine.vocabulary], [byRow.classes, byRow.vocabulary]);
    assert.deepEqual(byLine.wordsOf?.('test', 0), byRow.wordsOf?.('test', 0));
    assert.deepEqual(byLine.baselines('test')['usualTag']?.metrics, byRow.baselines('test')['usualTag']?.metrics);
  });

  it('are left alone where somebody asks for something else, or texts only have a class', async () => {
    folder.write(
      'c.tsv',
      ['text\tlabel', ...sentences.map(({ words }, i) => `${words.join(' ')}\tk${i % 2}`)].join('\n'),
    );
    const classes = await propose(folder.path, { data: { path: 'c.tsv' } });
    assert.equal(classes.experiment.task, 'classify');
    folder.write('t.tsv', ['text\ttags', ...lines].join('\n'));
    const asked = await propose(folder.path, { task: 'classify', data: { path: 't.tsv', target: 'tags' } });
    assert.equal(asked.experiment.task, 'classify');
  });

  it('with the same words are in one part, and are fed once with a mask and a weight for each word', async () => {
    const data = await prepared(['text\ttags', ...lines]);
    const where = new Map<string, string>();
    for (const part of parts) {
      for (let index = 0; index < data.windows[part]; index++) {
        const text = data.wordsOf?.(part, index).join(' ') ?? '';
        assert.equal(where.get(text) ?? part, part);
        where.set(text, part);
      }
    }
    assert.equal(where.size, 30);
    const { experiment } = await propose(folder.path, { data: { path: 't.tsv' } });
    const batch = newBatch(batchFeeds(modelSpec(experiment, data.shape), 2));
    data.fill('train', [0], 2, batch);
    const words = data.wordsOf?.('train', 0) ?? [];
    const known = (word: string) => data.vocabulary?.indexOf(word) ?? -1;
    for (const [step, word] of words.entries()) {
      const place = known(word);
      assert.equal(batch.x[2 * step], place < 0 ? data.vocabulary?.length : place);
      assert.deepEqual([batch.weight[2 * step], batch.mask?.[2 * step], batch.mask?.[2 * step + 1]], [1, 1, 0]);
    }
    assert.equal(data.classes[batch.y[2] ?? -1], 'O');
  });

  it('leave some words of the training part to the unknown one, so that it is learnt', async () => {
    const data = await prepared(['text\ttags', ...lines]);
    const unknown = data.vocabulary?.length ?? 0;
    const { experiment } = await propose(folder.path, { data: { path: 't.tsv' } });
    const count = data.windows.train;
    const batch = newBatch(batchFeeds(modelSpec(experiment, data.shape), count));
    data.fill(
      'train',
      Array.from({ length: count }, (_, i) => i),
      count,
      batch,
    );
    const read = Array.from(batch.x).filter((token, at) => token === unknown && (batch.mask?.[at] ?? 0) > 0).length;
    const words = batch.mask?.reduce((sum, one) => sum + one, 0) ?? 0;
    assert.ok(read > 0 && read <= 0.05 * words, `${read} of ${words}`);
  });

  it('have a baseline that gives each word its most frequent tag, and is judged by words and spans', async () => {
    const data = await prepared(['text\ttags', ...lines]);
    const { majority, usualTag } = data.baselines('test');
    // "sees" and "." are always right, a name is not known in the test part.
    assert.equal(usualTag?.metrics['accuracy'], 0.5);
    assert.equal(usualTag?.metrics['spanF1'], 0);
    assert.equal(majority?.metrics['accuracy'], 0.5);
    const same = await prepared(['text\ttags', ...lines.map((_, i) => `x${i} y z\tO ${i % 5 ? 'B-A I-A' : 'B-A O'}`)]);
    const found = same.baselines('test')['usualTag']?.metrics;
    assert.ok((found?.['accuracy'] ?? 0) > 0.6 && (found?.['spanF1'] ?? 0) > 0.2);
  });

  it('are read in pieces where they are long, each word answered once', async () => {
    const data = await prepared(['text\ttags', ...lines], { lookback: 3 });
    assert.equal(data.shape.steps, 3);
    let answered = 0;
    for (const part of parts) {
      const { experiment } = await propose(folder.path, { data: { path: 't.tsv', lookback: 3 } });
      const count = data.windows[part];
      const batch = newBatch(batchFeeds(modelSpec(experiment, data.shape), count));
      data.fill(
        part,
        Array.from({ length: count }, (_, i) => i),
        count,
        batch,
      );
      answered += batch.weight.reduce((sum, one) => sum + one, 0);
    }
    assert.equal(answered, 160);
    assert.ok(data.notes.some((note) => /40 sentences have more than 3 words/.test(format(note))));
  });

  it('that alone have a tag are learnt from, and that is said', async () => {
    const data = await prepared(['text\ttags', ...lines.map((line, i) => (i === 35 ? 'once only\tRARE O' : line))]);
    assert.ok(data.classes.includes('RARE'));
    const moved = async (at: number) => {
      const own = await prepared(['text\ttags', ...lines.map((line, i) => (i === at ? `w${at} only\tRARE O` : line))]);
      assert.ok(own.classes.includes('RARE'));
      return own.notes.some((note) => /put into the training part/.test(format(note)));
    };
    const told: boolean[] = [];
    for (let at = 0; at < 12; at++) told.push(await moved(at));
    assert.ok(told.includes(true) && told.includes(false));
  });

  it('are refused with a sentence where words and tags do not go together', async () => {
    const label = { features: ['text'], target: 'tags', text: { read: 'words' as const } };
    const says = (message: RegExp) => ({ code: 'data', message });
    await assert.rejects(
      prepared(['text\ttags', 'a b\tO O', 'a b c\tO O'], label, 'label'),
      says(/Row 2 of .+ has 3 words in text and 2 tags/),
    );
    await assert.rejects(
      prepared(['text\ttags', 'a\tO', 'b\tX', 'c\tO'], label, 'label'),
      says(/one word in text.+data\.series/),
    );
    await assert.rejects(
      prepared(['text\ttags', ...lines.map((_, i) => `a${i} b\tO O`)], label, 'label'),
      says(/is "O" throughout/),
    );
    await assert.rejects(
      prepared(['n\tm', '1\t2', '3\t4'], { text: { read: 'words' } }, 'label'),
      says(/cannot be told which columns/),
    );
    await assert.rejects(
      prepared(['text\ttags', '\tO', ' \t'], label, 'label'),
      says(/no row with both text and tags/),
    );
  });

  it('leave out rows without a word and judge no word without a tag', async () => {
    const data = await prepared(['sentence\ttoken\ttag', ...rows, 's0\t\tO', 's50\tx\t', '\ty\tO'], {}, 'label');
    assert.ok(data.notes.some((note) => /2 rows without token or sentence/.test(format(note))));
    assert.ok(data.notes.some((note) => /1 sequences without a value of tag/.test(format(note))));
  });
});
