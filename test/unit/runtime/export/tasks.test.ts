import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { readMetadata } from '../../../../extension/core/onnx/metadata';
import { mainMetric } from '../../../../extension/protocol/metrics';
import { decodeMetadata } from '../../../../extension/runtime/export/metadata';
import { predict } from '../../../../extension/runtime/inspect/predict';
import { describeRun, RunInspector } from '../../../../extension/runtime/inspect/runInspector';
import { readMetrics } from '../../../../extension/runtime/runs/metricsCsv';
import { readReport } from '../../../../extension/runtime/runs/readRun';
import { readRecord } from '../../../../extension/runtime/runs/record';
import { runFiles } from '../../../../extension/runtime/runs/runFolder';
import { Training } from '../../../../extension/runtime/training/training';
import { zeroFeeds } from '../../../support/exported';
import { choice } from '../../../support/forecastChoice';
import { newFolder, removeFolders, workerFile } from '../sampleData';
import { sequenceExperiment, sequenceSamples } from '../sampleSequences';

/** The rows of a CSV by the names of its columns; quoted cells may hold anything (RFC 4180). */
function tableOf(file: string): Record<string, string>[] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain = '', end = ''] of readFileSync(file, 'utf8').matchAll(
    /(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n)/g,
  )) {
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === '\n') rows.push([]);
  }
  const [names = [], ...lines] = rows.slice(0, -1);
  return lines.map((cells) => Object.fromEntries(cells.map((cell, i) => [names[i] ?? '', cell])));
}

const runs = new Map<string, { root: string; dir: string }>();

async function trained(name: string): Promise<{ root: string; dir: string }> {
  const known = runs.get(name);
  if (known !== undefined) return known;
  const root = newFolder();
  const experiment = await sequenceExperiment(root, name);
  const training = await Training.start(workerFile, { root, experiment, notes: [] }, () => {});
  assert.deepEqual(await training.ended, { kind: 'done' });
  const run = { root, dir: training.dir };
  runs.set(name, run);
  return run;
}

