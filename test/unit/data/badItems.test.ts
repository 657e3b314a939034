import assert from 'node:assert/strict';
import { propose } from '../../../extension/data/choices/propose';
import { loadData } from '../../../extension/data/load';
import type { Draft } from '../../../extension/protocol/experiment';
import { format } from '../../../extension/protocol/messages';
import { filled } from '../../support/batches';
import { temporaryFolder } from '../../support/temporaryFolder';
import { wavOf } from '../../support/wav';

const range = (count: number) => Array.from({ length: count }, (_, i) => i);
const tone = (hertz: number) => range(1200).map((i) => 0.5 * Math.sin((2 * Math.PI * hertz * i) / 8000));

/** What training is kept from, or told of, by files that hold texts, sounds and classes as people have them. */
describe('bad texts, sounds and classes', () => {
  const folder = temporaryFolder();
  const load = async (draft: Draft) => {
    const { experiment } = await propose(folder.path, draft);
    return loadData(folder.path, experiment);
  };
  const notesOf = async (draft: Draft) => (await load(draft)).notes.map((note) => format(note));

  describe('of one class only are refused, whatever is classified', () => {
    const throughout = { code: 'data', message: /"a" throughout the training part, so there is nothing to learn/ };
    it('texts', async () => {
      folder.write('t.csv', ['kind,text', ...range(20).map((i) => `a,some text ${i}`)].join('\n'));
      const data = { path: 't.csv', target: 'kind', features: ['text'] };
      await assert.rejects(propose(folder.path, { task: 'classify', data }), throughout);
    });
    it('sounds', async () => {
      for (const i of range(10)) folder.write(`s/a_${i}.wav`, wavOf(tone(300 + i)));
      await assert.rejects(propose(folder.path, { data: { path: 's' } }), throughout);
    });
    it('rows and sequences', async () => {
      folder.write('r.csv', ['id,x,kind', ...range(60).map((i) => `${Math.floor(i / 3)},${i % 7},a`)].join('\n'));
      for (const series of [null, 'id']) {
        const data = { path: 'r.csv', target: 'kind', features: ['x'], series };
        for (const task of ['classify', 'label'] as const)
          await assert.rejects(propose(folder.path, { task, data }), throughout);
      }
    });
  });

  it('with a class in the test part alone are refused by name where the order of the file decides', async () => {
    const kind = (i: number) => (i >= 18 ? 'new' : i % 2 ? 'a' : 'b');
    folder.write(
      'r.csv',
      ['id,x,kind', ...range(60).map((i) => `${Math.floor(i / 3)},${i % 7},${kind(Math.floor(i / 3))}`)].join('\n'),
    );
    const data = { path: 'r.csv', target: 'kind', features: ['x'], series: 'id' };
    await assert.rejects(propose(folder.path, { task: 'classify', data }), {
      code: 'data',
      message: /class "new" of kind is in no sequence of the training part; mix the order/,
    });
  });

  it('of a class that is there once are learnt from where chance decides, so no class is new in the test part', async () => {
    const line = (i: number) => `${i === 7 ? 'once' : i % 2 ? 'a' : 'b'},some text ${i}`;
    folder.write('t.csv', ['kind,text', ...range(30).map(line)].join('\n'));
    const data = await load({ task: 'classify', data: { path: 't.csv', target: 'kind', features: ['text'] } });
    assert.deepEqual(data.task === 'classify' && data.classes, ['a', 'b', 'once']);
    for (const i of range(30))
      folder.write(`once/${i === 7 ? 'once' : i % 2 ? 'a' : 'b'}_${i}.wav`, wavOf(tone(300 + i)));
    const sounds = await load({ data: { path: 'once' } });
    assert.deepEqual(sounds.task === 'classify' && sounds.classes, ['a', 'b', 'once']);
  });

  it('that are empty, or hold nothing to read, are left out and counted', async () => {
    const text = (i: number) => (i === 3 ? '' : i === 4 ? '"   "' : `some text ${i}`);
    folder.write('t.csv', ['kind,text', ...range(30).map((i) => `${i % 2 ? 'a' : 'b'},${text(i)}`)].join('\n'));
    const draft: Draft = {
      task: 'classify',
      data: { path: 't.csv', target: 'kind', features: ['text'], text: { read: 'words' } },
    };
    const data = await load(draft);
    assert.equal(data.windows.train + data.windows.validation + data.windows.test, 28);
    assert.ok((await notesOf(draft)).some((note) => /^2 rows without a text or a class were left out/.test(note)));
    for (const i of range(12)) {
      folder.write(`texts/good/${i}.txt`, i === 2 ? ' \n' : `fine words ${i}`);
      folder.write(`texts/bad/${i}.txt`, `other words ${i}`);
    }
    assert.ok((await notesOf({ data: { path: 'texts' } })).some((note) => /^1 rows without a text/.test(note)));
    folder.write(
      'p.tsv',
      ['en\tfr', ...range(30).map((i) => (i === 5 ? '" "\tun' : i === 6 ? 'one\t" "' : `the ${i}\tle ${i}`))].join(
        '\n',
      ),
    );
    const pairs: Draft = { task: 'translate', data: { path: 'p.tsv' } };
    assert.ok(
      (await notesOf(pairs)).some((note) => /^2 rows without a source or a translation were left out/.test(note)),
    );
    folder.write('none.csv', ['kind,text', ...range(20).map((i) => `${i % 2 ? 'a' : 'b'},"  "`)].join('\n'));
    await assert.rejects(load({ ...draft, data: { ...draft.data, path: 'none.csv' } }), {
      code: 'data',
      message: /gives 0 sequences to training/,
    });
  });

  it('in sounds of every kind make one set: stereo, 8 to 32 bits, floats, other rates; cut and silent ones are named', async () => {
    const whole = wavOf(tone(400));
    const sounds: readonly Buffer[] = [
      wavOf(tone(300), { bits: 8 }),
      wavOf(tone(310), { bits: 24 }),
      wavOf(tone(320), { bits: 32 }),
      wavOf(tone(330), { bits: 32, float: true }),
      wavOf(tone(340), { bits: 64, float: true }),
      wavOf(
        tone(350).flatMap((sample) => [sample, sample]),
        { channels: 2 },
      ),
      wavOf(tone(360), { rate: 16_000 }),
      whole.subarray(0, whole.length - 101),
      wavOf(new Array(900).fill(0)),
      wavOf([]),
    ];
    for (const [i, sound] of sounds.entries()) folder.write(`kinds/a_${i}.wav`, sound);
    for (const i of range(10)) folder.write(`kinds/b_${i}.wav`, wavOf(tone(1200 + i)));
    const notes = await notesOf({ data: { path: 'kinds' } });
    const said = (pattern: RegExp) =>
      assert.ok(
        notes.some((note) => pattern.test(note)),
        `${pattern} in ${notes.join('\n')}`,
      );
    said(/^1 sounds end before they say that they do, the first of them a_7\.wav; what is there is read/);
    said(/^2 sounds are silent, the first of them a_8\.wav/);
    said(/^Sounds have 2 different rates; frequencies up to 4000 Hz/);
    const data = await load({ data: { path: 'kinds' } });
    assert.equal(data.windows.train + data.windows.validation + data.windows.test, 20);
    assert.ok(
      data.task === 'classify' && data.scalers.every(({ offset, scale }) => Number.isFinite(offset) && scale > 0),
    );
    folder.write('kinds/c_1.wav', Buffer.from('ID3, which is no WAV'));
    await assert.rejects(propose(folder.path, { data: { path: 'kinds' } }), {
      code: 'data',
      message: /c_1\.wav is not a WAV file; convert it/,
    });
  });

  it('in sounds that are there twice are in one part, and are told of', async () => {
    for (const i of range(24)) {
      const sound = wavOf(tone(i % 2 ? 300 + i : 1200 + i));
      folder.write(`twice/${i % 2 ? 'low' : 'high'}_${i}.wav`, sound);
      folder.write(`twice/${i % 2 ? 'low' : 'high'}_copy_${i}.wav`, sound);
    }
    const data = await load({ data: { path: 'twice' } });
    assert.ok(
      data.notes.some((note) =>
        /^24 sounds are the same as another one, the first of them high_copy_0\.wav/.test(format(note)),
      ),
    );
    const batches = (['train', 'validation', 'test'] as const).map((part) => {
      const { x, mask } = filled(data, part, range(data.windows[part]));
      assert.ok(mask !== undefined && data.windows[part] > 1);
      const { steps, input } = data.shape;
      const features = input.kind === 'values' ? input.features : 1;
      const count = data.windows[part];
      return range(count).map((item) =>
        range(steps * features)
          .map((at) => x[at * count + item])
          .join(),
      );
    });
    const [train, ...others] = batches.map((sounds) => new Set(sounds));
    for (const other of others) for (const sound of other) assert.ok(train?.has(sound) === false);
  });

  it('in other encodings are read, and what was read otherwise is said', async () => {
    const western = /^\d+ lines are not UTF-8, the first of them line \d+, and were read as Windows-1252/;
    const says = async (draft: Draft, pattern: RegExp) => {
      const notes = await notesOf(draft);
      assert.ok(
        notes.some((note) => pattern.test(note)),
        `${pattern} in ${notes.join('\n')}`,
      );
    };
    const latin = (lines: readonly string[]) => Buffer.from(`${lines.join('\n')}\n`, 'latin1');
    const texts = range(30).map((i) => `${i % 2 ? 'gut' : 'mies'},ein süßer text ${i}`);
    folder.write('latin.csv', latin(['kind,text', ...texts]));
    await says({ task: 'classify', data: { path: 'latin.csv', target: 'kind', features: ['text'] } }, western);
    folder.write('latin.tsv', latin(['en\tfr', ...range(30).map((i) => `summer ${i}\tété ${i}`)]));
    await says({ task: 'translate', data: { path: 'latin.tsv' } }, western);
    const words = range(30).flatMap((i) => [`${i},été,A`, `${i},w${i},B`, `${i},vu,${i === 3 ? '' : 'B'}`]);
    folder.write('tags.csv', latin(['sentence,word,tag', ...words]));
    const tagged: Draft = {
      task: 'label',
      data: { path: 'tags.csv', target: 'tag', features: ['word'], series: 'sentence', text: { read: 'words' } },
    };
    await says(tagged, western);
    await says(tagged, /^1 words have no value of tag; they are read, and nothing is learnt of them\.$/);
    folder.write('latin.txt', latin(range(200).map((i) => `l'été ${i}`)));
    await says({ task: 'language', data: { path: 'latin.txt' } }, western);
    for (const i of range(12)) {
      folder.write(`encoded/good/${i}.txt`, i < 6 ? Buffer.from(`café ${i}`, 'latin1') : `café ${i}`);
      folder.write(`encoded/bad/${i}.txt`, i === 0 ? Buffer.from(`\uFEFFthé ${i}`, 'utf16le') : `thé ${i}`);
    }
    await says(
      { data: { path: 'encoded' } },
      /^7 files are not UTF-8, the first of them bad\/0\.txt; they were read as/,
    );
    const data = await load({ data: { path: 'encoded', text: { read: 'words' } } });
    assert.ok(data.task === 'classify' && data.vocabulary?.includes('café') && data.vocabulary.includes('thé'));
  });

  it('in a folder of both are sounds where these are what it holds most of', async () => {
    for (const i of range(12))
      for (const kind of ['a', 'b']) folder.write(`both/${kind}/${i}.txt`, `words ${kind} ${i}`);
    folder.write('both/b/strayed.wav', wavOf(tone(300)));
    const { experiment } = await propose(folder.path, { data: { path: 'both' } });
    assert.deepEqual([experiment.task, experiment.data.sound], ['classify', null]);
    folder.write('both/a/picture.txt', Buffer.from(range(400).map((i) => i % 256)));
    await assert.rejects(propose(folder.path, { data: { path: 'both' } }), {
      code: 'data',
      message: /picture\.txt is not text; convert it, or take it out of the folder/,
    });
  });

  it('of rows without a class, and of sequences with several, are told of', async () => {
    const rows = (kind: (row: number) => string) => range(400).map((i) => `${i % 20},${(i * 7) % 31},${kind(i)}`);
    folder.write('r.csv', ['id,x,kind', ...rows((i) => (i % 9 === 4 ? '' : (i >> 3) % 2 ? 'a' : 'b'))].join('\n'));
    const data = { path: 'r.csv', target: 'kind', features: ['x'] };
    const open = /^44 rows have no value of kind; they are read, and nothing is learnt of them\.$/;
    for (const task of ['classify', 'label'] as const)
      assert.ok(
        (await notesOf({ task, data })).some((note) => open.test(note)),
        task,
      );
    folder.write('s.csv', ['id,x,kind', ...rows((i) => (i % 20 === 4 && i < 40 ? 'b' : i % 2 ? 'a' : 'b'))].join('\n'));
    folder.write('t.csv', ['id,x,kind', ...rows((i) => (i === 7 ? 'b' : i % 2 ? 'a' : 'b'))].join('\n'));
    const several = /^1 sequences have more than one value of kind, the first of them 7; the last value of each is/;
    const said = async (path: string) =>
      (await notesOf({ task: 'classify', data: { ...data, path, series: 'id' } })).some((note) => several.test(note));
    assert.deepEqual([await said('s.csv'), await said('t.csv')], [false, true]);
  });

  it('of a column without any value are refused by its name', async () => {
    folder.write('n.csv', ['v,c', ...range(80).map((i) => `${(i * 7) % 31},`)].join('\n'));
    await assert.rejects(propose(folder.path, { data: { path: 'n.csv', target: 'v', features: ['c'] } }), {
      code: 'data',
      message: /Column c of .*n\.csv holds no value at all/,
    });
  });
});
