import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { readMetadata } from '../../../../extension/core/onnx/metadata';
import { propose } from '../../../../extension/data/choices/propose';
import type { Prediction } from '../../../../extension/protocol/engine';
import type { Experiment } from '../../../../extension/protocol/experiment';
import { predict } from '../../../../extension/runtime/inspect/predict';
import { runFiles } from '../../../../extension/runtime/runs/runFolder';
import { Training } from '../../../../extension/runtime/training/training';
import { wavOf } from '../../../support/wav';
import { newFolder, removeFolders, smallExperiment, workerFile } from '../sampleData';
import { sequenceExperiment } from '../sampleSequences';
import { trainedRun } from '../trainedRun';

const python = process.env['UNROLL_PYTHON'] ?? 'python3';
const script = path.resolve('docs', 'python', 'predict.py');

/** What a prediction says, a line each, as docs/python/predict.py writes it; null where that is a probability. */
function linesOf(prediction: Prediction): readonly (readonly [text: string, number: number | null])[] {
  switch (prediction.task) {
    case 'forecast':
      return prediction.forecast.map((value) => ['', value]);
    case 'classify':
    case 'label':
      return prediction.answers.map((answer) => [answer.class, answer.probability]);
    case 'transcribe':
    case 'translate':
      return prediction.answers.map(({ text }) => [text.replaceAll(' ', ''), null]);
    default:
      return assert.fail(prediction.task);
  }
}

/** Python's onnxruntime and numpy are no part of the project: where they are not installed there is nobody to ask. */
describe('docs/python/predict.py', () => {
  before(function () {
    if (spawnSync(python, ['-c', 'import numpy, onnxruntime']).status !== 0) this.skip();
  });
  after(removeFolders);

  async function agrees(root: string, experiment: Experiment, data: string): Promise<void> {
    const training = await Training.start(workerFile, { root, experiment, notes: [] }, () => {});
    assert.deepEqual(await training.ended, { kind: 'done' });
    const { model } = runFiles(training.dir);
    const file = path.join(root, data);
    const { status, stdout, stderr } = spawnSync(python, [script, model, file], { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    const said = stdout.split('\n').slice(0, -1);
    const expected = linesOf(await predict(model, file));
    assert.equal(said.length, expected.length);
    assert.ok(expected.length > 0);
    for (const [i, [text, value]] of expected.entries()) {
      const cells = (said[i] ?? '').split('\t');
      const number = value === null ? null : Number(cells.pop());
      if (value !== null) assert.ok(Math.abs((number ?? Number.NaN) - value) <= 1e-5 * Math.max(1, Math.abs(value)));
      assert.equal(value === null ? cells.at(-1)?.replaceAll(' ', '') : (cells.at(-1) ?? ''), text);
    }
  }

  it('forecasts what follows', async () => {
    const root = newFolder();
    const data = { path: 'series.csv', target: 'value', time: 'month', features: ['other'], horizon: 3 };
    await agrees(root, await smallExperiment(root, { data }), 'series.csv');
  });

  for (const [anchor, stream] of [
    ['last', 'rows'],
    ['none', 'states'],
  ] as const) {
    it(`forecasts as rows come, from the ${stream} before`, async () => {
      const root = newFolder();
      const data = { path: 'series.csv', target: 'value', time: 'month', features: ['other'], horizon: 3, lookback: 6 };
      const dir = await trainedRun(root, await smallExperiment(root, { data, model: { anchor } }));
      const { model } = runFiles(dir);
      assert.equal(readMetadata(new Uint8Array(readFileSync(model)))['stream'], stream);
      const [head = '', ...rows] = readFileSync(path.join(root, 'series.csv'), 'utf8').trim().split('\n');
      // What rows are carried for is forgotten after a window; what states hold goes on.
      const read = rows.slice(0, stream === 'rows' ? 10 : 6);
      const file = path.join(root, 'some.csv');
      writeFileSync(file, [head, ...read, ''].join('\n'));
      const { status, stdout, stderr } = spawnSync(python, [script, model, file, '--stream'], { encoding: 'utf8' });
      assert.equal(status, 0, stderr);
      const lines = stdout.trim().split('\n');
      assert.equal(lines.length, read.length - 5);
      const [row, ...told] = lines.at(-1)?.split('\t').map(Number) ?? [];
      assert.equal(row, read.length);
      const expected = await predict(model, file);
      assert.ok(expected.task === 'forecast' && told.length === 3);
      for (const [step, value] of expected.forecast.entries())
        assert.ok(Math.abs((told[step] ?? 0) - value) <= 1e-5 * Math.max(1, Math.abs(value)));
    });
  }

  const files = {
    classify: 'waves.csv',
    'classify windows': 'slopes.csv',
    label: 'slopes.csv',
    transcribe: 'waves.csv',
  };
  for (const [name, file] of Object.entries(files)) {
    it(`says what tables of numbers are (${name})`, async () => {
      const root = newFolder();
      await agrees(root, await sequenceExperiment(root, name), file);
    });
  }

  it('translates lines', async () => {
    const root = newFolder();
    const experiment = await sequenceExperiment(root, 'translate');
    writeFileSync(path.join(root, 'new.txt'), 'The cat runs.\nA bird sleeps!\nthe UNKNOWN fox’s, runs 12\n');
    await agrees(root, experiment, 'new.txt');
  });

  it('tells texts and sounds of every kind apart', async () => {
    const root = newFolder();
    const lines = Array.from(
      { length: 40 },
      (_, i) => `${i % 2 ? 'a' : 'b'},"It’s ${i % 2 ? 'fine' : 'bad'}, n° ${i}!"`,
    );
    writeFileSync(path.join(root, 'texts.csv'), `kind,text\n${lines.join('\n')}\n`);
    mkdirSync(path.join(root, 'sounds'));
    const kinds = [{ bits: 8 }, {}, { bits: 24 }, { bits: 32 }, { bits: 32, float: true }, { channels: 2 }];
    for (let take = 0; take < 24; take++) {
      const samples = Array.from(
        { length: 1500 + 40 * take },
        (_, i) => 0.4 * Math.sin(i * (take % 2 ? 0.2 : 0.9) + take),
      );
      const name = `${take % 2 ? 'low' : 'high'}_${String(take).padStart(2, '0')}.wav`;
      writeFileSync(path.join(root, 'sounds', name), wavOf(samples, kinds[take % 6]));
    }
    for (const name of ['texts.csv', 'sounds']) {
      const target = name === 'texts.csv' ? { task: 'classify', target: 'kind', features: ['text'] } : {};
      const { task, ...more } = target as { task?: string };
      const draft = { ...(task && { task }), data: { path: name, ...more }, training: { epochs: 1 } };
      await agrees(root, (await propose(root, draft)).experiment, name);
    }
  });
}).timeout(120_000);
