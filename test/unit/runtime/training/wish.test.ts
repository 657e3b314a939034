import assert from 'node:assert/strict';
import { Worker } from 'node:worker_threads';
import { WishFlag } from '../../../../extension/runtime/training/wish';

describe('training/wish', () => {
  it('is seen by whoever shares it', () => {
    const flag = new WishFlag();
    const other = new WishFlag(flag.buffer);
    assert.equal(other.value, 'run');
    flag.set('pause');
    assert.equal(other.value, 'pause');
    flag.set('run');
    assert.equal(other.value, 'run');
  });

  it('lets nothing replace the first wish to end', () => {
    const flag = new WishFlag();
    flag.set('stop');
    flag.set('run');
    flag.set('pause');
    flag.set('close');
    assert.equal(flag.value, 'stop');
  });

  it('wakes a thread that waits, and does not hold one that need not', async () => {
    const flag = new WishFlag();
    flag.waitWhilePaused();
    flag.set('pause');
    // The cell's meaning is the flag's own; the other thread only waits for it to change.
    const script = `const { parentPort, workerData } = require('node:worker_threads');
      const cell = new Int32Array(workerData);
      parentPort.postMessage('waiting');
      parentPort.postMessage(Atomics.wait(cell, 0, Atomics.load(cell, 0), 10000));`;
    const worker = new Worker(script, { eval: true, workerData: flag.buffer });
    const said: unknown[] = [];
    await new Promise<void>((resolve) => {
      worker.on('message', (text) => {
        said.push(text);
        if (text === 'waiting') setTimeout(() => flag.set('run'), 50);
        else resolve();
      });
    });
    assert.deepEqual(said, ['waiting', 'ok']);
  });
});
