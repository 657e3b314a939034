import assert from 'node:assert/strict';
import { EngineProcess } from '../../../extension/host/engineProcess';
import { UnrollError } from '../../../extension/protocol/errors';
import type { RunEvent } from '../../../extension/protocol/run';
import { FakeChild } from './fakeEngine';

const answering = { runs: () => [] };
const code = (wanted: string) => (error: unknown) => error instanceof UnrollError && error.code === wanted;

function engineOf(make: (start: number) => FakeChild, permit: () => void = () => undefined) {
  const children: FakeChild[] = [];
  const log: string[] = [];
  const engine = new EngineProcess({
    fork: () => {
      const child = make(children.length + 1);
      children.push(child);
      return child;
    },
    log: (level, text) => log.push(`${level} ${text}`),
    permit,
    backOff: () => 1,
    startTimeout: 50,
  });
  return { engine, children, log };
}

describe('the engine process', () => {
  it('starts with the first request and serves all with one process', async () => {
    const { engine, children } = engineOf(() => new FakeChild(answering));
    assert.equal(children.length, 0);
    assert.equal(engine.pid, undefined);
    await Promise.all([engine.request('runs', { root: '/a' }), engine.request('runs', { root: '/b' })]);
    assert.equal(children.length, 1);
    assert.equal(engine.pid, 1);
  });

  it('starts again after a crash, fails what was asked, and tells of the crash once', async () => {
    const { engine, children, log } = engineOf((start) =>
      start === 1 ? new FakeChild({ runs: () => new Promise<never>(() => undefined) }, 1) : new FakeChild(answering, 2),
    );
    const crashes: string[] = [];
    engine.onCrash(({ why }) => crashes.push(why));
    const pending = [engine.request('runs', { root: '/a' }), engine.request('runs', { root: '/b' })];
    await engine.request('info', {});
    children[0]?.crash('SIGSEGV');
    for (const each of pending) await assert.rejects(each, code('closed'));
    assert.deepEqual(crashes, ['SIGSEGV']);
    assert.deepEqual(await engine.request('runs', { root: '/a' }), []);
    assert.equal(engine.pid, 2);
    assert.ok(log.some((line) => line.includes('SIGSEGV')));
  });

  it('hears the events of whichever process runs', async () => {
    const { engine, children } = engineOf(() => new FakeChild(answering));
    const heard: RunEvent[] = [];
    engine.onRun((event) => heard.push(event));
    await engine.request('info', {});
    children[0]?.crash();
    await engine.request('info', {});
    const event: RunEvent = { kind: 'state', run: '/r', state: { kind: 'paused' } };
    children[1]?.engine.emit('run', event);
    await new Promise((resolve) => setTimeout(resolve));
    assert.deepEqual(heard, [event]);
  });

  it('rests after four crashes in a row instead of starting for ever', async () => {
    const children: FakeChild[] = [];
    const engine = new EngineProcess({
      fork: () => {
        const child = new FakeChild({});
        children.push(child);
        queueMicrotask(() => child.crash());
        return child;
      },
      log: () => undefined,
      permit: () => undefined,
      backOff: (crashes) => (crashes < 4 ? 1 : 60_000),
    });
    for (let start = 0; start < 4; start++) await assert.rejects(engine.request('info', {}), code('device'));
    await assert.rejects(engine.request('info', {}), code('closed'));
    assert.equal(children.length, 4);
  });

  it('ends a process that does not answer, and says so', async () => {
    const { engine, children } = engineOf(() => new FakeChild({ info: () => new Promise<never>(() => undefined) }));
    await assert.rejects(engine.request('runs', { root: '/a' }), /did not start/);
    assert.deepEqual(children[0]?.ended, ['kill']);
  });

  it('starts nothing where it is not permitted', async () => {
    const { engine, children } = engineOf(
      () => new FakeChild(answering),
      () => {
        throw new UnrollError('usage', 'Not here.');
      },
    );
    await assert.rejects(engine.request('runs', { root: '/a' }), code('usage'));
    assert.equal(children.length, 0);
  });

  it('closes the IPC with itself, tells of no crash, and answers no more', async () => {
    const { engine, children } = engineOf(() => new FakeChild(answering));
    let crashes = 0;
    engine.onCrash(() => {
      crashes += 1;
    });
    await engine.request('info', {});
    engine.dispose();
    assert.deepEqual(children[0]?.ended, ['disconnect']);
    assert.equal(crashes, 0);
    await assert.rejects(engine.request('info', {}), code('closed'));
  });
});
