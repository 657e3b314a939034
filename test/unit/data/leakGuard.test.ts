import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { RandomStream, streams } from '../../../extension/core/random';
import { propose } from '../../../extension/data/choices/propose';
import { partsByChance } from '../../../extension/data/items/parts';
import { loadData } from '../../../extension/data/load';
import type { PreparedData } from '../../../extension/data/prepared';
import { taggedParts } from '../../../extension/data/tags/parts';
import { loadTagged } from '../../../extension/data/tags/sentences';
import { prepareTagged } from '../../../extension/data/tags/tagged';
import { prepareTexts } from '../../../extension/data/texts/classified';
import { loadTextItems } from '../../../extension/data/texts/items';
import type { Experiment } from '../../../extension/protocol/experiment';
import { filled } from '../../support/batches';
import { temporaryFolder } from '../../support/temporaryFolder';
import { wavOf } from '../../support/wav';
import { newFolder, removeFolders, smallExperiment } from '../runtime/sampleData';
import { sequenceExperiment, sequenceSamples } from '../runtime/sampleSequences';

/** Everything that training can know of the data: every training batch, and what was fitted or counted for them. */
function known(data: PreparedData) {
  const all = Array.from({ length: data.windows.train }, (_, window) => window);
  const { x, y, weight, mask } = filled(data, 'train', all);
  const { scalers, classes, vocabulary, symbols } = data as unknown as Partial<Record<string, unknown>>;
  const naive = data.task === 'forecast' ? data.targets.map(({ naives, deviation }) => ({ naives, deviation })) : null;
  const linear = data.task === 'forecast' ? data.baselineForecasts('train').linear : null;
  const told = { shape: data.shape, windows: data.windows, scalers, classes, vocabulary, symbols, naive, linear };
  return JSON.parse(JSON.stringify({ told, x: [...x], y: [...y], weight: [...weight], mask: mask && [...mask] }));
}

type Change = (line: string, random: RandomStream) => string;

/** Other numbers in some columns, of any size and sign; some become missing where the last row does not. */
const otherNumbers =
  (...columns: number[]): Change =>
  (line, random) =>
    line
      .split(',')
      .map((cell, column) => (columns.includes(column) ? (random.normal() * 10 ** random.below(6)).toFixed(3) : cell))
      .join(',');

/** A word of the line becomes another one that the training part has. */
const otherWord =
  (words: readonly string[]): Change =>
  (line, random) =>
    words.reduce(
      (changed, word) => changed.replace(new RegExp(`,${word}$`), () => `,${words[random.below(words.length)]}`),
      line,
    );

const both =
  (...changes: Change[]): Change =>
  (line, random) =>
    changes.reduce((changed, change) => change(changed, random), line);

/** Other characters, some of which the training part does not have. */
const otherCharacters: Change = (line, random) =>
  Array.from(line, (character) =>
    random.below(3) === 0 ? (['x', 'Z', '7', 'é'][random.below(4)] ?? '') : character,
  ).join('');

/** What of a file of each sample can change after the training part, and how large a share of its lines is training for certain. */
const samples: Readonly<Record<string, { readonly file: string; readonly change: Change }>> = {
  forecast: { file: 'series.csv', change: otherNumbers(1, 2) },
  classify: { file: 'waves.csv', change: otherNumbers(1, 2) },
  'classify windows': { file: 'slopes.csv', change: both(otherNumbers(0), otherWord(['up', 'down'])) },
  label: { file: 'slopes.csv', change: both(otherNumbers(0), otherWord(['up', 'down'])) },
  language: { file: 'text.txt', change: otherCharacters },
  transcribe: { file: 'waves.csv', change: both(otherNumbers(1, 2), otherWord(['ab', 'ba'])) },
};

/** First line of a file that no training window reads, the header counted. */
function firstLineAfter(lines: readonly string[], { data, task }: Experiment): number {
  const rows = lines.length - (task === 'language' ? 0 : 1);
  const training = 1 - data.split.validation - data.split.test;
  if (data.series === null) return lines.length - rows + Math.ceil(training * rows) + 1;
  const ids = lines.slice(1).map((line) => line.split(',')[0] ?? '');
  const distinct = [...new Set(ids)];
  const first = distinct[Math.ceil(training * distinct.length) + 1] ?? '';
  return 1 + ids.indexOf(first);
}

