import assert from 'node:assert/strict';
import { type Memory, ResumeAfterReload } from '../../../extension/host/resume';
import { RunList } from '../../../extension/host/runList';
import { UnrollError } from '../../../extension/protocol/errors';
import type { RunSummary } from '../../../extension/protocol/run';
import { engineOf, summaryOf } from './runs';

class TestMemory implements Memory {
  readonly kept = new Map<string, unknown>();
  get<T>(key: string): T | undefined {
    return this.kept.get(key) as T | undefined;
  }
  update(key: string, value: unknown): Promise<void> {
    this.kept.set(key, value);
    return Promise.resolve();
  }
}

/** A window: a list of runs over `summaries`, and what remembers them. */
function windowOf(memory: Memory, summaries: () => readonly RunSummary[], resume: () => unknown = () => ({})) {
  const engine = engineOf({ runs: summaries, resume });
  const runs = new RunList({ engine, roots: () => ['/w'], hasRuns: () => Promise.resolve(true) });
  const log: string[] = [];
  const patience = { every: 1, times: 5 };
  const after = new ResumeAfterReload({ memory, runs, engine, log: (text) => log.push(text), patience });
  return { engine, runs, after, log };
}

async function trainedBefore(...summaries: readonly RunSummary[]): Promise<Memory> {
  const memory = new TestMemory();
  await windowOf(memory, () => summaries).runs.refresh();
  return memory;
}

describe('after a reload', () => {
  it('resumes what trained, and nothing else', async () => {
    const memory = await trainedBefore(
      summaryOf('a', 'training'),
      summaryOf('b', 'paused'),
      summaryOf('c', 'stopped'),
      summaryOf('d', 'preparing'),
    );
    const { after } = windowOf(memory, () => ['a', 'b', 'c', 'd'].map((dir) => summaryOf(dir, 'interrupted')));
    assert.deepEqual([...(await after.resume())].sort(), ['a', 'd']);
  });

  it('starts no engine where nothing trained', async () => {
    const { after, engine } = windowOf(new TestMemory(), () => []);
    assert.deepEqual(await after.resume(), []);
    assert.deepEqual(engine.asked, []);
  });

  it('waits until the engine of the window before has let go', async () => {
    const memory = await trainedBefore(summaryOf('a', 'training'));
    let looks = 0;
    let tries = 0;
    const { after } = windowOf(
      memory,
      () => {
        looks += 1;
        return [summaryOf('a', looks < 3 ? 'training' : 'interrupted')];
      },
      () => {
        tries += 1;
        if (tries === 1) throw new UnrollError('run', 'Busy.');
        return {};
      },
    );
    assert.deepEqual(await after.resume(), ['a']);
    assert.equal(tries, 2);
  });

  it('leaves alone a run that ended, and logs one that cannot be resumed', async () => {
    const memory = await trainedBefore(summaryOf('a', 'training'), summaryOf('b', 'training'));
    const { after, log } = windowOf(
      memory,
      () => [summaryOf('a', 'done'), summaryOf('b', 'interrupted')],
      () => {
        throw new UnrollError('data', 'The data is gone.');
      },
    );
    assert.deepEqual(await after.resume(), []);
    assert.equal(log.length, 1);
    assert.match(log[0] ?? '', /The data is gone/);
  });

  it('forgets a run whose training ended', async () => {
    const memory = await trainedBefore(summaryOf('a', 'training'));
    await windowOf(memory, () => [summaryOf('a', 'done')]).runs.refresh();
    const { after, engine } = windowOf(memory, () => []);
    await after.resume();
    assert.deepEqual(engine.asked, []);
  });
});
