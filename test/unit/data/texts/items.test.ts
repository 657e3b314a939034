import assert from 'node:assert/strict';
import path from 'node:path';
import { batchFeeds } from '../../../../extension/core/model/feeds';
import { modelSpec } from '../../../../extension/core/model/spec';
import { newBatch } from '../../../../extension/data/batch';
import { propose } from '../../../../extension/data/choices/propose';
import { loadData } from '../../../../extension/data/load';
import { format } from '../../../../extension/protocol/messages';
import { temporaryFolder } from '../../../support/temporaryFolder';

describe('texts with classes', () => {
  const folder = temporaryFolder();
  const words = ['sun', 'rain', 'wind', 'snow', 'fog', 'hail', 'frost', 'storm', 'haze', 'cloud'];
  const lines = (language: string) => words.map((word, i) => `${language} ${word} ${i}`);

  it('are proposed for a folder with a file a class, and read as they are', async () => {
    for (const language of ['Basque', 'Welsh'])
      folder.write(`names/${language}.txt`, `\uFEFF${lines(language).join('\r\n')}\n\n`);
    folder.write('names/readme.md', 'not a class');
    const { experiment, profile } = await propose(folder.path, { data: { path: 'names' } });
    assert.equal(experiment.task, 'classify');
    assert.deepEqual([experiment.data.features, experiment.data.target], [['text'], 'class']);
    assert.equal(profile.rows, 20);
    const data = await loadData(folder.path, experiment);
    assert.equal(data.task === 'classify' && data.classes.join(), 'Basque,Welsh');
    assert.equal(data.windows.train + data.windows.validation + data.windows.test, 20);
  });

  it('are proposed for a folder with a folder a class', async () => {
    for (const kind of ['good', 'bad'])
      for (const [i, word] of words.entries()) folder.write(`reviews/${kind}/${i}.txt`, `${kind} ${word}\nreally`);
    const { profile } = await propose(folder.path, { data: { path: 'reviews' } });
    assert.deepEqual([profile.rows, profile.columns.map(({ name }) => name)], [20, ['text', 'class']]);
  });

  it('are proposed for a table of nothing but text, the column of fewest different values as the class', async () => {
    folder.write(
      't.tsv',
      ['kind\tsaid', ...words.map((word, i) => `${i % 2 === 0 ? 'even' : 'odd'}\tthe ${word} is number ${i}`)].join(
        '\n',
      ),
    );
    const { experiment, reasons } = await propose(folder.path, { data: { path: 't.tsv' } });
    assert.deepEqual([experiment.data.target, experiment.data.features], ['kind', ['said']]);
    assert.equal(experiment.data.text?.read, 'words');
    assert.ok(reasons.some(({ choice }) => choice === 'data.text'));
  });

  it('are fed as tokens with a mask, the last of a longer text', async () => {
    folder.write('u.csv', ['class,text', ...words.flatMap((word) => [`a,${word}`, `b,${word}s`])].join('\n'));
    const draft = {
      task: 'classify',
      data: { path: 'u.csv', features: ['text'], target: 'class', text: { read: 'characters' }, lookback: 3 },
    };
    const { experiment } = await propose(folder.path, draft);
    const data = await loadData(folder.path, experiment);
    assert.equal(data.task, 'classify');
    if (data.task !== 'classify') return;
    const batch = newBatch(batchFeeds(modelSpec(experiment, data.shape), 2));
    data.fill('train', [0, 1], 2, batch);
    const vocabulary = data.vocabulary ?? [];
    const read = (item: number) => [0, 1, 2].map((step) => vocabulary[batch.x[step * 2 + item] ?? 0] ?? '').join('');
    const text = (item: number) =>
      read(item).slice(0, [0, 1, 2].filter((step) => batch.mask?.[step * 2 + item]).length);
    for (const item of [0, 1]) {
      assert.ok(
        words.some((word) => `${word}s`.slice(-3) === text(item) || word.slice(-3) === text(item)),
        text(item),
      );
    }
    assert.deepEqual([...batch.weight], [1, 1]);
  });

  it('have a vocabulary of the training part alone', async () => {
    const { experiment } = await propose(folder.path, { data: { path: 'u.csv', text: { read: 'words' } } });
    const data = await loadData(folder.path, experiment);
    if (data.task !== 'classify') assert.fail();
    assert.equal(data.vocabulary?.length, data.windows.train);
    const batch = newBatch(batchFeeds(modelSpec(experiment, data.shape), 1));
    data.fill('test', [0], 1, batch);
    // No word is there twice, so none of the test part is known.
    assert.equal(batch.x[0], data.vocabulary?.length);
  });

  it('are read once for each class that they have, however often they stand there', async () => {
    const rows = words.flatMap((word) => [`${word} a`, `${word} b`]);
    folder.write('again/one.txt', [...rows, ...rows, 'both'].join('\n'));
    folder.write('again/two.txt', [...words.map((word) => `no ${word}`), 'both', 'both'].join('\n'));
    const { experiment } = await propose(folder.path, { data: { path: 'again' } });
    const data = await loadData(folder.path, experiment);
    if (data.task !== 'classify') assert.fail();
    // 20 texts of one class, 10 of the other, and one of both.
    assert.equal(data.windows.train + data.windows.validation + data.windows.test, 32);
    assert.deepEqual(
      data.notes.map((note) => format(note)).filter((note) => note.includes('repeat')),
      [
        '22 rows repeat an earlier text; each text is read once for each of its classes, and equal texts are in the same part.',
      ],
    );
  });

  it('say in one sentence what is wrong with a folder or a table', async () => {
    folder.write('empty/readme.md', 'nothing');
    folder.write('pairs.tsv', words.map((word) => `${word}\t${word} in French`).join('\n'));
    await assert.rejects(propose(folder.path, { data: { path: 'empty' } }), /holds no texts/);
    // Texts that all differ are no classes: they are taken for translations.
    assert.equal((await propose(folder.path, { data: { path: 'pairs.tsv' } })).experiment.task, 'translate');
    await assert.rejects(
      propose(folder.path, { task: 'label', data: { path: 'names' } }),
      /Texts with classes can be classified; set task to "classify", not "label"/,
    );
    await assert.rejects(propose(path.join(folder.path, 'none'), { data: { path: 'x' } }), /is not there/);
  });
});
