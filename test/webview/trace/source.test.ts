import assert from 'node:assert/strict';
import { UnrollError } from '../../../extension/protocol/errors';
import type { InspectionRequests, SignalRef } from '../../../extension/protocol/inspection';
import type { StepTrace } from '../../../extension/protocol/trace';
import { type TraceHost, TraceSource } from '../../../webview/trace/source';
import { keptTrace } from '../fixtures/keptTrace';
import { traceOf } from '../fixtures/traces';

const hidden = { of: 'layer', layer: 0, signal: 0 } satisfies SignalRef;
const look = { signal: hidden, version: 'edited', order: 'index' } as const;
const everything = (steps: number, units: number) => ({ from: 0, to: steps, firstRank: 0, endRank: units });

/** A host that answers when it is told to, and notes what it was asked. */
class SlowHost implements TraceHost {
  readonly asked: { readonly name: string; readonly params: unknown; readonly answer: () => void }[] = [];
  refuse: UnrollError | null = null;

  constructor(private readonly inner: TraceHost) {}

  request<K extends keyof InspectionRequests>(
    name: K,
    params: InspectionRequests[K]['params'],
    signal?: AbortSignal,
  ): Promise<InspectionRequests[K]['result']> {
    return new Promise((resolve, reject) => {
      const cancelled = () => reject(new UnrollError('cancelled', 'Cancelled.'));
      signal?.addEventListener('abort', cancelled, { once: true });
      const answer = () => {
        signal?.removeEventListener('abort', cancelled);
        if (this.refuse === null) resolve(this.inner.request(name, params));
        else reject(this.refuse);
      };
      this.asked.push({ name, params, answer });
    });
  }

  named(name: string) {
    return this.asked.filter((each) => each.name === name);
  }

  /** Answers everything, also what is only asked once something was answered. */
  async settle(): Promise<void> {
    for (let done = 0; done < this.asked.length; done++) {
      this.asked[done]?.answer();
      await turn();
    }
  }
}

const turn = () => new Promise<void>((done) => setImmediate(done));

function open(steps: number, units: number, change: (trace: StepTrace) => StepTrace = (trace) => trace) {
  const whole = change(traceOf({ part: 'test', index: 0 }, { steps, layers: [units], horizon: 1, windows: 1 }));
  const { outline, host } = keptTrace('kept', whole);
  const slow = new SlowHost(host);
  return { whole, slow, source: new TraceSource(outline, slow) };
}

