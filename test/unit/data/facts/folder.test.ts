import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, truncateSync } from 'node:fs';
import path from 'node:path';
import { propose } from '../../../../extension/data/choices/propose';
import { dataFacts, proposedFacts } from '../../../../extension/data/facts/facts';
import { factLimits as limits } from '../../../../extension/data/facts/limits';
import { soundPicture } from '../../../../extension/data/facts/soundPicture';
import { loadData } from '../../../../extension/data/load';
import { withProposal } from '../../../../extension/protocol/facts';
import { format } from '../../../../extension/protocol/messages';
import { temporaryFolder } from '../../../support/temporaryFolder';
import { wavOf } from '../../../support/wav';

const wholeFacts = async (folder: string) =>
  withProposal(await dataFacts(folder, null), await proposedFacts(folder, null));
const sum = (values: readonly number[]) => values.reduce((all, each) => all + each, 0);

describe('the facts of a folder of texts', () => {
  const folder = temporaryFolder();

  it('are the files, classes, lengths, words and parts that counting by hand gives', async () => {
    const said = (i: number) => `word${i} ${'again '.repeat(i % 5)}end`;
    for (let i = 0; i < 60; i++) folder.write(`mail/${i % 3 === 0 ? 'spam' : 'ham'}/${i}.txt`, said(i));
    folder.write('mail/ham/readme.md', 'no text of the data');
    const root = path.join(folder.path, 'mail');
    const facts = await wholeFacts(root);
    assert.deepEqual(
      [facts.folder?.holds, facts.folder?.files, facts.folder?.looked, facts.folder?.items, facts.rows],
      ['texts', 60, 60, 60, 60],
    );
    const texts = Array.from({ length: 60 }, (_, i) => said(i));
    assert.equal(facts.bytes, sum(texts.map((text) => text.length)));
    const { parts, ...classes } = facts.classes ?? assert.fail();
    assert.deepEqual(classes, {
      target: 'class',
      of: 'texts',
      top: [
        { value: 'ham', count: 40 },
        { value: 'spam', count: 20 },
      ],
      more: 0,
      moreCount: 0,
    });
    // The parts are those of the data that is trained on.
    const { experiment } = await propose(folder.path, { data: { path: 'mail' } });
    const { windows } = await loadData(folder.path, experiment);
    assert.deepEqual(facts.items, { of: 'texts', ...windows });
    assert.deepEqual([sum(parts?.train ?? []), sum(parts?.test ?? [])], [windows.train, windows.test]);
    const [characters, words] = facts.lengths;
    assert.deepEqual(
      [characters?.of, characters?.shortest, characters?.longest, characters?.items],
      ['texts', Math.min(...texts.map(({ length }) => length)), Math.max(...texts.map(({ length }) => length)), 60],
    );
    // A word and its number are two tokens.
    assert.deepEqual([words?.of, words?.shortest, words?.longest], ['words', 3, 7]);
    const { vocabulary } = facts;
    assert.equal(vocabulary?.words.total, sum(texts.map((text) => text.split(' ').length + 1)));
    assert.deepEqual(vocabulary?.words.top[0], { value: 'again', count: 120 });
    assert.equal(vocabulary?.words.once, 60);
    assert.ok(vocabulary?.words.rarest.every(({ count }) => count === 1));
    assert.deepEqual(facts.preview.names, ['file', 'class', 'text']);
    assert.deepEqual(facts.preview.head[0], ['ham/1.txt', 'ham', said(1)]);
    assert.equal(facts.preview.head.length + facts.preview.tail.length, limits.headRows + limits.tailRows);
    assert.equal(facts.proposal.kind === 'task' && facts.proposal.task, 'classify');
  });

  it('name what is empty or cannot be read, and what stands in two classes', async () => {
    for (let i = 0; i < 30; i++) folder.write(`odd/${i % 2 === 0 ? 'a' : 'b'}/${i}.txt`, `text ${i}`);
    folder.write('odd/a/empty.txt', '  \n');
    folder.write('odd/b/latin.txt', Buffer.from([0x63, 0x61, 0x66, 0xe9]));
    folder.write('odd/b/same.txt', 'text 0');
    folder.write('odd/a/same.txt', 'text 0');
    const { folder: facts, classes, notes } = await wholeFacts(path.join(folder.path, 'odd'));
    assert.deepEqual(
      facts?.odd.map(({ name, why }) => [name, format(why)]),
      [
        ['a/empty.txt', 'It holds no text and is left out.'],
        ['b/latin.txt', 'It is not text in UTF-8 and was read as UTF-16 or Windows-1252, as its bytes suggest.'],
      ],
    );
    assert.deepEqual([facts?.repeated, facts?.ambiguous, facts?.moreOdd], [2, 1, 0]);
    assert.deepEqual(facts?.repeats, [{ item: 'text 0', count: 3, classes: ['a', 'b'] }]);
    assert.equal(classes?.top.length, 2);
    assert.ok(notes.some((note) => /repeat an earlier text; each text is read once/.test(format(note))));
  });

  it('take each line of a file as a text where a file is a class', async () => {
    const lines = (count: number, word: string) =>
      Array.from({ length: count }, (_, i) => `${word} ${i}`).join('\r\n\n');
    folder.write('names/Dutch.txt', lines(20, 'van'));
    folder.write('names/Irish.txt', `\uFEFF${lines(30, 'mac')}`);
    const facts = await wholeFacts(path.join(folder.path, 'names'));
    assert.deepEqual([facts.folder?.files, facts.folder?.items], [2, 50]);
    assert.deepEqual(
      facts.classes?.top.map(({ value, count }) => [value, count]),
      [
        ['Irish', 30],
        ['Dutch', 20],
      ],
    );
    assert.deepEqual(facts.preview.head[0], ['Dutch.txt', 'Dutch', 'van 0']);
    assert.deepEqual(facts.preview.tail.at(-1), ['Irish.txt', 'Irish', 'mac 29']);
  });

  it('look into so many files of a large folder, evenly, and say so', async function () {
    this.timeout(120_000);
    const count = 3 * limits.folderFiles;
    for (const name of ['x', 'y', 'z']) mkdirSync(path.join(folder.path, 'large', name), { recursive: true });
    for (let i = 0; i < count; i++) folder.write(`large/${'xyz'[i % 3]}/${i}.txt`, `text ${i}`);
    const facts = await wholeFacts(path.join(folder.path, 'large'));
    assert.deepEqual([facts.folder?.files, facts.folder?.looked], [count, limits.folderFiles]);
    // The classes are counted by the names of all files, the parts in those that were looked into.
    assert.deepEqual(
      facts.classes?.top.map((each) => each.count),
      [limits.folderFiles, limits.folderFiles, limits.folderFiles],
    );
    const { of: _, ...parts } = facts.items ?? assert.fail();
    assert.equal(sum(Object.values(parts)), limits.folderFiles);
    assert.match(format(facts.notes[0] ?? assert.fail()), /^5000 of 15000 files were looked into, evenly/);
    assert.ok(JSON.stringify(facts).length < 1_000_000);
  });

  it('leave out a file that is too large to be held, and say so', async () => {
    for (let i = 0; i < 20; i++) folder.write(`heavy/${i % 2 === 0 ? 'a' : 'b'}/${i}.txt`, `text ${i}`);
    // A file with a hole takes no room.
    const file = folder.write('heavy/a/heavy.txt', '');
    truncateSync(file, limits.fileBytes + 1);
    const facts = await dataFacts(path.join(folder.path, 'heavy'), null);
    assert.deepEqual(
      facts.folder?.odd.map(({ name, why }) => [name, format(why).replace(file, 'heavy.txt')]),
      [['a/heavy.txt', 'heavy.txt has 257 MB, and one file of a folder may have 256 MB; cut it into several.']],
    );
    assert.deepEqual([facts.folder?.looked, facts.folder?.items], [21, 20]);
  });

  it('end when whoever asked is gone', async () => {
    folder.write('gone/a/1.txt', 'text');
    await assert.rejects(dataFacts(path.join(folder.path, 'gone'), null, AbortSignal.abort()), { name: 'AbortError' });
  });
});

