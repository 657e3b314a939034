import assert from 'node:assert/strict';
import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { Channel, type Silent } from '../../../../extension/protocol/channel';
import type { EngineContract } from '../../../../extension/protocol/engine';
import type { Draft } from '../../../../extension/protocol/experiment';
import type { RunEvent, RunState } from '../../../../extension/protocol/run';
import { readState } from '../../../../extension/runtime/runs/readRun';
import { choice as forecastChoice } from '../../../support/forecastChoice';
import { endlessModel } from '../../../support/hostileModels';
import { distFolder, newFolder, removeFolders, writeSeries } from '../sampleData';

interface StartedEngine {
  readonly child: ChildProcess;
  readonly channel: Channel<Silent, EngineContract>;
  readonly events: RunEvent[];
}

const children: ChildProcess[] = [];

/** An engine process as the host forks it. */
function startEngine(execArgv: string[] = []): StartedEngine {
  const child = fork(path.join(distFolder, 'engine.js'), { serialization: 'advanced', execArgv });
  children.push(child);
  const channel = new Channel<Silent, EngineContract>(
    {
      post: (data) => child.send(data as object),
      onMessage: (listener) => void child.on('message', listener),
      onClose: (listener) => void child.once('exit', (code) => listener(`exit ${code}`)),
    },
    {},
  );
  const events: RunEvent[] = [];
  channel.on('run', (event) => events.push(event));
  return { child, channel, events };
}

async function stateReached({ channel, events }: StartedEngine, run: string, kind: RunState['kind']): Promise<void> {
  const is = (event: RunEvent) => event.kind === 'state' && event.run === run && event.state.kind === kind;
  if (events.some(is)) return;
  await new Promise<void>((resolve) => {
    channel.on('run', (event) => {
      if (is(event)) resolve();
    });
  });
}

const draft = (epochs: number, name = 'a'): Draft => ({
  name,
  data: { path: 'series.csv', target: 'value', time: 'month', lookback: 6 },
  model: { layers: [{ cell: 'lstm', hidden: 4 }] },
  training: { epochs, batch: 8 },
  device: { provider: 'cpu' },
});

