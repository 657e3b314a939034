import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { readMetadata } from '../../../../extension/core/onnx/metadata';
import { propose } from '../../../../extension/data/choices/propose';
import type { ForecastData } from '../../../../extension/data/prepared';
import { parts } from '../../../../extension/data/split';
import type { Experiment } from '../../../../extension/protocol/experiment';
import { readPredictions } from '../../../../extension/runtime/export/predictions';
import { predict } from '../../../../extension/runtime/inspect/predict';
import { RunInspector } from '../../../../extension/runtime/inspect/runInspector';
import { readReport } from '../../../../extension/runtime/runs/readRun';
import { runFiles } from '../../../../extension/runtime/runs/runFolder';
import { zeroFeeds } from '../../../support/exported';
import { choice } from '../../../support/forecastChoice';
import { forecastData, newFolder, removeFolders } from '../sampleData';
import { trainedRun } from '../trainedRun';

const rows = 240;
const targets = ['load', 'heat, "inner"', 'drift'] as const;
const plants = ['north', 'south'];

/** A quick wave, a large slow one, and a line with a wave on it; one plant is a shifted copy of the other. */
const numberAt = (target: number, row: number) =>
  [
    10 + Math.sin(row / 2) + 0.1 * ((row * 37) % 11),
    5000 + 900 * Math.cos(row / 9) + 10 * ((row * 53) % 7),
    0.5 * row + Math.sin(row / 5),
  ][target] ?? Number.NaN;

function writePlants(folder: string, name: string, count: number, several: boolean): void {
  const lines = Array.from({ length: count }, (_, row) =>
    (several ? plants : plants.slice(0, 1)).map((plant, shift) =>
      [
        new Date(Date.UTC(2024, 0, 1, row)).toISOString(),
        plant,
        ...targets.map((_each, k) => numberAt(k, row + 40 * shift)),
      ].join(','),
    ),
  ).flat();
  writeFileSync(path.join(folder, name), `time,plant,load,"heat, ""inner""",drift\n${lines.join('\n')}\n`);
}

type Choices = { readonly several?: boolean; readonly data?: Partial<Experiment['data']>; readonly training?: object };

async function proposed(
  root: string,
  { several = false, data, training }: Choices,
  names: readonly string[] = targets,
) {
  writePlants(root, 'plants.csv', rows, several);
  const [target = '', ...moreTargets] = names;
  const { experiment } = await propose(root, {
    task: 'forecast',
    data: {
      path: 'plants.csv',
      time: 'time',
      series: several ? 'plant' : null,
      target,
      moreTargets,
      features: targets.filter((name) => !names.includes(name)),
      horizon: 4,
      lookback: 12,
      season: 12,
      transform: 'none',
      scaleBy: several ? 'series' : 'all',
      ...data,
    },
    model: { layers: [{ cell: 'gru', hidden: 8 }], anchor: 'last' },
    training: { epochs: 6, batch: 32, seed: 3, ...training },
    device: { provider: 'cpu', threads: 1 },
  });
  return experiment;
}

async function trained(choices: Choices) {
  const root = newFolder();
  const experiment = await proposed(root, choices);
  const dir = await trainedRun(root, experiment);
  return { root, dir, experiment, report: readReport(dir) ?? assert.fail() };
}

/** The numbers of one target out of `[windows, targets, horizon]`. */
const ofTarget = ({ horizon, targets: { length } }: ForecastData, values: Float64Array, k: number) =>
  values.filter((_, entry) => Math.floor(entry / horizon) % length === k);

