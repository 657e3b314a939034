import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { RandomStream, streams } from '../../../extension/core/random';
import { propose } from '../../../extension/data/choices/propose';
import { loadData } from '../../../extension/data/load';
import type { PreparedData } from '../../../extension/data/prepared';
import { taggedParts } from '../../../extension/data/tags/parts';
import { loadTagged } from '../../../extension/data/tags/sentences';
import { partsOfTexts } from '../../../extension/data/texts/classified';
import { loadTextItems } from '../../../extension/data/texts/items';
import type { Draft, Experiment } from '../../../extension/protocol/experiment';
import { filled } from '../../support/batches';
import { temporaryFolder } from '../../support/temporaryFolder';
import { wavOf } from '../../support/wav';

const range = (count: number) => Array.from({ length: count }, (_, i) => i);
const stream = (seed: number) => new RandomStream(seed, streams.weights, 0);

/** Everything that training can know of the data, and how the file says that its numbers and tokens are to be read. */
function known(data: PreparedData): string {
  const { x, y, weight, mask } = filled(data, 'train', range(data.windows.train));
  const { scalers, seriesScalers, classes, vocabulary, symbols, translations } = data as unknown as Partial<
    Record<string, unknown>
  >;
  const fitted = { scalers, seriesScalers, classes, vocabulary, symbols, translations };
  const batch = [x, y, weight, mask ?? []].map((values) => [...values]);
  const all = JSON.stringify({ shape: data.shape, windows: data.windows.train, fitted, batch });
  return createHash('sha256').update(all).digest('hex');
}

const words = 'red blue green old new fine dull calm warm cold'.split(' ');

/**
 * Items of which chance says which part they are in lie where their content says. So each line of a file is changed again and again, and
 * whatever leaves the items to train on as they are may change nothing else that training knows.
 */
