import assert from 'node:assert/strict';
import { batchFeeds } from '../../../../extension/core/model/feeds';
import { modelSpec } from '../../../../extension/core/model/spec';
import { newBatch } from '../../../../extension/data/batch';
import { propose } from '../../../../extension/data/choices/propose';
import { loadData } from '../../../../extension/data/load';
import { temporaryFolder } from '../../../support/temporaryFolder';
import { wavOf } from '../../../support/wav';

const tone = (hertz: number, length: number) =>
  Array.from({ length }, (_, i) => 0.5 * Math.sin((2 * Math.PI * hertz * i) / 8000));

describe('a folder of sounds', () => {
  const folder = temporaryFolder();
  before(() => {
    for (let take = 0; take < 10; take++) {
      for (const [voice, speaker] of ['ada', 'bo'].entries()) {
        folder.write(`spoken/low_${speaker}_${take}.wav`, wavOf(tone(300 + voice, 800 + 100 * take)));
        folder.write(`spoken/high_${speaker}_${take}.wav`, wavOf(tone(1500 + 10 * voice + take, 900)));
      }
      folder.write(`sorted/on/${take}.wav`, wavOf(tone(400 + take, 600)));
      folder.write(`sorted/off/${take}.wav`, wavOf(take === 0 ? new Array(600).fill(0) : tone(900 + take, 600)));
    }
    const whole = wavOf(tone(400, 600));
    folder.write('sorted/on/cut.wav', whole.subarray(0, whole.length - 100));
  });

  it('has its classes in the names of the files, and divides the speakers alike', async () => {
    const { experiment, profile } = await propose(folder.path, { data: { path: 'spoken' } });
    assert.deepEqual([experiment.task, profile.rows], ['classify', 40]);
    assert.equal(experiment.data.sound?.highest, 4000);
    const data = await loadData(folder.path, experiment);
    assert.ok(data.task === 'classify' && data.classes.join() === 'high,low');
    assert.deepEqual(data.windows, { train: 28, validation: 4, test: 8 });
    assert.deepEqual(data.task === 'classify' && data.shape.classCounts, [14, 14]);
  });

  it('has its classes in the names of its folders, and says what is odd', async () => {
    const { experiment } = await propose(folder.path, { data: { path: 'sorted' } });
    const data = await loadData(folder.path, experiment);
    assert.ok(data.task === 'classify' && data.classes.join() === 'off,on');
    const notes = data.notes.map(({ template, args }) => `${template} ${args.join()}`);
    assert.ok(notes.some((note) => note.startsWith('{0} sounds end before') && note.includes('on/cut.wav')));
    assert.ok(notes.some((note) => note.startsWith('{0} sounds are silent') && note.includes('off/0.wav')));
  });

  it('is fed as scaled bands with a mask, whose mean over the training part is 0', async () => {
    const { experiment } = await propose(folder.path, { data: { path: 'spoken', sound: { mels: 8 } } });
    const data = await loadData(folder.path, experiment);
    const count = data.windows.train;
    const batch = newBatch(batchFeeds(modelSpec(experiment, data.shape), count));
    data.fill(
      'train',
      Array.from({ length: count }, (_, i) => i),
      count,
      batch,
    );
    const mask = batch.mask ?? assert.fail();
    for (let mel = 0; mel < 8; mel++) {
      let [sum, steps] = [0, 0];
      for (let step = 0; step < data.shape.steps; step++) {
        for (let item = 0; item < count; item++) {
          if (mask[step * count + item] !== 1) continue;
          sum += batch.x[(step * 8 + mel) * count + item] ?? 0;
          steps++;
        }
      }
      assert.ok(Math.abs(sum / steps) < 1e-4, `${sum / steps}`);
    }
    assert.ok(new Set(mask).size === 2);
  });

  it('says which file is no WAV', async () => {
    folder.write('broken/a_1.wav', 'hello');
    await assert.rejects(propose(folder.path, { data: { path: 'broken' } }), /a_1\.wav is not a WAV file/);
    await assert.rejects(propose(folder.path, { task: 'forecast', data: { path: 'spoken' } }), /can be classified/);
  });
});