describe('a forecast of several targets', () => {
  after(removeFolders);

  for (const several of [false, true]) {
    for (const transform of ['none', 'difference'] as const) {
      it(`has of each target the truth, scales and baselines that it has alone: ${several ? 'two series' : 'one series'}, ${transform}`, async () => {
        const root = newFolder();
        const data = await forecastData(root, await proposed(root, { several, data: { transform } }));
        assert.equal(data.shape.targets, 12);
        for (const [k, name] of targets.entries()) {
          const alone = await forecastData(root, await proposed(root, { several, data: { transform } }, [name]));
          assert.deepEqual(data.targets[k]?.naives, alone.targets[0]?.naives);
          for (const part of parts) {
            assert.deepEqual(ofTarget(data, data.truth(part), k), alone.truth(part));
            const { linear, ...others } = data.baselineForecasts(part);
            const { linear: line, ...expected } = alone.baselineForecasts(part);
            for (const [baseline, values] of Object.entries(others)) {
              assert.deepEqual(ofTarget(data, values, k), expected[baseline as keyof typeof expected], baseline);
            }
            if (transform === 'difference') continue; // The columns that are read then differ.
            const found = ofTarget(data, linear ?? assert.fail(), k);
            for (const [i, value] of found.entries()) {
              assert.ok(
                Math.abs(value - (line?.[i] ?? 0)) < 1e-3 * Math.abs(value),
                `${name} ${i}: ${value}, ${line?.[i]}`,
              );
            }
          }
        }
      });
    }
  }

  it('feeds what follows each window, target by target, each in its own scale', async () => {
    const root = newFolder();
    const data = await forecastData(root, await proposed(root, {}));
    const batch = { x: new Float32Array(12 * 3 * 2), y: new Float32Array(12 * 2), weight: new Float32Array(2) };
    data.fill('validation', [5, 1], 2, batch);
    for (const [item, window] of [5, 1].entries()) {
      const first = data.row('validation', window) + 12;
      for (const k of targets.keys()) {
        const { unscale } = data.targetScale('validation', window * 3 + k);
        for (let step = 0; step < 4; step++) {
          const value = unscale(batch.y[(k * 4 + step) * 2 + item] ?? 0);
          assert.ok(Math.abs(value / numberAt(k, first + step) - 1) < 1e-5);
        }
      }
    }
  });

  const runs: Readonly<Record<string, Choices>> = {
    'one series': {},
    'two series, each in its own scale, by quantiles': {
      several: true,
      training: { loss: { name: 'quantile', quantiles: [0.1, 0.5, 0.9] } },
    },
    'changes, with a mean and a variance': {
      data: { transform: 'difference' },
      training: { loss: { name: 'gaussian' } },
    },
  };
  for (const [title, choices] of Object.entries(runs)) {
    it(`is reported target by target, written and read back, and predicted: ${title}`, async () => {
      const { root, dir, experiment, report } = await trained(choices);
      const { several = false } = choices;
      assert.deepEqual(
        report.perTarget?.map(({ target }) => target),
        [...targets],
      );
      assert.equal(report.perSeries?.length, several ? 2 : undefined);
      assert.equal(report.interval?.perHorizon.length, 4);
      // All together is the mean of the squares in deviations of each.
      const data = await forecastData(root, experiment);
      const squares = report.perTarget?.map(
        ({ model }, k) => ((model['rmse'] ?? Number.NaN) / (data.targets[k]?.deviation ?? Number.NaN)) ** 2,
      );
      const mean = (squares ?? []).reduce((sum, square) => sum + square, 0) / targets.length;
      assert.ok(Math.abs((report.test['rmse'] ?? 0) / Math.sqrt(mean) - 1) < 1e-9);

      const inspector = new RunInspector();
      const told = await predict(dir, path.join(root, 'plants.csv'));
      for (const [k, target] of targets.entries()) {
        for (const plant of several ? plants : [null]) {
          const asked = choice(4, plant, target);
          const written = readPredictions(runFiles(dir).predictions, experiment, asked, report.interval?.level);
          assert.deepEqual(
            [written.target, written.targets, written.several?.name ?? null],
            [target, [...targets], plant],
          );
          const forecast = await inspector.forecast(dir, asked);
          assert.deepEqual(forecast.truth, written.truth);
          assert.deepEqual(forecast.series, written.series);
          const shift = plant === 'south' ? 40 : 0;
          for (const [row, value] of written.truth.entries()) assert.equal(value, numberAt(k, row + shift));
          // Shortened by four rows, the file ends where the last window of the test part does.
          writePlants(root, 'short.csv', rows - 4, several);
          const { series } = written;
          const last = series[0]?.values[rows - 1] ?? assert.fail();
          const answer = await predict(dir, path.join(root, 'short.csv'));
          const answers = answer.task === 'forecasts' ? answer.answers : answer.task === 'forecast' ? [answer] : [];
          const own = answers.find((each) => plant === null || ('series' in each && each.series === plant));
          const numbers = k === 0 ? own : own?.more?.[k - 1];
          assert.ok(
            Math.abs((numbers?.forecast[3] ?? Number.NaN) - last) < 1e-5 * Math.abs(last),
            `${title} ${target}`,
          );
          const edge = numbers?.quantiles?.[0]?.values[3];
          if (edge !== undefined)
            assert.ok(Math.abs(edge - (written.band?.low[rows - 1] ?? 0)) < 1e-5 * Math.abs(edge));
        }
      }
      assert.equal(told.task, several ? 'forecasts' : 'forecast');
      const { trace: shown } = await inspector.inspect(dir, { part: 'test', index: 3 });
      assert.deepEqual(shown.targets, [...targets]);
      assert.deepEqual([...shown.truth], [...data.truth('test').subarray(3 * 12, 4 * 12)]);
      assert.equal(shown.forecast.length, 12);
    });
  }

  it('is exported with an axis of targets, and says which they are', async () => {
    const { dir } = await trained({});
    const bytes = new Uint8Array(readFileSync(runFiles(dir).model));
    const metadata = readMetadata(bytes);
    assert.deepEqual(JSON.parse(metadata['columns'] ?? ''), [...targets]);
    assert.deepEqual(JSON.parse(metadata['moreTargets'] ?? ''), targets.slice(1));
    const session = await InferenceSession.create(bytes, { logSeverityLevel: 4 });
    const window = new Tensor('float32', new Float32Array(2 * 12 * 3), [2, 12, 3]);
    const { forecast } = await session.run({ window, ...zeroFeeds(bytes, 2) });
    assert.deepEqual(forecast?.dims, [2, 3, 4]);
  });

  it('is refused where a target says nothing, is named twice, or is not forecast', async () => {
    const root = newFolder();
    const refused = (choices: Partial<Experiment['data']>, message: RegExp) =>
      assert.rejects(proposed(root, { data: choices }), { message });
    await refused({ moreTargets: ['load'] }, /data\.moreTargets names load/);
    await refused({ moreTargets: ['drift'], features: ['drift'] }, /data\.features names drift/);
    await assert.rejects(
      propose(root, { task: 'classify', data: { path: 'plants.csv', target: 'plant', moreTargets: ['drift'] } }),
      { message: /data\.moreTargets is for the task forecast/ },
    );
  });
});