describe('what comes after the split, where chance says what that is,', () => {
  const folder = temporaryFolder();

  /** Asserts that no change that `trainingOf` does not see is seen by training or by what is proposed; answers how many changes were tried. */
  async function unseen(
    file: string,
    draft: Draft,
    trainingOf: (experiment: Experiment) => Promise<unknown>,
    changes: readonly (readonly [line: number, text: string])[],
  ): Promise<number> {
    const full = path.join(folder.path, file);
    const lines = readFileSync(full, 'utf8').trimEnd().split('\n');
    const { experiment } = await propose(folder.path, draft);
    const before = known(await loadData(folder.path, experiment));
    const training = JSON.stringify(await trainingOf(experiment));
    let tried = 0;
    const write = (text: readonly string[]) => writeFileSync(full, `${text.join('\n')}\n`);
    for (const [line, text] of changes) {
      write(lines.map((each, i) => (i === line ? text : each)));
      if (JSON.stringify(await trainingOf(experiment)) !== training) continue;
      tried++;
      assert.equal(known(await loadData(folder.path, experiment)), before, text);
      assert.deepEqual((await propose(folder.path, draft)).experiment, experiment, text);
    }
    write(lines);
    return tried;
  }

  it('changes nothing of texts, also where they become longer and have new words', async () => {
    for (const short of [true, false]) {
      // Where a person leaves more room than training needs, what is tested has it no less.
      const room = short ? ({ text: { read: 'words' }, lookback: 40 } as const) : {};
      const draft: Draft = { data: { path: 'texts.csv', target: 'kind', features: ['text'], ...room } };
      const line = (i: number) =>
        `${words[i % 10]} ${words[(3 * i + 1) % 10]}${short ? '' : ` the ${words[(7 * i) % 9]} one ${i}`}`;
      folder.write(
        'texts.csv',
        ['kind,text', ...range(60).map((i) => `${i % 2 ? 'a' : 'b'},${line(i)} ${i}`)].join('\n'),
      );
      const random = stream(1);
      const changes = range(50).map((n): [number, string] => {
        const at = 1 + (n % 60);
        const text = range(1 + random.below(30)).map(() => `${words[random.below(10)]}${random.below(4) ? '' : 'x'}`);
        return [at, `${(at - 1) % 2 ? 'a' : 'b'},${text.join(' ')}`];
      });
      const trainingOf = async ({ data }: Experiment) => {
        const { texts, target } = await loadTextItems(folder.path, { data } as Experiment);
        const { train } = partsOfTexts(texts, target, data.split);
        return Array.from(train, (item) => [item, texts.labels[texts.codes[item] ?? -1]]);
      };
      const tried = await unseen('texts.csv', draft, trainingOf, changes);
      assert.ok(tried > 5, String(tried));
    }
  });

  it('changes nothing of pairs, also where they become longer and have new words', async () => {
    const pair = (i: number) =>
      `the ${words[i % 10]} ${words[(3 * i) % 7]} ${i}\tle ${words[i % 10]}x ${words[(3 * i) % 7]}x ${i}`;
    folder.write('pairs.tsv', ['english\tfrench', ...range(60).map(pair)].join('\n'));
    const random = stream(2);
    const said = () => range(1 + random.below(20)).map(() => `${words[random.below(10)]}${random.below(4) ? '' : 'q'}`);
    const changes = range(30).map((n): [number, string] => {
      const [source = '', target = ''] = pair(n % 60).split('\t');
      return [1 + (n % 60), random.below(2) ? `${said().join(' ')}\t${target}` : `${source}\t${said().join(' ')}`];
    });
    const trainingOf = async (experiment: Experiment) => {
      const data = await loadData(folder.path, experiment);
      assert.ok(data.task === 'translate');
      return range(data.windows.train).map((index) => [data.source('train', index), data.truth('train', index)]);
    };
    for (const room of [{}, { text: { read: 'words' }, lookback: 40, horizon: 40 }] as const) {
      const tried = await unseen('pairs.tsv', { data: { path: 'pairs.tsv', ...room } }, trainingOf, changes);
      assert.ok(tried > 5, String(tried));
    }
  });

  it('changes nothing of words with tags: neither words nor tags', async () => {
    const rows = range(50).flatMap((i) =>
      range(4).map((k) => `${i},${words[(i * k + i) % 10]}${k + (i % 7)},${k % 2 ? 'A' : 'B'}`),
    );
    folder.write('tags.csv', ['sentence,word,tag', ...rows].join('\n'));
    const random = stream(3);
    const changes = range(100).map((n): [number, string] => {
      const row = 2 * n;
      const [sentence, , tag] = (rows[row] ?? '').split(',');
      return [row + 1, `${sentence},${words[random.below(10)]}new,${random.below(2) ? tag : 'A'}`];
    });
    const trainingOf = async (experiment: Experiment) => {
      const { sentences } = await loadTagged(folder.path, experiment);
      return Array.from(taggedParts(sentences, experiment.data.split).parts.train, (item) => sentences[item]);
    };
    const tried = await unseen('tags.csv', { data: { path: 'tags.csv' } }, trainingOf, changes);
    assert.ok(tried > 10, String(tried));
  });

  it('changes nothing of sounds with classes, however long, or with transcripts', async () => {
    const random = stream(4);
    const tone = (length: number) =>
      wavOf(range(length).map((i) => 0.4 * Math.sin(i * (0.1 + 0.3 * random.uniform())) + 0.02 * random.normal()));
    const said = (i: number) => ['ab', 'ba', 'bb'][i % 3] ?? '';
    for (const i of range(20)) {
      folder.write(`classes/${i % 2 ? 'low' : 'high'}_${i}.wav`, tone(2000));
      folder.write(`said/take_${i}.wav`, tone(4000));
      folder.write(`said/take_${i}.txt`, said(i));
    }
    for (const name of ['classes', 'said']) {
      const { experiment } = await propose(folder.path, { data: { path: name } });
      const data = await loadData(folder.path, experiment);
      const before = known(data);
      let unchanged = 0;
      for (const i of range(20)) {
        const file = name === 'said' ? `take_${i}` : `${i % 2 ? 'low' : 'high'}_${i}`;
        const full = path.join(folder.path, name, `${file}.wav`);
        const original = readFileSync(full);
        writeFileSync(full, name === 'said' ? tone(4000) : tone(3000));
        if (name === 'said') folder.write(`said/take_${i}.txt`, said(i + 1));
        if (known(await loadData(folder.path, experiment)) === before) unchanged++;
        writeFileSync(full, original);
        if (name === 'said') folder.write(`said/take_${i}.txt`, said(i));
      }
      // As many sounds tell training nothing as there are outside of it.
      assert.equal(unchanged, data.windows.validation + data.windows.test, name);
    }
  });

  it('changes nothing of the words of a text', async () => {
    const line = (i: number) => `${words[i % 10]} and ${words[(i * 7) % 9]} make ${words[(i * 3) % 8]}.`;
    folder.write('text.txt', `${range(400).map(line).join('\n')}\n`);
    const draft: Draft = { task: 'language', data: { path: 'text.txt', text: { read: 'words' } } };
    const random = stream(5);
    // A line has six words and its end: lines from 300 on are beyond the training part of 65 %.
    const changes = range(30).map((n): [number, string] => [
      300 + n * 3,
      range(5)
        .map(() => `${words[random.below(10)]}z`)
        .join(' '),
    ]);
    const { experiment } = await propose(folder.path, draft);
    // No word more or less, so that the parts begin where they did.
    const same = changes.map(([at, text]): [number, string] => [at, `${text}.`]);
    assert.equal(line(1).match(/\w+|\./g)?.length, same[0]?.[1].match(/\w+|\./g)?.length);
    const tried = await unseen('text.txt', draft, async () => [], same);
    assert.equal(tried, 30);
    const before = known(await loadData(folder.path, experiment));
    writeFileSync(
      path.join(folder.path, 'text.txt'),
      `${range(400)
        .map((i) => (i === 5 ? 'dull dull dull dull dull.' : line(i)))
        .join('\n')}\n`,
    );
    assert.notEqual(known(await loadData(folder.path, experiment)), before);
  });

  it('changes nothing of several series, whichever of them it is in', async () => {
    const value = (s: number, t: number) => (s + 1) * (50 + 10 * Math.sin(t / 3) + (t % 5));
    const row = (s: number, t: number, y: number, z: number) =>
      `${'abc'[s]},${new Date(Date.UTC(2020, 0, 1 + t)).toISOString().slice(0, 10)},${y.toFixed(3)},${z.toFixed(3)}`;
    const lines = range(3).flatMap((s) => range(120).map((t) => row(s, t, value(s, t), Math.cos(t / 4))));
    const write = (rows: readonly string[]) => folder.write('several.csv', ['shop,t,sold,mild', ...rows].join('\n'));
    for (const more of [
      { scaleBy: 'all' },
      { scaleBy: 'series', scaler: 'robust' },
      { transform: 'difference' },
    ] as const) {
      write(lines);
      const data = {
        path: 'several.csv',
        series: 'shop',
        target: 'sold',
        time: 't',
        features: ['mild'],
        horizon: 3,
        ...more,
      };
      const { experiment } = await propose(folder.path, { data });
      const before = known(await loadData(folder.path, experiment));
      const { validation, test } = experiment.data.split;
      const first = Math.ceil((1 - validation - test) * 120) + 1;
      for (const trial of range(3)) {
        const random = stream(10 + trial);
        const changed = lines.map((line, at) => {
          const [s, t] = [Math.floor(at / 120), at % 120];
          return t < first ? line : row(s, t, random.normal() * 10 ** random.below(6), random.normal() * 100);
        });
        write(changed);
        assert.equal(known(await loadData(folder.path, experiment)), before);
        assert.deepEqual((await propose(folder.path, { data })).experiment, experiment);
      }
      write(lines.map((line, at) => (at === 130 ? row(1, 10, 7000, 3) : line)));
      assert.notEqual(known(await loadData(folder.path, experiment)), before);
    }
  });
});