describe('what comes after the split', () => {
  after(removeFolders);
  const folder = temporaryFolder();

  // Which part a pair or a sentence is in hangs on what it says, as with texts below.
  const byChance = ['translate', 'label words'];
  for (const name of ['forecast', ...sequenceSamples.filter((each) => !byChance.includes(each))]) {
    it(`changes nothing that is trained (${name})`, async () => {
      const sample = samples[name];
      assert.ok(sample !== undefined, `say how ${name} can change`);
      const root = newFolder();
      const experiment =
        name === 'forecast'
          ? await smallExperiment(root, {
              data: { path: 'series.csv', target: 'value', time: 'month', features: ['other'], horizon: 3 },
            })
          : await sequenceExperiment(root, name);
      const file = path.join(root, sample.file);
      const before = known(await loadData(root, experiment));
      const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
      const first = firstLineAfter(lines, experiment);
      assert.ok(first > lines.length / 2 && first < lines.length - 8, `${first} of ${lines.length}`);
      for (let trial = 0; trial < 3; trial++) {
        const random = new RandomStream(trial, streams.weights, 0);
        const changed = lines.map((line, at) => (at < first ? line : sample.change(line, random)));
        assert.notDeepEqual(changed, lines);
        writeFileSync(file, `${changed.join('\n')}\n`);
        assert.deepEqual(known(await loadData(root, experiment)), before);
        if (name !== 'forecast') continue;
        // Nor any choice that was left open.
        const draft = { data: { path: 'series.csv', target: 'value', time: 'month', features: ['other'], horizon: 3 } };
        const proposed = (await propose(root, draft)).experiment;
        writeFileSync(file, `${lines.join('\n')}\n`);
        assert.deepEqual(proposed, (await propose(root, draft)).experiment);
      }
      // The test can fail: a value before the split does change it.
      const early = lines.map((line, at) => (at === 3 ? sample.change(line, new RandomStream(9, 0, 0)) : line));
      writeFileSync(file, `${early.join('\n')}\n`);
      assert.notDeepEqual(known(await loadData(root, experiment)), before);
    });
  }

  it('changes nothing that is trained (words with tags)', async () => {
    const root = newFolder();
    const experiment = await sequenceExperiment(root, 'label words');
    const tagged = await loadTagged(root, experiment);
    const { parts } = taggedParts(tagged.sentences, experiment.data.split);
    const before = known(prepareTagged(tagged, experiment));
    const tags = [...new Set([...parts.train].flatMap((item) => tagged.sentences[item]?.tags ?? []))];
    const withOthers = (items: Uint32Array, random: RandomStream) => {
      const changed = new Set(items);
      return tagged.sentences.map((sentence, item) =>
        changed.has(item)
          ? { ...sentence, tags: sentence.tags.map(() => tags[random.below(tags.length)] ?? null) }
          : sentence,
      );
    };
    for (let trial = 0; trial < 3; trial++) {
      const random = new RandomStream(trial, streams.weights, 0);
      const sentences = withOthers(Uint32Array.from([...parts.validation, ...parts.test]), random);
      assert.notDeepEqual(sentences, tagged.sentences);
      assert.deepEqual(known(prepareTagged({ ...tagged, sentences }, experiment)), before);
    }
    // The test can fail: a tag of the training part does change it.
    const early = withOthers(parts.train.subarray(0, 1), new RandomStream(9, 0, 0));
    assert.notDeepEqual(known(prepareTagged({ ...tagged, sentences: early }, experiment)), before);
  });

  it('changes nothing that is trained (texts)', async () => {
    const words = ['red', 'blue', 'green', 'old', 'new', 'fine', 'dull', 'calm'];
    const lines = Array.from(
      { length: 64 },
      (_, i) => `${i % 2 ? 'a' : 'b'},${words[i % 8]} ${words[(i >> 3) % 8]} ${i}`,
    );
    folder.write('texts.csv', `kind,text\n${lines.join('\n')}\n`);
    const { experiment } = await propose(folder.path, {
      data: { path: 'texts.csv', target: 'kind', features: ['text'] },
    });
    const items = await loadTextItems(folder.path, experiment);
    const partsOf = (labels: readonly string[]) =>
      partsByChance(labels, items.texts.codes, items.target.codes, experiment.data.split);
    const before = known(prepareTexts(items, experiment));
    const parts = partsOf(items.texts.labels);
    let changed = 0;
    for (const item of [...parts.test, ...parts.validation]) {
      const code = items.texts.codes[item] ?? -1;
      for (const letter of 'xyzqvw') {
        // Where a text lies hangs on what it says; only one that stays where it was is another value after the split.
        const labels = items.texts.labels.map((text, i) => (i === code ? `${letter}${text.slice(1)}` : text));
        if (JSON.stringify(partsOf(labels).train) !== JSON.stringify(parts.train)) continue;
        changed++;
        assert.deepEqual(known(prepareTexts({ ...items, texts: { ...items.texts, labels } }, experiment)), before);
      }
    }
    assert.ok(changed > 5, String(changed));
  });

  it('changes nothing that is trained (sounds)', async () => {
    const random = new RandomStream(1, streams.weights, 0);
    const tone = (pitch: number) =>
      wavOf(Array.from({ length: 800 }, (_, i) => 0.4 * Math.sin(i * pitch) + 0.02 * random.normal()));
    const names = Array.from({ length: 15 }, (_, i) => `${i % 3}_ada_${i}.wav`);
    for (const [i, name] of names.entries()) folder.write(`sounds/${name}`, tone(0.1 + 0.2 * (i % 3)));
    const { experiment } = await propose(folder.path, { data: { path: 'sounds' } });
    const { windows, ...rest } = await loadData(folder.path, experiment);
    const before = known({ windows, ...rest } as PreparedData);
    let unchanged = 0;
    for (const name of names) {
      const file = path.join(folder.path, 'sounds', name);
      const original = readFileSync(file);
      writeFileSync(file, tone(0.77));
      const now = known(await loadData(folder.path, experiment));
      if (JSON.stringify(now) === JSON.stringify(before)) unchanged++;
      writeFileSync(file, original);
    }
    // As many sounds tell training nothing as there are outside of it.
    assert.equal(unchanged, windows.validation + windows.test);
  });
});