describe('engine/main', () => {
  let engine: StartedEngine;
  let root: string;

  before(() => {
    engine = startEngine();
    root = newFolder();
    writeSeries(root);
  });

  after(() => {
    for (const child of children) child.kill('SIGKILL');
    removeFolders();
  });

  it('says what it can do', async () => {
    const info = await engine.channel.request('info', {});
    assert.match(info.onnxruntime, /^\d+\.\d+\.\d+$/);
    assert.equal(info.providers[0], 'cpu');
    const devices = await engine.channel.request('devices', {});
    assert.deepEqual(
      devices.map(({ provider }) => provider),
      info.providers,
    );
    assert.deepEqual(devices[0], { provider: 'cpu', problem: null });
  });

  it('profiles, proposes, trains and answers about the run', async () => {
    const { channel, events } = engine;
    assert.equal((await channel.request('profile', { path: path.join(root, 'series.csv') })).rows, 120);
    const proposal = await channel.request('propose', { root, draft: draft(6) });
    assert.equal(proposal.experiment.data.target, 'value');
    const { run } = await channel.request('train', { root, draft: draft(6) });
    await stateReached(engine, run, 'done');
    assert.equal(events.filter((event) => event.kind === 'epoch' && event.run === run).length, 6);
    const detail = await channel.request('open', { run });
    assert.equal(detail.summary.state.kind, 'done');
    assert.equal(detail.epochs.length, 6);
    assert.ok(detail.notes.length > 0);
    assert.equal(detail.architecture?.recurrent[0]?.op, 'LSTM');
    assert.deepEqual(await channel.request('runs', { root }), [detail.summary]);
    assert.deepEqual(detail.backtest, []);
    await channel.request('backtest', { run, origins: 1 });
    const told = events.flatMap((event) => (event.kind === 'backtest' && event.run === run ? [event.progress] : []));
    assert.deepEqual(told.at(-1), { done: 1, origins: 1, epoch: 0, epochs: 6 });
    assert.deepEqual(
      (await channel.request('open', { run })).backtest?.map(({ origin }) => origin),
      [1],
    );
    const forecast = await channel.request('forecast', { run, ...forecastChoice() });
    assert.equal(forecast.truth.length, 120);
    const trace = await channel.request('trace', { run, window: { part: 'validation', index: 0 } });
    assert.equal(trace.outline.layers[0]?.op, 'LSTM');
    const block = await channel.request('steps', { trace: trace.outline.id, version: 'edited', from: 0, to: 6 });
    assert.ok(block.layers[0]?.[0] instanceof Float32Array);
    const edits = [{ layer: 0, state: 'h', unit: 0, from: 1, to: 2, value: 1 }];
    const edited = await channel.request('edit', { trace: trace.outline.id, edits });
    const params = { trace: edited.id, version: 'difference', from: 0, to: 6 } as const;
    const { layers } = await channel.request('steps', params);
    assert.ok(layers[0]?.some((signal) => signal.some((value) => value !== 0)));
    assert.notDeepEqual(edited.forecast, trace.outline.forecast);
    const [choice] = await channel.request('gradientChoices', { trace: trace.outline.id });
    const of = { output: choice?.output ?? '', step: null, unit: 0 };
    const gradients = await channel.request('gradients', { trace: trace.outline.id, of, integrated: 4 });
    assert.equal(gradients.layers[0]?.[0]?.norms.length, 6);
    const signal = { of: 'layer', layer: 0, signal: 0 } as const;
    const span = { from: 1, to: 3 };
    const match = await channel.request('match', { trace: trace.outline.id, signal, span, threshold: null });
    assert.equal(match.window, 0);
    assert.ok(match.places.every(({ window }) => window % 6 === 0));
    await channel.request('forget', { traces: [trace.outline.id, edited.id] });
    await assert.rejects(channel.request('steps', params), { code: 'usage', message: /not kept any more/ });
    const model = path.join(run, 'model.onnx');
    assert.equal((await channel.request('describe', { model })).recurrent.length, 1);
    const prediction = await channel.request('predict', { model: run, data: path.join(root, 'series.csv') });
    assert.equal(prediction.task === 'forecast' && prediction.forecast.length, 1);
  });

  it('trains two runs at once, controls each, and answers meanwhile', async () => {
    const { channel } = engine;
    const [a, b] = await Promise.all([
      channel.request('train', { root, draft: draft(5000, 'one') }),
      channel.request('train', { root, draft: draft(5000, 'two') }),
    ]);
    await channel.request('control', { run: a.run, action: 'pause' });
    const listed = await channel.request('runs', { root });
    const stateOf = (run: string) => listed.find(({ dir }) => dir === run)?.state.kind;
    assert.deepEqual([stateOf(a.run), stateOf(b.run)], ['paused', 'training']);
    await channel.request('control', { run: b.run, action: 'stop' });
    assert.equal((await channel.request('open', { run: b.run })).summary.state.kind, 'stopped');
    await channel.request('control', { run: a.run, action: 'continue' });
    await channel.request('control', { run: a.run, action: 'stop' });
    await assert.rejects(channel.request('control', { run: a.run, action: 'stop' }), { code: 'run' });
    await channel.request('resume', { run: a.run });
    await channel.request('control', { run: a.run, action: 'stop' });
    assert.equal(readState(a.run).kind, 'stopped');
  });

  it('trains on and answers while a model runs that never ends', async () => {
    const { channel, events } = engine;
    const model = path.join(root, 'endless.onnx');
    writeFileSync(model, endlessModel());
    const waiting = new AbortController();
    const wish = { kind: 'noise', seed: 1, steps: 5, batch: 1, row: 0, standardised: false, text: '' } as const;
    const endless = channel.request('traceModel', { model, wish, file: null }, waiting.signal);
    const settled = assert.rejects(endless, { code: 'cancelled' });
    const { run } = await channel.request('train', { root, draft: draft(5000, 'beside') });
    await stateReached(engine, run, 'training');
    const epochs = () => events.filter((event) => event.kind === 'epoch' && event.run === run).length;
    const seen = epochs();
    while (epochs() < seen + 3) await channel.request('runs', { root });
    assert.equal(
      (await channel.request('describe', { model: path.resolve('test/fixtures/onnx/ts_lstm.onnx') })).recurrent.length,
      1,
    );
    waiting.abort();
    await settled;
    assert.equal((await channel.request('openModel', { model })).description.opset, 17);
    await channel.request('control', { run, action: 'stop' });
    assert.equal(readState(run).kind, 'stopped');
  });

  it('leaves no process behind that runs a model, however it ends', async function () {
    if (process.platform === 'win32') this.skip();
    const other = startEngine();
    const model = path.join(root, 'endless.onnx');
    writeFileSync(model, endlessModel());
    const wish = { kind: 'noise', seed: 1, steps: 5, batch: 1, row: 0, standardised: false, text: '' } as const;
    other.channel.request('traceModel', { model, wish, file: null }).catch(() => {});
    const childrenOf = (pid: number) =>
      spawnSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' })
        .stdout.split('\n')
        .filter(Boolean)
        .map(Number);
    let [pid] = childrenOf(other.child.pid ?? 0);
    while (pid === undefined) {
      await pause(50);
      [pid] = childrenOf(other.child.pid ?? 0);
    }
    await pause(1000);
    other.child.kill('SIGKILL');
    const isAlive = () => spawnSync('ps', ['-p', String(pid), '-o', 'stat='], { encoding: 'utf8' }).stdout.trim();
    while (isAlive() !== '' && !isAlive().startsWith('Z')) await pause(50);
  });

  it('trusts nothing that it is sent', async () => {
    const { channel } = engine;
    const before = readdirSync(root);
    const relative = channel.request('open', { run: 'x' });
    await assert.rejects(relative, { code: 'usage' });
    await assert.rejects(channel.request('open', { run: root }), { code: 'run' });
    await assert.rejects(channel.request('resume', { run: path.join(root, '.unroll', 'runs', '..', '..') }), {
      code: 'run',
    });
    await assert.rejects(channel.request('propose', { root, draft: { data: {} } as never }), { code: 'experiment' });
    await assert.rejects(channel.request('train', { root: 7 as never, draft: draft(1) }), { code: 'usage' });
    await assert.rejects(channel.request('nothing' as never, {} as never), { code: 'internal' });
    const none: Draft = { data: { path: 'none.csv' } };
    await assert.rejects(channel.request('train', { root, draft: none }), { code: 'data' });
    assert.deepEqual(readdirSync(root), before);
  });

  it('leaves every training resumable when its host goes away, and ends', async () => {
    const other = startEngine();
    const { run } = await other.channel.request('train', { root, draft: draft(5000, 'left') });
    other.child.kill('SIGINT');
    await other.channel.request('runs', { root });
    other.child.disconnect();
    const [code] = await once(other.child, 'exit');
    assert.equal(code, 0);
    assert.deepEqual(readState(run), { kind: 'interrupted', goesOn: true });
    assert.ok(existsSync(path.join(run, 'checkpoint', 'state.safetensors')));
    assert.equal(existsSync(path.join(run, '.lock')), false);
    // Who stops a run while it is being resumed is heard as soon as it trains.
    const resumed = engine.channel.request('resume', { run });
    await engine.channel.request('control', { run, action: 'stop' });
    await resumed;
    assert.equal(readState(run).kind, 'stopped');
  });

  it('needs no native module before something asks for one, and says so where it cannot be loaded', async () => {
    const hook = path.join(newFolder(), 'noNative.cjs');
    writeFileSync(hook, "process.dlopen = () => { throw new Error('no native module here'); };");
    const { channel } = startEngine(['--require', hook]);
    assert.deepEqual(await channel.request('runs', { root: newFolder() }), []);
    await assert.rejects(channel.request('info', {}), {
      code: 'device',
      message: /onnxruntime cannot be loaded.*no native/,
    });
    assert.deepEqual(await channel.request('runs', { root: newFolder() }), []);
  });
});
