import assert from 'node:assert/strict';
import { describeRun, RunList } from '../../../extension/host/runList';
import { UnrollError } from '../../../extension/protocol/errors';
import { format } from '../../../extension/protocol/messages';
import type { RunEvent, RunSummary } from '../../../extension/protocol/run';
import { engineOf, summaryOf } from './runs';

function listOf(summaries: () => readonly RunSummary[], holds = true) {
  const engine = engineOf({ runs: () => summaries() });
  const list = new RunList({ engine, roots: () => ['/w'], hasRuns: () => Promise.resolve(holds) });
  return { engine, list };
}

const epoch = (validationLoss: number | null, number = 4) => ({
  epoch: number,
  step: 1,
  trainLoss: 1,
  validationLoss,
  validation: null,
  learningRate: 0.01,
  gradientNorm: 1,
  seconds: 1,
});

describe('the list of runs', () => {
  it('asks no engine in a folder without runs', async () => {
    const { engine, list } = listOf(() => [], false);
    await list.refresh();
    assert.deepEqual(engine.asked, []);
    assert.ok(list.loaded);
  });

  it('has the newest first', async () => {
    const { list } = listOf(() => [summaryOf('old', 'done', { created: 1 }), summaryOf('new', 'done', { created: 2 })]);
    await list.refresh();
    assert.deepEqual(
      list.entries.map(({ summary }) => summary.dir),
      ['new', 'old'],
    );
  });

  it('follows the events of a training', async () => {
    const { list } = listOf(() => [summaryOf('r', 'preparing')]);
    await list.refresh();
    list.hear({ kind: 'state', run: 'r', state: { kind: 'training' } });
    const progress = { epoch: 4, epochs: 10, step: 1, steps: 5, secondsLeft: 65 };
    list.hear({ kind: 'progress', run: 'r', progress });
    list.hear({ kind: 'epoch', run: 'r', metrics: epoch(0.5) });
    list.hear({ kind: 'epoch', run: 'r', metrics: epoch(0.7, 5) });
    const entry = list.find('r');
    assert.deepEqual(entry?.progress, progress);
    assert.deepEqual(entry.summary.best, { epoch: 4, validationLoss: 0.5 });
    assert.equal(entry.summary.epoch, 5);
    assert.equal(list.active.length, 1);
  });

  it('changes at once with a state, and now and then with progress', async () => {
    const { list } = listOf(() => [summaryOf('r', 'preparing')]);
    await list.refresh();
    let changes = 0;
    list.onDidChange(() => {
      changes += 1;
    });
    list.hear({ kind: 'state', run: 'r', state: { kind: 'training' } });
    assert.equal(changes, 1);
    for (let number = 1; number <= 100; number++) list.hear({ kind: 'epoch', run: 'r', metrics: epoch(0.5, number) });
    assert.equal(changes, 1);
    await new Promise((resolve) => setTimeout(resolve, 600));
    assert.equal(changes, 2);
    list.dispose();
  });

  it('reads anew when a training ends or an unknown run speaks, and passes every event on', async () => {
    let state: RunSummary = summaryOf('r', 'training');
    const { engine, list } = listOf(() => [state]);
    const heard: RunEvent[] = [];
    list.onEvent((event) => heard.push(event));
    list.hear({ kind: 'state', run: 'r', state: { kind: 'training' } });
    await list.refresh();
    state = summaryOf('r', 'done');
    const before = engine.asked.length;
    list.hear({ kind: 'state', run: 'r', state: { kind: 'done' } });
    await list.refresh();
    assert.ok(engine.asked.length > before);
    assert.deepEqual(
      heard.map((event) => event.kind === 'state' && event.state.kind),
      ['training', 'done'],
    );
  });

  it('tells of runs that a crash interrupted', async () => {
    const { list } = listOf(() => [summaryOf('a', 'training'), summaryOf('b', 'done')]);
    await list.refresh();
    const heard: RunEvent[] = [];
    list.onEvent((event) => heard.push(event));
    assert.deepEqual(
      list.interrupt().map(({ summary }) => summary.dir),
      ['a'],
    );
    assert.deepEqual(heard, [{ kind: 'state', run: 'a', state: { kind: 'interrupted', goesOn: false } }]);
    assert.equal(list.active.length, 0);
  });

  it('keeps what it knew and says why when it cannot read', async () => {
    let fails = false;
    const { list } = listOf(() => {
      if (fails) throw new UnrollError('storage', 'The folder {0} cannot be read.', '/w');
      return [summaryOf('r', 'done')];
    });
    await list.refresh();
    assert.equal(list.failure, null);
    fails = true;
    await list.refresh();
    assert.equal(list.entries.length, 1);
    assert.equal(list.failure && format(list.failure), 'The folder /w cannot be read.');
  });

  it('describes a run by how far it is, then by how good it is', () => {
    const line = (summary: RunSummary) => format(describeRun({ summary, progress: null }));
    assert.equal(line(summaryOf('r', 'training')), 'LSTM 32 · epoch 3 of 10');
    assert.equal(line(summaryOf('r', 'done')), 'LSTM 32 · done');
    const report = {
      task: 'forecast' as const,
      provider: 'cpu',
      bestEpoch: 2,
      seconds: 1,
      windows: { train: 1, validation: 1, test: 1 },
      test: { rmse: 21.98765 },
      baselines: {},
      verdict: { template: '', args: [] },
    };
    assert.equal(line(summaryOf('r', 'done', { report })), 'LSTM 32 · test RMSE 21.99');
  });
});
