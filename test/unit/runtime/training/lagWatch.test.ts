import assert from 'node:assert/strict';
import type { LagNorms } from '../../../../extension/protocol/run';
import { LagWatch } from '../../../../extension/runtime/training/lagWatch';

const lags: LagNorms[] = [{ layer: 0, direction: 'forward', state: 'h', reach: 1, norms: [1, 0.5] }];

/** Epochs of some length on a clock of its own, with measurements that take some time. */
function simulate({
  epochs,
  epochMs,
  openMs,
  measureMs,
}: Record<'epochs' | 'epochMs' | 'openMs' | 'measureMs', number>) {
  let clock = 0;
  let spent = 0;
  const take = (ms: number) => {
    clock += ms;
    spent += ms;
  };
  const watch = new LagWatch(
    async () => {
      take(openMs);
      return {
        async measure() {
          take(measureMs);
          return lags;
        },
        async release() {},
      };
    },
    () => clock,
  );
  return (async () => {
    const measured: number[] = [];
    for (let epoch = 1; epoch <= epochs; epoch++) {
      clock += epochMs;
      if ((await watch.epoch({}, epoch === epochs)) !== null) measured.push(epoch);
    }
    return { measured, share: spent / clock };
  })();
}

describe('training/lagWatch', () => {
  it('measures after the first and the last epoch however short they are', async () => {
    const { measured } = await simulate({ epochs: 20, epochMs: 1, openMs: 200, measureMs: 5 });
    assert.deepEqual(measured, [1, 20]);
  });

  it('measures after every epoch that is long enough', async () => {
    const { measured } = await simulate({ epochs: 10, epochMs: 2000, openMs: 100, measureMs: 20 });
    assert.equal(measured.length, 10);
  });

  it('takes about a twentieth of the time at most, beside the first and the last', async () => {
    for (const measureMs of [10, 100, 1000]) {
      const { measured, share } = await simulate({ epochs: 2000, epochMs: 100, openMs: 300, measureMs });
      assert.ok(share < 0.056, `${share}`);
      assert.ok(measured.length > 5, `${measured.length}`);
    }
  });

  it('measures seldom enough that what is kept of a week stays small', async () => {
    const { measured } = await simulate({ epochs: 600_000, epochMs: 1000, openMs: 100, measureMs: 1 });
    assert.ok(measured.length > 100 && measured.length < 700, `${measured.length}`);
  });

  it('is left off where it fails, and the training goes on', async () => {
    let asked = 0;
    let released = 0;
    const watch = new LagWatch(async () => ({
      async measure(): Promise<LagNorms[]> {
        asked++;
        throw new Error('bad_alloc');
      },
      async release() {
        released++;
      },
    }));
    assert.equal(await watch.epoch({}, false), null);
    assert.equal(await watch.epoch({}, true), null);
    await watch.release();
    assert.deepEqual([asked, released], [1, 1]);
  });

  it('says nothing where no state reaches further than one step', async () => {
    const watch = new LagWatch(async () => ({ measure: async () => [], release: async () => {} }));
    assert.equal(await watch.epoch({}, true), null);
  });
});