describe('export/tasks', () => {
  after(removeFolders);

  for (const name of sequenceSamples) {
    it(`reports the metrics of the predictions that it writes (${name})`, async () => {
      const { dir } = await trained(name);
      const report = readReport(dir);
      const rows = tableOf(runFiles(dir).predictions);
      const { name: main } = mainMetric[report?.task ?? 'forecast'];
      const value = report?.test[main] ?? Number.NaN;
      assert.ok(Number.isFinite(value));
      assert.ok(Number.isFinite(Object.values(report?.baselines ?? {})[0]?.[main]));
      assert.match(report?.verdict.template ?? '', /^The test /);
      const { comparison } = report ?? {};
      if (comparison !== undefined) {
        const baseline = report?.baselines[comparison.baseline]?.[main] ?? Number.NaN;
        assert.ok(Math.abs(comparison.difference - (value - baseline)) < 1e-9);
        assert.ok(comparison.low <= comparison.high);
      }
      assert.equal(comparison !== undefined, (report?.windows.test ?? 0) >= 10, `${report?.windows.test} sequences`);
      assert.deepEqual(
        Object.keys(readMetrics(runFiles(dir).metrics)[0]?.validation ?? {}),
        Object.keys(report?.test ?? {}),
      );
      assert.ok(
        rows.length > 0 && rows.every(({ probability }) => Number(probability) > 0 && Number(probability) <= 1),
      );
      if (main === 'accuracy') {
        const right = rows.filter(({ truth, prediction }) => truth === prediction).length;
        assert.equal(value.toFixed(9), (right / rows.length).toFixed(9));
      }
      if (main === 'cer' && value === 0) assert.ok(rows.every(({ truth, prediction }) => truth === prediction));
    });

    it(`shows one of its sequences, as predictions.csv tells of it (${name})`, async () => {
      const { dir } = await trained(name);
      const { experiment, provenance } = readRecord(dir);
      const inspected = await new RunInspector().inspect(dir, { part: 'test', index: 0 });
      const { trace, choices, columns, characters, written } = inspected.trace;
      const { steps, masked } = provenance.shape;
      // A padded sequence is shown to its own end.
      assert.ok(masked ? trace.steps > 0 && trace.steps <= steps : trace.steps === steps, `${trace.steps} of ${steps}`);
      assert.ok(trace.layers.length > 0 && trace.layers.every(({ difference }) => difference < 1e-4));
      const isOfTokens = experiment.task === 'language' || experiment.data.text !== null;
      assert.equal(characters?.length ?? 0, isOfTokens ? trace.steps : 0);
      assert.equal(columns.length, isOfTokens ? 0 : experiment.data.features.length);
      const [first] = tableOf(runFiles(dir).predictions);
      if (experiment.task !== 'language' && experiment.task !== 'translate')
        assert.ok(choices?.truth.includes(first?.['truth'] ?? ''));
      const wanted = { said: first?.['prediction'], truth: first?.['truth'] };
      assert.deepEqual(written, experiment.task === 'translate' ? wanted : undefined);
      const names = choices?.names.length ?? 1;
      const probabilities = choices?.probabilities ?? new Float32Array(0);
      for (let place = 0; place < probabilities.length / names; place++) {
        const sum = probabilities.subarray(place * names, (place + 1) * names).reduce((all, one) => all + one, 0);
        assert.ok(Math.abs(sum - 1) < 1e-4);
      }
      assert.equal(describeRun(dir, experiment, provenance.shape).metadata['task'], experiment.task);
    });
  }

  it('says how its file is used: classes of new sequences, by onnxruntime alone and by predict', async () => {
    const { root, dir } = await trained('classify');
    const bytes = new Uint8Array(readFileSync(runFiles(dir).model));
    const { scaler, classes, lookback, masked, columns, series } = decodeMetadata(readMetadata(bytes), 'model');
    assert.deepEqual([columns, series, masked, lookback], [['wave'], 'id', true, 9]);
    const rows = tableOf(path.join(root, 'waves.csv'));
    const session = await InferenceSession.create(bytes, { logSeverityLevel: 4 });
    const prediction = await predict(dir, path.join(root, 'waves.csv'));
    assert.ok(prediction.task === 'classify');
    assert.equal(prediction.answers.length, 60);
    const { offset = 0, scale = 1 } = scaler[0] ?? {};
    for (const { series: id, class: answer, probability } of prediction.answers) {
      const own = rows.filter((row) => row['id'] === id).map((row) => (Number(row['wave']) - offset) / scale);
      const window = Float32Array.from({ length: lookback }, (_, step) => own[step] ?? 0);
      const mask = Float32Array.from({ length: lookback }, (_, step) => Number(step < own.length));
      const outputs = await session.run({
        ...zeroFeeds(bytes),
        window: new Tensor('float32', window, [1, lookback, 1]),
        mask: new Tensor('float32', mask, [1, lookback]),
      });
      const probabilities = Array.from(outputs['probabilities']?.data ?? [], Number);
      const best = probabilities.indexOf(Math.max(...probabilities));
      assert.equal(answer, classes?.[best]);
      assert.ok(Math.abs(probability - (probabilities[best] ?? 0)) < 1e-6);
    }
  });

  it('labels every row of a file once', async () => {
    const { root, dir } = await trained('label');
    const prediction = await predict(dir, path.join(root, 'slopes.csv'));
    assert.ok(prediction.task === 'label');
    assert.deepEqual(
      prediction.answers.map(({ row }) => row),
      Array.from({ length: 300 }, (_, row) => row),
    );
    assert.ok(prediction.answers.every(({ class: label }) => label === 'up' || label === 'down'));
  });

  it('tags every word of sentences, also of words that it never saw', async () => {
    const { root, dir } = await trained('label words');
    assert.equal(readRecord(dir).experiment.task, 'label');
    assert.deepEqual(Object.keys(readReport(dir)?.baselines ?? {}), ['majority', 'usualTag']);
    const [first] = tableOf(runFiles(dir).predictions);
    assert.deepEqual(Object.keys(first ?? {}), ['sequence', 'step', 'word', 'truth', 'prediction', 'probability']);
    const { trace } = await new RunInspector().inspect(dir, { part: 'test', index: 0 });
    assert.deepEqual(trace.characters?.slice(0, 1), [first?.['word']]);
    const table = await predict(dir, path.join(root, 'words.csv'));
    assert.ok(table.task === 'label');
    assert.equal(table.answers.length, 64);
    assert.deepEqual(
      table.answers.slice(0, 5).map(({ series, row, word }) => [series, row, word]),
      [
        ['0', 0, 'Hope'],
        ['0', 1, 'left'],
        ['0', 2, 'old'],
        ['0', 3, 'Hope'],
        ['1', 0, 'Hope'],
      ],
    );
    // A line of a text is a sentence; one that is longer than the model reads comes in pieces, each word answered once.
    writeFileSync(path.join(root, 'new.txt'), 'Unheard left old Cork at noon\n\nDover saw\n');
    const lines = await predict(dir, path.join(root, 'new.txt'));
    assert.ok(lines.task === 'label');
    assert.deepEqual(
      lines.answers.map(({ series, row, word }) => `${series} ${row} ${word}`),
      ['1 0 Unheard', '1 1 left', '1 2 old', '1 3 Cork', '1 4 at', '1 5 noon', '2 0 Dover', '2 1 saw'],
    );
    // By onnxruntime alone: known words by their numbers, any other by the last.
    const bytes = new Uint8Array(readFileSync(runFiles(dir).model));
    const { vocabulary, classes, lookback, columns, series } = decodeMetadata(readMetadata(bytes), 'model');
    assert.deepEqual([columns, series], [['word'], 'sentence']);
    const session = await InferenceSession.create(bytes, { logSeverityLevel: 4 });
    const numbers = ['Dover', 'saw'].map((word) => {
      const place = vocabulary?.indexOf(word) ?? -1;
      return place < 0 ? (vocabulary?.length ?? 0) : place;
    });
    const outputs = await session.run({
      ...zeroFeeds(bytes),
      tokens: new Tensor(
        'int32',
        Int32Array.from({ length: lookback }, (_, i) => numbers[i] ?? 0),
        [1, lookback],
      ),
      mask: new Tensor(
        'float32',
        Float32Array.from({ length: lookback }, (_, i) => Number(i < 2)),
        [1, lookback],
      ),
    });
    const probabilities = Array.from(outputs['probabilities']?.data ?? [], Number).slice(0, classes?.length);
    const best = probabilities.indexOf(Math.max(...probabilities));
    assert.equal(lines.answers[6]?.class, classes?.[best]);
    assert.ok(Math.abs((lines.answers[6]?.probability ?? 0) - (probabilities[best] ?? 0)) < 1e-6);
  });

  it('goes on with a text, and transcribes', async () => {
    const language = await trained('language');
    const text = await predict(language.dir, path.join(language.root, 'text.txt'));
    assert.ok(text.task === 'language');
    assert.equal([...text.text].length, 100);
    assert.equal(text.next[0]?.character, text.text[0]);
    assert.ok(text.next.every(({ probability }, i) => probability <= (text.next[i - 1]?.probability ?? 1)));
    const transcribe = await trained('transcribe');
    const spelt = await predict(transcribe.dir, path.join(transcribe.root, 'waves.csv'));
    assert.ok(spelt.task === 'transcribe');
    assert.deepEqual(
      spelt.answers.slice(0, 3).map(({ series }) => series),
      ['s0', 's1', 's2'],
    );
    assert.ok(spelt.answers.every(({ text: word }) => /^[ab]*$/.test(word)));
  });

  it('translates texts, also those of a file of lines, as the file alone does', async () => {
    const { root, dir } = await trained('translate');
    writeFileSync(path.join(root, 'lines.txt'), 'The cat eats.\nthe COW runs !\n\nsomething else\n');
    const prediction = await predict(dir, path.join(root, 'lines.txt'));
    assert.ok(prediction.task === 'translate');
    const { answers } = prediction;
    assert.deepEqual(
      answers.map(({ series }) => series),
      ['The cat eats.', 'the COW runs !', 'something else'],
    );
    const bytes = new Uint8Array(readFileSync(runFiles(dir).model));
    const { vocabulary, translations, lookback } = decodeMetadata(readMetadata(bytes), 'model');
    const session = await InferenceSession.create(bytes, { logSeverityLevel: 4 });
    const words = ['the', 'cat', 'eats', '.'];
    const outputs = await session.run({
      tokens: new Tensor(
        'int32',
        Int32Array.from({ length: lookback }, (_, i) => vocabulary?.indexOf(words[i] ?? '') ?? 0).map((token) =>
          Math.max(0, token),
        ),
        [1, lookback],
      ),
      mask: new Tensor(
        'float32',
        Float32Array.from({ length: lookback }, (_, i) => Number(i < words.length)),
        [1, lookback],
      ),
    });
    const written = Array.from(outputs['translation']?.data ?? [], Number);
    const end = written.indexOf(0);
    const own = written.slice(0, end < 0 ? written.length : end).map((token) => translations?.[token - 2]);
    assert.deepEqual(answers[0]?.text.match(/[\p{L}’']+|[^\s\p{L}]/gu) ?? [], own);
    assert.ok(Math.abs((answers[0]?.probability ?? 0) - Number(outputs['probability']?.data[0])) < 1e-6);
  });

  it('says nothing of an empty text, and keeps its row', async () => {
    const { root, dir } = await trained('translate');
    writeFileSync(path.join(root, 'holes.csv'), 'column0\nThe cat eats.\n" "\nThe cow runs.\n');
    const prediction = await predict(dir, path.join(root, 'holes.csv'));
    assert.ok(prediction.task === 'translate');
    const [first, empty, ...more] = prediction.answers;
    assert.deepEqual([empty?.text, empty?.probability, more.length], ['', 0, 1]);
    assert.ok((first?.text ?? '') !== '');
  });

  it('says so where a run that learns something else is asked for forecasts', async () => {
    const { dir } = await trained('label');
    await assert.rejects(new RunInspector().forecast(dir, choice()), { code: 'usage', message: /label/ });
  });
});