describe('the facts of a folder of sounds', () => {
  const folder = temporaryFolder();
  const tone = (hertz: number, count: number, rate = 8000) =>
    Array.from({ length: count }, (_, i) => 0.5 * Math.sin((2 * Math.PI * hertz * i) / rate));

  it('are what the files say of themselves, and the parts of the training', async () => {
    for (const voice of [1, 2, 3]) {
      for (let take = 0; take < 10; take++) {
        folder.write(`tones/low_${voice}_${take}.wav`, wavOf(tone(300 + voice, 4000 + 100 * take)));
        folder.write(`tones/high_${voice}_${take}.wav`, wavOf(tone(1500 + 10 * voice + take, 8000)));
      }
    }
    folder.write('tones/low_4_0.wav', wavOf(tone(310, 8000, 16_000), { rate: 16_000, bits: 24 }));
    const both = tone(320, 800).flatMap((value) => [value, -value]);
    folder.write('tones/low_4_1.wav', wavOf(both, { channels: 2 }));
    const root = path.join(folder.path, 'tones');
    const facts = await wholeFacts(root);
    const { sounds, ...own } = facts.folder ?? assert.fail();
    assert.deepEqual([own.holds, own.files, own.items, own.said], ['sounds', 62, 62, false]);
    assert.deepEqual(sounds?.forms, [
      { rate: 8000, channels: 1, bits: 16, count: 60 },
      { rate: 16_000, channels: 1, bits: 24, count: 1 },
      { rate: 8000, channels: 2, bits: 16, count: 1 },
    ]);
    assert.equal(sounds?.highest, 4000);
    const seconds = 3 * sum(Array.from({ length: 10 }, (_, take) => 0.5 + take / 80 + 1)) + 0.5 + 0.1;
    assert.ok(Math.abs((sounds?.seconds ?? 0) - seconds) < 1e-9);
    const [lengths] = facts.lengths;
    assert.deepEqual([lengths?.of, lengths?.shortest, lengths?.longest], ['sounds', 0.1, 1]);
    assert.equal(sum(lengths?.bins.counts ?? []), 62);
    // The two channels of the last one are opposite, and what is left of them is nothing.
    assert.deepEqual(
      own.odd.map(({ name, why }) => [name, format(why)]),
      [['low_4_1.wav', 'It is silent.']],
    );
    const notes = facts.notes.map((note) => format(note)).join(' ');
    assert.match(
      notes,
      /1 sounds have more than one channel, the first of them low_4_1\.wav; their channels are averaged\./,
    );
    assert.match(notes, /2 different rates; frequencies up to 4000 Hz/);
    // What the training says too is said once.
    assert.equal(facts.notes.filter((note) => /averaged/.test(format(note))).length, 1);
    const { experiment } = await propose(folder.path, { data: { path: 'tones' } });
    const { windows } = await loadData(folder.path, experiment);
    assert.deepEqual(facts.items, { of: 'sounds', ...windows });
    assert.deepEqual(
      facts.classes?.top.map(({ value, count }) => [value, count]),
      [
        ['low', 32],
        ['high', 30],
      ],
    );
    assert.deepEqual(facts.preview.head[0], ['high_1_0.wav', 'high', '1.000']);
  });

  it('name what is no sound, and equal ones of different classes', async () => {
    for (let i = 0; i < 6; i++) folder.write(`broken/a_${i}.wav`, wavOf(tone(400 + i, 400)));
    folder.write('broken/b_0.wav', wavOf(tone(400, 400)));
    folder.write('broken/b_1.wav', 'no wave at all');
    folder.write('broken/b_2.wav', wavOf([]));
    folder.write('broken/b_3.wav', wavOf(tone(500, 400)).subarray(0, 300));
    const facts = await wholeFacts(path.join(folder.path, 'broken'));
    assert.deepEqual(
      facts.folder?.odd.map(({ name, why }) => [name, format(why)]),
      [
        ['b_1.wav', 'b_1.wav is not a WAV file; convert it, or take it out of the folder.'],
        ['b_2.wav', 'It holds not one sample.'],
        ['b_3.wav', 'It ends before it says that it does; what is there is read.'],
      ],
    );
    assert.deepEqual(facts.folder?.repeats, [{ item: 'a_0.wav', count: 2, classes: ['a', 'b'] }]);
    assert.equal(facts.folder?.items, 9);
    // A training would refuse the folder, and the page says why.
    assert.equal(facts.proposal.kind, 'none');
  });

  it('have the letters and lengths of what sounds say', async () => {
    for (let i = 0; i < 40; i++) {
      folder.write(`spoken/${i}.wav`, wavOf(tone(300 + 5 * i, 6000)));
      folder.write(`spoken/${i}.txt`, i % 2 === 0 ? 'yes\n' : 'oh no');
    }
    const facts = await wholeFacts(path.join(folder.path, 'spoken'));
    assert.equal(facts.folder?.said, true);
    assert.deepEqual(
      facts.lengths.map(({ of, shortest, longest }) => [of, shortest, longest]),
      [
        ['sounds', 0.75, 0.75],
        ['transcripts', 3, 5],
      ],
    );
    assert.deepEqual(facts.preview.names, ['file', 'class', 'seconds', 'text']);
    assert.equal(facts.preview.head[0]?.[3], 'yes');
    assert.equal(facts.vocabulary?.characters.top.find(({ value }) => value === 'o')?.count, 40);
    assert.equal(facts.proposal.kind === 'task' && facts.proposal.task, 'transcribe');
    const { of, ...parts } = facts.items ?? assert.fail();
    assert.deepEqual([of, sum(Object.values(parts))], ['sounds', 40]);
  });

  it('are drawn as a model reads them: a tone is a line at its frequency', async () => {
    folder.write('drawn/a_1.wav', wavOf(tone(1000, 80_000)));
    const root = path.join(folder.path, 'drawn');
    const picture = await soundPicture(root, 'a_1.wav', null, 4000);
    assert.deepEqual([picture.seconds, picture.mels, picture.low.length], [10, 40, limits.soundStretches]);
    assert.equal(picture.readSteps, Math.floor((10_000 - 32) / 16) + 1);
    assert.equal(picture.steps, limits.soundSteps);
    assert.equal(picture.energies.length, picture.steps * picture.mels);
    assert.ok(Math.abs(Math.max(...(picture.high ?? [])) - 0.5) < 0.001);
    assert.ok(Math.abs(Math.min(...picture.low) + 0.5) < 0.001);
    // The tops of the bands are equally far apart on the mel scale, so the loudest is the one that is nearest to 1000 Hz there.
    const mel = (hertz: number) => 2595 * Math.log10(1 + hertz / 700);
    const nearest = Math.round((41 * mel(1000)) / mel(4000)) - 1;
    for (const step of [0, 200, 399]) {
      const bands = picture.energies.slice(step * 40, (step + 1) * 40);
      assert.equal(bands.indexOf(Math.max(...bands)), nearest);
    }
    const other = await soundPicture(root, 'a_1.wav', { data: { sound: { mels: 20, window: 50, hop: 25 } } }, 4000);
    assert.deepEqual([other.mels, other.hop], [20, 25]);
  });

  it('read no sound that is not in the folder', async () => {
    folder.write('secret.wav', wavOf(tone(400, 400)));
    const root = path.join(folder.path, 'drawn');
    symlinkSync(path.join(folder.path, 'secret.wav'), path.join(root, 'link.wav'));
    symlinkSync(folder.path, path.join(root, 'up'));
    for (const name of ['../secret.wav', 'link.wav', 'up/secret.wav', '/etc/passwd', 'a_1.wav\0.wav', '__proto__']) {
      await assert.rejects(soundPicture(root, name, null, 4000), /has no sound/, name);
    }
  });
});
