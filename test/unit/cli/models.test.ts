import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { create } from '@bufbuild/protobuf';
import { StringStringEntryProtoSchema } from '../../../extension/core/onnx/onnx_pb';
import { fileOf, graphOf, nodeOf } from '../../support/graphs';
import { newFolder, removeFolders, writeSeries } from '../runtime/sampleData';
import { unroll } from './runCli';

describe('cli: what is done with a trained run', () => {
  let root: string;
  let run: string;

  before(async () => {
    root = newFolder();
    writeSeries(root);
    const args = [
      'train',
      'series.csv',
      '--target',
      'value',
      '--hidden',
      '4',
      '--lookback',
      '6',
      '--epochs',
      '3',
      '--json',
    ];
    const { events } = await unroll(root, args);
    run = String(events.at(-1)?.['run']);
  });

  after(removeFolders);

  it('lists it', async () => {
    const { status, stdout } = await unroll(root, ['runs']);
    assert.equal(status, 0);
    assert.match(stdout, new RegExp(`${path.basename(run)} +LSTM 4 +done +3/3 +RMSE [\\d.]+`));
    const { events } = await unroll('.', ['runs', root, '--json']);
    assert.deepEqual(
      events.map(({ dir }) => dir),
      [run],
    );
    assert.match((await unroll(newFolder(), ['runs'])).stdout, /No runs/);
  });

  it('forecasts what comes next', async () => {
    const { status, stdout } = await unroll(root, ['predict', run, 'series.csv']);
    assert.equal(status, 0);
    assert.match(stdout, /value\n2010-01-01 +\d+\.\d+/);
    const { events } = await unroll(root, ['predict', path.join(run, 'model.onnx'), 'series.csv', '--json']);
    assert.deepEqual(Object.keys(events[0] ?? {}), ['task', 'target', 'time', 'forecast', 'quantiles']);
  });

  it('describes it', async () => {
    const { stdout } = await unroll(root, ['describe', run]);
    assert.match(stdout, /window {2}float32 \[batch, steps, 1\]/);
    assert.match(stdout, /LSTM 1 -> 4, forward/);
    const { events } = await unroll(root, ['describe', path.join(run, 'model.onnx'), '--json']);
    const [described = {}] = events;
    assert.equal((described['recurrent'] as unknown[]).length, 1);
  });

  it('says what the exporter’s machine was only when asked', async () => {
    const node = nodeOf('Relu', 'relu\u001b[31m', ['x']);
    node.metadataProps.push(create(StringStringEntryProtoSchema, { key: 'trace', value: 'File "/home/ada/a.py"' }));
    const entry = create(StringStringEntryProtoSchema, { key: 'source', value: '/home/ada/model.pt' });
    const file = path.join(root, 'exported.onnx');
    writeFileSync(
      file,
      fileOf(graphOf([node], [`${node.name}.y`]), { producerName: 'pytorch', metadataProps: [entry] }),
    );
    const { stdout } = await unroll(root, ['describe', file]);
    assert.match(stdout, /1 more, which --metadata shows/);
    assert.ok(!stdout.includes('/home/ada'));
    const asked = await unroll(root, ['describe', file, '--metadata']);
    assert.match(asked.stdout, /source {2}\/home\/ada\/model.pt/);
    assert.match(asked.stdout, /relu\[31m {2}trace: File "\/home\/ada\/a.py"/);
    const said = async (...more: string[]) =>
      JSON.stringify((await unroll(root, ['describe', file, '--json', ...more])).events);
    assert.ok(!(await said()).includes('/home/ada'));
    assert.equal((await said('--metadata')).split('/home/ada').length, 3);
  });

  it('prints what goes through it, for the chosen item', async () => {
    const data = Array.from({ length: 12 }, (_, i) => Math.sin(i));
    const inputs = { inputs: { window: { dtype: 'float32', shape: [2, 6, 1], data } } };
    writeFileSync(path.join(root, 'inputs.json'), JSON.stringify(inputs));
    const trace = async (...more: string[]) => unroll(root, ['trace', run, '--inputs', 'inputs.json', ...more]);
    const { status, events, stderr } = await trace();
    assert.equal(status, 0, stderr);
    const [first = {}] = events;
    assert.equal(first['steps'], 6);
    const [layer] = first['layers'] as {
      op: string;
      direction: string;
      hidden: number;
      signals: Record<string, number[][]>;
    }[];
    assert.deepEqual([layer?.op, layer?.direction, layer?.hidden], ['LSTM', 'forward', 4]);
    assert.deepEqual(Object.keys(layer?.signals ?? {}).sort(), ['c', 'f', 'g', 'h', 'i', 'o']);
    assert.deepEqual([layer?.signals['h']?.length, layer?.signals['h']?.[0]?.length], [6, 4]);
    const signals = layer?.signals ?? {};
    // c = f * c' + i * g and h = o * tanh(c), read off the printed numbers.
    const at = (name: string, step: number) => signals[name]?.[step]?.[2] ?? Number.NaN;
    const c = at('f', 3) * at('c', 2) + at('i', 3) * at('g', 3);
    assert.ok(Math.abs(c - at('c', 3)) < 1e-6);
    assert.ok(Math.abs(at('o', 3) * Math.tanh(c) - at('h', 3)) < 1e-6);
    assert.deepEqual((first['outputs'] as Record<string, { shape: number[] }>)['forecast']?.shape, [2, 1]);
    const [second = {}] = (await trace('--item', '1')).events;
    assert.notDeepEqual(second['layers'], first['layers']);
    const none = await trace('--item', '2');
    assert.equal(none.status, 2);
    assert.match(none.stderr, /no item 2/);
  });
});
