import assert from 'node:assert/strict';
import { EventBatch } from '../../../extension/host/eventBatch';
import type { EpochMetrics, RunEvent } from '../../../extension/protocol/run';

const run = '/w/.unroll/runs/a';
const epoch = (count: number): RunEvent => ({
  kind: 'epoch',
  run,
  metrics: { epoch: count } as EpochMetrics,
});
const progress = (step: number): RunEvent => ({
  kind: 'progress',
  run,
  progress: { epoch: 1, epochs: 2, step, steps: 9, secondsLeft: null },
});
const stopped: RunEvent = { kind: 'state', run, state: { kind: 'stopped' } };
const soon = () => new Promise((resolve) => setTimeout(resolve, 150));

describe('a batch of events', () => {
  it('holds every epoch in order, and only the last progress', async () => {
    const sent: RunEvent[][] = [];
    const batch = new EventBatch((events) => sent.push([...events]));
    for (const event of [epoch(1), progress(1), epoch(2), progress(2)]) batch.add(event);
    assert.deepEqual(sent, []);
    await soon();
    assert.deepEqual(sent, [[epoch(1), epoch(2), progress(2)]]);
    await soon();
    assert.equal(sent.length, 1);
  });

  it('is sent at once with a new state', () => {
    const sent: RunEvent[][] = [];
    const batch = new EventBatch((events) => sent.push([...events]));
    batch.add(epoch(1));
    batch.add(stopped);
    assert.deepEqual(sent, [[epoch(1), stopped]]);
    batch.dispose();
  });

  it('is not sent when it was cleared or disposed', async () => {
    const sent: RunEvent[][] = [];
    const batch = new EventBatch((events) => sent.push([...events]));
    batch.add(epoch(1));
    batch.clear();
    batch.add(epoch(2));
    batch.dispose();
    batch.add(stopped);
    await soon();
    assert.deepEqual(sent, []);
  });

  it('keeps even a new state back while it is held, and sends it afterwards', () => {
    const sent: RunEvent[][] = [];
    const batch = new EventBatch((events) => sent.push([...events]));
    const [first, second] = [batch.hold(), batch.hold()];
    batch.add(epoch(1));
    batch.add(stopped);
    first();
    first();
    assert.deepEqual(sent, []);
    second();
    assert.deepEqual(sent, [[epoch(1), stopped]]);
    batch.dispose();
  });
});