describe('a trace as a page sees it', () => {
  it('answers null at first, then with the very numbers of the step', async () => {
    const { whole, slow, source } = open(40, 6);
    assert.equal(source.stepValues(7), null);
    let arrived = 0;
    source.onArrival((what) => {
      arrived += Number(what === 'steps');
    });
    await slow.settle();
    assert.equal(arrived, 1);
    const values = source.stepValues(7);
    for (const [signal, { values: all }] of (whole.trace.layers[0]?.signals ?? []).entries())
      assert.deepEqual(values?.of({ of: 'layer', layer: 0, signal }), all.subarray(7 * 6, 8 * 6));
    assert.deepEqual(values?.of({ of: 'column', index: 0 }), whole.columns[0]?.values.subarray(7, 8));
    assert.equal(values?.of({ of: 'output', index: 3 }).length, 0);
    assert.equal(source.stepValues(40), null, 'there is no such step');
    assert.equal(source.stepValues(-1), null);
  });

  it('asks for one block at a time, and of those passed over only for the newest', async () => {
    const { slow, source } = open(4000, 512);
    assert.equal(source.blockSteps, 16);
    for (const step of [0, 1000, 2000, 3000, 3999]) source.stepValues(step);
    assert.equal(slow.asked.length, 1);
    await slow.settle();
    const blocks = slow.named('steps').map(({ params }) => (params as { from: number }).from);
    assert.deepEqual(blocks, [0, 3984]);
  });

  it('asks for the next block before the player gets there, in the direction of moving', async () => {
    const { slow, source } = open(400, 512);
    const froms = () => slow.named('steps').map(({ params }) => (params as { from: number }).from);
    for (const step of [100, 101]) {
      source.stepValues(step);
      await slow.settle();
    }
    assert.deepEqual(froms(), [96, 112]);
    source.stepValues(100);
    await slow.settle();
    assert.deepEqual(froms(), [96, 112, 80]);
    assert.notEqual(source.stepValues(112), null);
  });

  it('draws what is there, stretched, until the exact tile is', async () => {
    const { slow, source } = open(5000, 64);
    assert.deepEqual(source.tiles(look, everything(5000, 64), 1000, 96), []);
    await slow.settle();
    const [whole] = source.tiles(look, everything(5000, 64), 1000, 96);
    assert.ok(whole !== undefined && whole.region.from === 0);
    const near = { from: 1000, to: 1100, firstRank: 0, endRank: 64 };
    const before = source.tiles(look, near, 1000, 96);
    assert.ok(before.length > 0 && before.every(({ region }) => region.columns < region.to - region.from));
    await slow.settle();
    const after = source.tiles(look, near, 1000, 96);
    assert.ok(after.every(({ region }) => region.columns === region.to - region.from));
    const asked = slow.asked.length;
    source.tiles(look, { ...near, from: 1010, to: 1110 }, 1000, 96);
    await slow.settle();
    assert.equal(slow.asked.length, asked, 'panning a little needs nothing new');
  });

  it('gives tiles whose blocks are means of the finite values', async () => {
    const pierced = (trace: StepTrace): StepTrace => {
      const [h, ...rest] = trace.trace.layers[0]?.signals ?? [];
      const values = h?.values.map((value, i) => (i < 3 ? Number.NaN : value));
      const layers = trace.trace.layers.map((layer) => ({
        ...layer,
        signals: h === undefined || values === undefined ? layer.signals : [{ ...h, values }, ...rest],
      }));
      return { ...trace, trace: { ...trace.trace, layers } };
    };
    const { whole, slow, source } = open(9, 3, pierced);
    source.tiles(look, everything(9, 3), 100, 96);
    await slow.settle();
    const [{ tile } = { tile: null }] = source.tiles(look, everything(9, 3), 100, 96);
    assert.deepEqual([tile?.rows, tile?.columns], [3, 9]);
    assert.ok(Number.isNaN(tile?.values[0]));
    assert.equal(tile?.values[9 + 4], whole.trace.layers[0]?.signals[0]?.values[4 * 3 + 1]);
  });

  it('holds no more than its caches may, whatever is looked at, and nothing once it is closed', async () => {
    const { slow, source } = open(12_000, 256);
    for (let from = 0; from < 12_000; from += 1000) {
      source.stepValues(from);
      for (const signal of [0, 1]) {
        const window = { from, to: from + 500, firstRank: 0, endRank: 256 };
        source.tiles({ ...look, signal: { ...hidden, signal } }, window, 1000, 300);
      }
      source.lines(hidden, 'edited', from % 256, { from, to: from + 500 }, 1000, 'here');
      await slow.settle();
    }
    assert.ok(source.bytes > 20 * 2 ** 20, 'it keeps what fits');
    assert.ok(source.bytes <= 52 * 2 ** 20, `${source.bytes} bytes`);
    source.close();
    assert.equal(source.bytes, 0);
    assert.equal(source.stepValues(0), null);
    const asked = slow.asked.length;
    source.tiles(look, everything(12_000, 256), 1000, 96);
    assert.equal(slow.asked.length, asked);
  });

  it('settles every request: with an answer, with what was thrown, and with `closed`', async () => {
    const { slow, source } = open(40, 6);
    const order = source.ask('order', { signal: hidden, order: 'value' });
    await slow.settle();
    assert.equal((await order).length, 6);
    await assert.rejects(
      () => {
        const asked = source.ask('steps', { version: 'edited', from: 0, to: 1 }, AbortSignal.timeout(5));
        return asked;
      },
      { code: 'cancelled' },
    );
    const pending = source.ask('order', { signal: hidden, order: 'similarity' });
    source.close();
    await assert.rejects(pending, { code: 'closed' });
    await assert.rejects(source.ask('order', { signal: hidden, order: 'value' }), { code: 'closed' });
  });

  it('says why a request failed until one succeeds, and does not ask by itself again', async () => {
    const { slow, source } = open(40, 6);
    slow.refuse = new UnrollError('usage', 'This trace is not kept any more; run the model again.');
    source.stepValues(3);
    await slow.settle();
    assert.equal((source.failure.value as UnrollError).code, 'usage');
    assert.equal(slow.asked.length, 1);
    slow.refuse = null;
    source.stepValues(3);
    await slow.settle();
    assert.equal(source.failure.value, null);
    assert.notEqual(source.stepValues(3), null);
  });

  it('knows the order of units by number at once, and another when it was told', async () => {
    const { slow, source } = open(40, 6);
    assert.deepEqual([...(source.unitsInOrder(hidden, 'index') ?? [])], [0, 1, 2, 3, 4, 5]);
    assert.equal(source.unitsInOrder(hidden, 'value'), null);
    await slow.settle();
    const order = source.unitsInOrder(hidden, 'value');
    assert.deepEqual([...(order ?? [])].sort(), [0, 1, 2, 3, 4, 5]);
    assert.equal(slow.named('order').length, 1);
  });
});
