import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readArguments } from '../../../extension/cli/command';
import { withOptions } from '../../../extension/cli/trainOptions';
import { train } from '../../../extension/cli/verbs/train';
import { readRecord } from '../../../extension/runtime/runs/record';
import { newFolder, removeFolders, writeSeries } from '../runtime/sampleData';
import { unroll } from './runCli';

const quick = ['--hidden', '4', '--epochs', '4', '--lookback', '6', '--seed', '1'];
const runsIn = (root: string) => readdirSync(path.join(root, '.unroll', 'runs'));

describe('cli/train', () => {
  after(removeFolders);

  it('prints one JSON object a line, and the same numbers for the same command', async () => {
    const root = newFolder();
    writeSeries(root);
    const run = () => unroll(root, ['train', 'series.csv', '--target', 'value', ...quick, '--json']);
    const [first, second] = [await run(), await run()];
    assert.equal(first.status, 0, first.stderr);
    assert.equal(first.stderr, '');
    assert.deepEqual(
      first.events.map(({ event }) => event),
      ['epoch', 'epoch', 'epoch', 'epoch', 'done'],
    );
    const [lags] = (first.events[0]?.['lags'] ?? []) as {
      layer: number;
      direction: string;
      reach: number;
      norms: number[];
    }[];
    assert.deepEqual([lags?.layer, lags?.direction], [0, 'forward']);
    assert.equal(lags?.norms.length, (lags?.reach ?? 0) + 1);
    const done = first.events.at(-1) ?? {};
    assert.deepEqual(Object.keys(done), [
      'event',
      'run',
      'model',
      'provider',
      'test',
      'baselines',
      'comparison',
      'interval',
    ]);
    assert.equal(path.dirname(String(done['model'])), done['run']);
    assert.deepEqual(Object.keys(done['baselines'] as object), ['persistence', 'seasonalNaive', 'drift', 'linear']);
    assert.deepEqual(Object.keys(done['test'] as object).sort(), ['mae', 'mase', 'rmse', 'smape']);
    const numbers = ({ events }: typeof first) =>
      events.map(({ trainLoss, validationLoss, test }) => [trainLoss, validationLoss, test]);
    assert.deepEqual(numbers(second), numbers(first));
  });

  it('tells a person how it goes and ends with a table of the baselines', async () => {
    const root = newFolder();
    writeSeries(root);
    const { status, stdout, stderr } = await unroll(root, ['train', 'series.csv', '--target', 'value', ...quick]);
    assert.equal(status, 0);
    assert.match(stderr, /epoch 4\/4 {2}loss/);
    assert.match(stdout, /this model( +[\d.]+){4}\nlast value( +[\d.]+){4}\nlast season/);
    assert.match(stdout, /The test RMSE of/);
    assert.match(stdout, /Run {4}.*\.unroll/);
  });

  it('does what the options say', async () => {
    const root = newFolder();
    const out = newFolder();
    mkdirSync(path.join(root, 'data'));
    writeSeries(path.join(root, 'data'));
    const options = [
      ...['--target', 'value', '--features', 'other', '--time', 'month', '--cell', 'gru', '--hidden', '3'],
      ...['--layers', '2', '--lookback', '5', '--horizon', '2', '--epochs', '2', '--batch', '4', '--lr', '0.02'],
      ...['--optimizer', 'sgd', '--clip', 'none', '--seed', '9', '--provider', 'cpu', '--threads', '1'],
      ...['--task', 'forecast', '--out', out, '--name', 'my run'],
    ];
    const { status, events, stderr } = await unroll(root, ['train', 'data/series.csv', ...options, '--json']);
    assert.equal(status, 0, stderr);
    const dir = String(events.at(-1)?.['run']);
    assert.equal(path.dirname(dir), path.join(out, '.unroll', 'runs'));
    const { data, model, training, device, name } = readRecord(dir).experiment;
    assert.equal(path.resolve(out, data.path), path.join(root, 'data', 'series.csv'));
    assert.deepEqual(
      [data.target, data.features, data.time, data.lookback, data.horizon],
      ['value', ['other'], 'month', 5, 2],
    );
    assert.deepEqual(
      model.layers.map(({ cell, hidden }) => [cell, hidden]),
      [
        ['gru', 3],
        ['gru', 3],
      ],
    );
    assert.deepEqual([training.epochs, training.batch, training.seed, training.clipNorm], [2, 4, 9, null]);
    assert.deepEqual([training.optimizer.name, training.optimizer.learningRate], ['sgd', 0.02]);
    assert.deepEqual([device.provider, device.threads, name], ['cpu', 1, 'my run']);
  });

  it('hears every choice that the command line can say', () => {
    const args = [
      ...['x.csv', '--task', 'classify', '--series', 'id', '--bidirectional', '--layer-norm', '--residual'],
      ...['--layers', '2', '--pooling', 'attention', '--embedding', 'none', '--init', 'keras', '--dropout', '0.1'],
      ...['--recurrent-dropout', '0.2', '--variational', '--accumulate', '4', '--truncate', 'none', '--loss', 'huber'],
      ...['--optimizer', 'nadam', '--momentum', '0.5', '--weight-decay', '0.01', '--schedule', 'cosine'],
      ...['--warmup', '7', '--clip-value', '2', '--early-stopping', '9', '--numbers', 'comma', '--gaps', 'cut'],
      ...['--zone', 'Europe/Berlin', '--resample', '1h:sum', '--missing', 'forwardFill', '--fill-limit', '3'],
    ];
    const { options } = readArguments(train, args);
    const given = { data: { path: 'x.csv' }, model: { layers: [{ cell: 'mgu' as const, hidden: 5 }] } };
    const { task, data, model, training } = withOptions(given, options);
    assert.deepEqual([task, data.series], ['classify', 'id']);
    assert.deepEqual(
      [data.numbers, data.gaps, data.zone, data.resample, data.missing, data.fillLimit],
      ['comma', 'cut', 'Europe/Berlin', { every: '1h', by: 'sum' }, 'forwardFill', 3],
    );
    const layer = { cell: 'mgu', hidden: 5, bidirectional: true, layerNorm: true };
    assert.deepEqual(model, {
      layers: [
        { ...layer, residual: false },
        { ...layer, residual: true },
      ],
      pooling: 'attention',
      embedding: null,
      init: 'keras',
      dropout: { between: 0.1, recurrent: 0.2, variational: true },
    });
    assert.deepEqual(training, {
      accumulate: 4,
      truncate: null,
      earlyStopping: 9,
      clipValue: 2,
      loss: { name: 'huber' },
      optimizer: { name: 'nadam', momentum: 0.5, weightDecay: 0.01 },
      schedule: { name: 'cosine', warmup: 7 },
    });
    assert.deepEqual(withOptions(given, {}), { ...given, training: {}, device: {} });
    const others = [{ resample: '1h:middle' }, { numbers: 'dot' }, { 'fill-limit': '0' }];
    for (const wrong of [{ dropout: '1' }, { pooling: 'sum' }, { truncate: '0' }, { 'weight-decay': 'x' }, ...others]) {
      assert.throws(() => withOptions(given, wrong), { code: 'usage' });
    }
  });

  it('trains from an experiment file, and from the file of a run wherever it is called', async () => {
    const root = newFolder();
    writeSeries(root);
    const draft = { data: { path: 'series.csv', target: 'value', lookback: 6 }, training: { epochs: 2 } };
    writeFileSync(path.join(root, 'experiment.json'), JSON.stringify(draft));
    const first = await unroll(root, ['train', 'experiment.json', '--hidden', '5', '--json']);
    assert.equal(first.status, 0, first.stderr);
    const dir = String(first.events.at(-1)?.['run']);
    const [layer] = readRecord(dir).experiment.model.layers;
    assert.deepEqual([layer?.cell, layer?.hidden], ['lstm', 5]);
    const elsewhere = newFolder();
    const again = await unroll(elsewhere, ['train', path.join(dir, 'experiment.json'), '--json']);
    assert.equal(again.status, 0, again.stderr);
    const model = (events: typeof again.events) => readFileSync(String(events.at(-1)?.['model']));
    assert.ok(model(again.events).equals(model(first.events)));
    assert.equal(runsIn(elsewhere).length, 1);
  });

  it('refuses an experiment file that makes no sense', async () => {
    const root = newFolder();
    writeFileSync(path.join(root, 'a.json'), '[1]');
    writeFileSync(path.join(root, 'b.json'), '{"data": {"path": "x.csv"}, "colour": 1}');
    for (const name of ['a.json', 'b.json', 'none.json']) {
      const { status, stderr } = await unroll(root, ['train', name]);
      assert.equal(status, 1, name);
      assert.match(stderr, new RegExp(name));
      assert.equal(stderr.trim().split('\n').length, 1, stderr);
    }
    assert.deepEqual(readdirSync(root), ['a.json', 'b.json']);
  });
});
