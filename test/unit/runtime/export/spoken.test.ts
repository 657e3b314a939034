import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { RandomStream, streams } from '../../../../extension/core/random';
import { propose } from '../../../../extension/data/choices/propose';
import { predict } from '../../../../extension/runtime/inspect/predict';
import { RunInspector } from '../../../../extension/runtime/inspect/runInspector';
import { readReport } from '../../../../extension/runtime/runs/readRun';
import { Training } from '../../../../extension/runtime/training/training';
import { wavOf } from '../../../support/wav';
import { newFolder, removeFolders, workerFile } from '../sampleData';

const rate = 8000;
const letters: Readonly<Record<string, number>> = { a: 300, e: 520, o: 900, u: 1500 };
const random = new RandomStream(1, streams.input, 0);

/** A word as a tone a letter, of any length and loudness, with a pause between two and a little noise over all. */
function spoken(word: string): number[] {
  const samples: number[] = [];
  const pause = () => {
    for (let left = 160 + random.below(400); left > 0; left--) samples.push(0);
  };
  pause();
  for (const letter of word) {
    const [length, loud] = [700 + random.below(900), 0.2 + random.below(60) / 100];
    for (let i = 0; i < length; i++) samples.push(loud * Math.sin((2 * Math.PI * (letters[letter] ?? 0) * i) / rate));
    pause();
  }
  return samples.map((sample) => Math.max(-1, Math.min(1, sample + 0.01 * random.normal())));
}

const anyWord = () => Array.from({ length: 1 + random.below(5) }, () => 'aeou'[random.below(4)]).join('');

describe('sounds that are transcribed', () => {
  after(removeFolders);

  it('learn which tone is which letter: fewer than one character in ten is wrong, within a minute on one thread', async () => {
    const root = newFolder();
    mkdirSync(path.join(root, 'said'));
    for (let take = 0; take < 160; take++) {
      const word = anyWord();
      writeFileSync(path.join(root, 'said', `take_${take}.wav`), wavOf(spoken(word), { rate }));
      writeFileSync(path.join(root, 'said', `take_${take}.txt`), word);
    }
    const device = { provider: 'cpu' as const, threads: 1 };
    const { experiment } = await propose(root, { data: { path: 'said' }, device });
    assert.equal(experiment.task, 'transcribe');
    const short = { ...experiment, training: { ...experiment.training, epochs: 40 } };
    const training = await Training.start(workerFile, { root, experiment: short, notes: [] }, () => {});
    assert.deepEqual(await training.ended, { kind: 'done' });
    const report = readReport(training.dir);
    const { cer = 1, wer = 1 } = report?.test ?? {};
    assert.ok(cer < 0.1 && wer < 0.5, `CER ${cer}, WER ${wer}`);
    assert.ok((report?.seconds ?? 99) < 60, `${report?.seconds} s`);
    assert.deepEqual(Object.keys(report?.baselines ?? {}), ['empty', 'frequentTranscript']);
    assert.ok((report?.comparison?.high ?? 0) < -0.5);

    // A sound of its own, and one that is longer than any that was learnt from.
    const asked = ['oeau', 'aueoaueoaueo'];
    for (const word of asked) writeFileSync(path.join(root, `${word}.wav`), wavOf(spoken(word), { rate }));
    const [one, long] = await Promise.all(asked.map((word) => predict(training.dir, path.join(root, `${word}.wav`))));
    assert.ok(one?.task === 'transcribe' && long?.task === 'transcribe');
    assert.deepEqual(
      one.answers.map(({ series, text }) => [series, text]),
      [['oeau.wav', 'oeau']],
    );
    assert.equal(long.answers.length, 1);
    assert.ok(Math.abs((long.answers[0]?.text.length ?? 0) - 12) <= 2, long.answers[0]?.text);

    const { trace } = await new RunInspector().inspect(training.dir, { part: 'test', index: 0 });
    assert.match(trace.series ?? '', /^take_\d+\.wav$/);
    const [bands, ...more] = trace.columns;
    assert.deepEqual([bands?.units, more, trace.choices?.names], [40, [], ['', 'a', 'e', 'o', 'u']]);
    assert.equal(bands?.values.length, 40 * trace.trace.steps);
    assert.deepEqual([trace.trace.inputs.length, trace.trace.inputs[0]?.values.length], [1, 40 * trace.trace.steps]);
    // Before the first tone of any word there is a pause: its energies are below those of the loudest step together.
    const energy = (step: number) =>
      bands?.values.subarray(40 * step, 40 * (step + 1)).reduce((all, one) => all + one, 0) ?? 0;
    const energies = Array.from({ length: trace.trace.steps }, (_, step) => energy(step));
    assert.ok((energies[0] ?? 0) < Math.max(...energies));
    assert.ok(/^[aeou]{1,5}$/.test(trace.choices?.truth[0] ?? ''));
  });
});
