import assert from 'node:assert/strict';
import { copyFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import type { InputWish } from '../../../../../extension/protocol/model';
import { inspectOpened } from '../../../../../extension/runtime/inspect/openedModel';
import {
  type InspectorOptions,
  InspectorProcess,
} from '../../../../../extension/runtime/inspect/process/inspectorProcess';
import { Inspectors } from '../../../../../extension/runtime/inspect/process/inspectors';
import { endlessModel, growingModel, terabyteModel } from '../../../../support/hostileModels';
import { temporaryFolder } from '../../../../support/temporaryFolder';
import { distFolder } from '../../sampleData';

const wish: InputWish = { kind: 'noise', seed: 1, steps: 12, batch: 1, row: 0, standardised: false, text: '' };

describe('the inspection processes', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();
  const started: { close(): void }[] = [];

  const options = (changes: Partial<InspectorOptions> = {}): InspectorOptions => ({
    script: path.join(distFolder, 'inspectorProcess.js'),
    memory: 8e9,
    log: () => undefined,
    ...changes,
  });
  function start(changes: Partial<InspectorOptions> = {}): Inspectors {
    const inspectors = new Inspectors(options(changes));
    started.push(inspectors);
    return inspectors;
  }
  const write = (name: string, bytes: Uint8Array) => folder.write(name, Buffer.from(bytes));
  function lstm(name = 'lstm.onnx'): string {
    const file = path.join(folder.path, name);
    copyFileSync(path.resolve('test/fixtures/onnx/ts_lstm.onnx'), file);
    return file;
  }
  const isAlive = (pid: number) => {
    try {
      process.kill(pid, 0);
      return true;
    } catch {
      return false;
    }
  };
  async function untilRunning(inspectors: Inspectors): Promise<number> {
    for (;;) {
      const [pid] = inspectors.pids;
      if (pid !== undefined) return pid;
      await pause(20);
    }
  }

  /** Ends the one process, and waits until that is known. */
  async function killed(inspectors: Inspectors): Promise<void> {
    process.kill(await untilRunning(inspectors), 'SIGKILL');
    while (inspectors.pids.length > 0) await pause(20);
  }

  afterEach(() => {
    for (const each of started.splice(0)) each.close();
  });

  it('answer about a model, and from what they keep of its run', async () => {
    const inspectors = start();
    const model = lstm();
    assert.equal((await inspectors.request('openModel', { model })).description.recurrent.length, 1);
    const { outline } = await inspectors.request('traceModel', { model, wish, file: null });
    const signal = { of: 'layer', layer: 0, signal: 0 } as const;
    const { units = 0 } = outline.layers[0]?.signals[0] ?? {};
    const tile = await inspectors.request('tile', {
      trace: outline.id,
      wish: {
        signal,
        version: 'edited',
        order: 'index',
        from: 0,
        to: outline.steps,
        firstRank: 0,
        endRank: units,
        columns: outline.steps,
        rows: units,
      },
    });
    const traced = (await inspectOpened(model, wish, null)).trace.trace;
    const whole = traced.layers[0]?.signals[0]?.values ?? new Float32Array(0);
    assert.equal(tile.values.length, whole.length);
    assert.equal(tile.values[1 * outline.steps + 3], whole[3 * units + 1]);
    assert.equal(inspectors.pids.length, 1);
  });

  it('end with a model that never ends as soon as nobody waits for it, and others go on', async () => {
    const inspectors = start({ patience: 300 });
    const [endless, other] = [write('endless.onnx', endlessModel()), lstm()];
    const waiting = new AbortController();
    const run = inspectors.request('traceModel', { model: endless, wish, file: null }, waiting.signal);
    const settled = run.catch((error: unknown) => error);
    const pid = await untilRunning(inspectors);
    const { outline } = await inspectors.request('traceModel', { model: other, wish, file: null });
    assert.equal(outline.layers.length, 1);
    assert.ok(isAlive(pid));
    await pause(300);
    const begin = Date.now();
    waiting.abort();
    assert.equal(((await settled) as { code?: string }).code, 'cancelled');
    while (isAlive(pid)) {
      assert.ok(Date.now() - begin < 5000, 'the process was ended');
      await pause(20);
    }
    // The next request about the same file starts a process anew.
    assert.equal((await inspectors.request('openModel', { model: endless })).description.opset, 17);
    assert.notEqual(await untilRunning(inspectors), pid);
  });

  it('make a trace again that went with a process, and answer as before', async () => {
    const inspectors = start();
    const model = lstm();
    const { outline } = await inspectors.request('traceModel', { model, wish, file: null });
    const ask = () => inspectors.request('steps', { trace: outline.id, version: 'edited', from: 2, to: 4 });
    const before = await ask();
    await killed(inspectors);
    // Several that ask at once share one run.
    const [after, again] = await Promise.all([ask(), ask()]);
    assert.deepEqual(after, before);
    assert.deepEqual(again, before);
  });

  it('send what waits to another process where a cancelled request does not come back', async function () {
    if (process.platform === 'win32') this.skip();
    const inspectors = start();
    const model = lstm();
    const { outline } = await inspectors.request('traceModel', { model, wish, file: null });
    const ask = () => inspectors.request('steps', { trace: outline.id, version: 'edited', from: 0, to: 3 });
    const before = await ask();
    process.kill(await untilRunning(inspectors), 'SIGSTOP');
    const waiting = new AbortController();
    const held = assert.rejects(inspectors.request('traceModel', { model, wish, file: null }, waiting.signal), {
      code: 'cancelled',
    });
    const [read, run] = [ask(), inspectors.request('describe', { model })];
    waiting.abort();
    await held;
    assert.deepEqual(await read, before);
    assert.equal((await run).recurrent.length, 1);
  });

  it('refuse a trace whose file was written anew, or that was let go of', async () => {
    const inspectors = start();
    const model = lstm();
    const { outline } = await inspectors.request('traceModel', { model, wish, file: null });
    const ask = () =>
      inspectors.request('order', { trace: outline.id, signal: { of: 'output', index: 0 }, order: 'index' });
    await ask();
    // Nobody asked for this one to be run.
    write('lstm.onnx', endlessModel());
    await killed(inspectors);
    await assert.rejects(ask(), { code: 'usage', message: /not kept any more/ });
    const kept = (await inspectors.request('traceModel', { model: lstm(), wish, file: null })).outline;
    inspectors.forget([kept.id]);
    await assert.rejects(
      inspectors.request('project', { trace: kept.id, signal: { of: 'output', index: 0 }, components: 2 }),
      {
        code: 'usage',
        message: /not kept any more/,
      },
    );
    await assert.rejects(inspectors.request('gradientChoices', { trace: '99-1' }), { message: /not kept any more/ });
  });

  it('say so in one sentence when a model ends its process, and go on', async () => {
    const inspectors = start();
    const model = write('endless.onnx', endlessModel());
    const run = inspectors.request('traceModel', { model, wish, file: null });
    const pid = await untilRunning(inspectors);
    setTimeout(() => process.kill(pid, 'SIGSEGV'), 700);
    await assert.rejects(run, { code: 'model', message: /ended the process that ran it \(SIGSEGV\)/ });
    assert.equal((await inspectors.request('describe', { model })).opset, 17);
  });

  it('take no more memory than they may', async () => {
    const inspectors = start({ memory: 700e6 });
    const model = write('growing.onnx', growingModel());
    await assert.rejects(inspectors.request('traceModel', { model, wish, file: null }), {
      code: 'model',
      message: /took more than 0\.70 GB of memory/,
    });
  });

  it('refuse what asks for terabytes', async () => {
    const inspectors = start();
    const model = write('terabytes.onnx', terabyteModel());
    await assert.rejects(inspectors.request('traceModel', { model, wish, file: null }), (error: Error) => {
      assert.match(error.message, /^onnxruntime cannot run this model: /);
      assert.doesNotMatch(error.message, /\n|\.cc|onnxruntime_src/);
      return true;
    });
  });

  it('rest when nothing is kept and nothing is asked', async () => {
    const process = new InspectorProcess('1-', options({ rest: 200 }));
    started.push({ close: () => process.end() });
    const made = (await process.request('traceModel', { model: lstm(), wish, file: null })) as {
      outline: { id: string };
    };
    await pause(500);
    assert.notEqual(process.pid, undefined, 'a trace is kept');
    process.forget([made.outline.id]);
    while (process.pid !== undefined) await pause(50);
  });

  it('are no more than a few at a time', async () => {
    const inspectors = start();
    for (let i = 0; i < 6; i++) await inspectors.request('describe', { model: lstm(`model ${i}.onnx`) });
    await inspectors.request('describe', { model: lstm('model 7.onnx') });
    assert.ok(inspectors.pids.length <= 5);
  });
});
