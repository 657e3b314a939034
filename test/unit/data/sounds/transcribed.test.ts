import assert from 'node:assert/strict';
import { batchFeeds } from '../../../../extension/core/model/feeds';
import { modelSpec } from '../../../../extension/core/model/spec';
import { newBatch } from '../../../../extension/data/batch';
import { propose } from '../../../../extension/data/choices/propose';
import { loadData } from '../../../../extension/data/load';
import type { TranscriptData } from '../../../../extension/data/prepared';
import { format } from '../../../../extension/protocol/messages';
import { temporaryFolder } from '../../../support/temporaryFolder';
import { wavOf } from '../../../support/wav';

const tone = (hertz: number, length: number) =>
  Array.from({ length }, (_, i) => 0.5 * Math.sin((2 * Math.PI * hertz * i) / 8000));
const words = ['ab', 'ba', 'abba', 'b', 'a', 'bab'];
const said = (take: number) => words[take % words.length] ?? '';

describe('a folder of sounds and what they say', () => {
  const folder = temporaryFolder();
  before(() => {
    for (let take = 0; take < 30; take++) {
      const sound = wavOf(tone(300 + 20 * take, 2000 + 100 * (take % 5)));
      for (const name of ['beside', 'table', 'none', 'both']) folder.write(`${name}/take_${take}.wav`, sound);
      folder.write(`beside/take_${take}.txt`, `\uFEFF ${said(take)} \r\n`);
      folder.write(`both/take_${take}.txt`, said(take));
    }
    const rows = Array.from({ length: 30 }, (_, take) => `take_${take}${take % 2 ? '.wav' : ''}\t${said(take)}`);
    folder.write('table/transcripts.tsv', ['file\ttext', ...rows, 'other.wav\tnothing'].join('\n'));
    folder.write('table/about.csv', 'author,year\nsomebody,2001');
    folder.write(
      'both/digits.csv',
      ['file,code', ...rows.map((_, take) => `take_${take}.wav,00${take % 3}`)].join('\n'),
    );
  });

  async function prepared(data: { path: string; target?: string; lookback?: number }): Promise<TranscriptData> {
    const { experiment } = await propose(folder.path, { data });
    const loaded = await loadData(folder.path, experiment);
    assert.ok(loaded.task === 'transcribe');
    return loaded;
  }

  it('is transcribed where a text stands beside each sound, with the reason for it', async () => {
    const { experiment, profile, reasons } = await propose(folder.path, { data: { path: 'beside' } });
    assert.deepEqual([experiment.task, experiment.data.target], ['transcribe', 'text']);
    assert.deepEqual(
      profile.columns.map(({ name }) => name),
      ['class', 'text'],
    );
    assert.ok(reasons.some(({ choice }) => choice === 'task'));
    const data = await prepared({ path: 'beside' });
    assert.deepEqual(data.symbols, ['a', 'b']);
    assert.equal(data.windows.train + data.windows.validation + data.windows.test, 30);
    assert.equal(data.shape.longest, 4);
  });

  it('means the same where a table says it, with or without the ending of a name', async () => {
    const [beside, table] = [await prepared({ path: 'beside' }), await prepared({ path: 'table' })];
    assert.deepEqual(table.windows, beside.windows);
    assert.deepEqual(table.baselines('test'), beside.baselines('test'));
    assert.notEqual(table.fingerprint, beside.fingerprint);
  });

  it('keeps the zeros before a number that is said', async () => {
    const data = await prepared({ path: 'both', target: 'code' });
    assert.deepEqual(data.symbols, ['0', '1', '2']);
    assert.equal(data.shape.longest, 3);
  });

  it('is classified where that is asked for, or nothing says what is said', async () => {
    for (let take = 0; take < 10; take++) {
      for (const kind of ['low', 'high']) {
        folder.write(`two/${kind}_${take}.wav`, wavOf(tone((kind === 'low' ? 300 : 900) + take, 2000)));
        folder.write(`two/${kind}_${take}.txt`, kind);
      }
    }
    const taskOf = async (draft: { task?: 'classify'; target?: string }) => {
      const { task, target } = draft;
      const found = await propose(folder.path, {
        ...(task && { task }),
        data: { path: 'two', ...(target && { target }) },
      });
      assert.equal(found.profile.columns.length, 2);
      return found.experiment.task;
    };
    assert.deepEqual(
      [await taskOf({}), await taskOf({ task: 'classify' }), await taskOf({ target: 'class' })],
      ['transcribe', 'classify', 'classify'],
    );
    await assert.rejects(propose(folder.path, { task: 'transcribe', data: { path: 'none' } }), {
      code: 'data',
      message: /does not say what its sounds say; put a text NAME\.txt/,
    });
    await assert.rejects(propose(folder.path, { task: 'label', data: { path: 'none' } }), {
      code: 'experiment',
      message: /classified or transcribed/,
    });
  });

  it('is fed as bands with symbols that end with -1, and a mask and a weight for each step', async () => {
    const { experiment } = await propose(folder.path, { data: { path: 'beside' } });
    const data = await prepared({ path: 'beside' });
    const spec = modelSpec(experiment, data.shape);
    const batch = newBatch(batchFeeds(spec, 2));
    data.fill('train', [1], 2, batch);
    const symbols = Array.from({ length: data.shape.longest }, (_, place) => batch.y[2 * place] ?? 0);
    const text = symbols
      .filter((symbol) => symbol > 0)
      .map((symbol) => data.symbols[symbol - 1])
      .join('');
    assert.ok(words.includes(text));
    assert.ok(symbols.slice(text.length).every((symbol) => symbol === -1));
    assert.deepEqual(Array.from(batch.weight), Array.from(batch.mask ?? []));
    const steps = (batch.mask ?? new Float32Array(0)).filter((each) => each === 1).length;
    assert.ok(steps >= 14 && steps <= data.shape.steps, `${steps}`);
    assert.ok(
      Array.from({ length: data.shape.longest }, (_, place) => batch.y[2 * place + 1]).every((each) => each === -1),
    );
  });

  it('leaves out sounds without a text and those that are too long to be read whole, and says so', async () => {
    for (let take = 0; take < 30; take++) {
      folder.write(`odd/take_${take}.wav`, wavOf(tone(400 + take, take === 3 ? 9000 : 2000)));
      if (take !== 4) folder.write(`odd/take_${take}.txt`, take === 5 ? ' \n' : said(take));
    }
    const data = await prepared({ path: 'odd', lookback: 40 });
    const notes = data.notes.map((note) => format(note));
    assert.ok(
      notes.some((note) => /^2 sounds without a transcript were left out/.test(note)),
      notes.join('\n'),
    );
    assert.ok(notes.some((note) => /^1 sounds have more than 40 steps and were left out/.test(note)));
    assert.equal(data.windows.train + data.windows.validation + data.windows.test, 27);
  });

  it('learns from a sound that alone has a character, and refuses a text that cannot fit its sound', async () => {
    for (let take = 0; take < 12; take++) {
      for (let odd = 0; odd < 12; odd++) {
        folder.write(`rare${odd}/take_${take}.wav`, wavOf(tone(400 + take, 2000)));
        folder.write(`rare${odd}/take_${take}.txt`, take === odd ? 'xyz' : said(take));
      }
    }
    const moved: boolean[] = [];
    for (let odd = 0; odd < 12; odd++) {
      const data = await prepared({ path: `rare${odd}` });
      assert.deepEqual(data.symbols.slice(-3), ['x', 'y', 'z']);
      moved.push(data.notes.some((note) => /were put into the training part/.test(format(note))));
    }
    assert.ok(moved.includes(true) && moved.includes(false));
    folder.write('rare0/take_3.txt', 'a'.repeat(60));
    await assert.rejects(propose(folder.path, { data: { path: 'rare0' } }), {
      code: 'data',
      message: /take_3\.wav has 14 steps, and its transcript needs 119/,
    });
  });

  it('refuses a transcript that is no text', async () => {
    folder.write('bad/a.wav', wavOf(tone(400, 2000)));
    folder.write('bad/a.txt', Buffer.of(0xff, 0xfe, 0x61, 0x00));
    await assert.rejects(propose(folder.path, { data: { path: 'bad' } }), {
      code: 'data',
      message: /a\.txt is not text in UTF-8/,
    });
  });
});
