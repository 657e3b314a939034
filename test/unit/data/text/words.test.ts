import assert from 'node:assert/strict';
import { propose } from '../../../../extension/data/choices/propose';
import { loadData } from '../../../../extension/data/load';
import { splitRows } from '../../../../extension/data/split';
import { joinWords, readWords, wordsOf } from '../../../../extension/data/text/words';
import { temporaryFolder } from '../../../support/temporaryFolder';

describe('the words of a text', () => {
  const folder = temporaryFolder();

  it('are read line by line, with the ends of lines', async () => {
    const { distinct, numbers } = await readWords(folder.write('a.txt', 'To be,\nor not to be.'));
    assert.deepEqual(
      Array.from(numbers, (number) => distinct[number]),
      ['to', 'be', ',', '\n', 'or', 'not', 'to', 'be', '.'],
    );
  });

  it('are joined so that they can be read, after what stands before', () => {
    assert.equal(joinWords(['to', 'be', ',', '\n', 'or', '(', 'not', ')', '!']), 'to be,\nor (not)!');
    assert.equal(joinWords(['is', 'it', '?'], 'What'), ' is it?');
    assert.deepEqual(wordsOf(joinWords(['a', '.', '\n', 'b'])), ['a', '.', '\n', 'b']);
  });

  it('are the tokens of a language model that is asked for them, the most frequent of the training part', async () => {
    const lines = Array.from({ length: 60 }, (_, i) => `the cat ${i} sat on the mat`).join('\n');
    folder.write('b.txt', lines);
    const draft = { data: { path: 'b.txt', text: { read: 'words', most: 6 }, lookback: 4 } };
    const { experiment } = await propose(folder.path, draft);
    assert.equal(experiment.task, 'language');
    const data = await loadData(folder.path, experiment);
    assert.deepEqual(
      data.task === 'language' && [...data.vocabulary].sort(),
      ['\n', 'cat', 'mat', 'on', 'sat', 'the'].sort(),
    );
    assert.ok(data.notes.some(({ template }) => template.includes('words are not in the vocabulary')));
    assert.ok(data.task === 'language');
    const all = { data: { ...draft.data, text: { read: 'words', most: 1000 } } };
    const { experiment: whole } = await propose(folder.path, all);
    const read = await loadData(folder.path, whole);
    // Where all words would find room, a twentieth of what is read, of what stands once, is what unknown words are learnt from.
    const { end } = splitRows(60 * 8 - 1, whole.data.split).train;
    const numbers = Array.from({ length: 60 }, (_, i) => 8 * i + 2).filter((place) => place < end).length;
    assert.ok(read.task === 'language');
    assert.equal(read.vocabulary.length, 6 + numbers - Math.floor(0.05 * end));
    const baselines = data.baselines('test');
    assert.ok((baselines['trigram']?.metrics['nats'] ?? 9) < (baselines['unigram']?.metrics['nats'] ?? 0));
  });
});
