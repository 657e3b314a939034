import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { traceModel } from '../../../../extension/core/trace/traceModel';
import { refuseTooLarge, traceBytes } from '../../../../extension/runtime/inspect/traceMemory';

describe('the memory that it takes to follow a model', () => {
  const traced = traceModel(new Uint8Array(readFileSync('test/fixtures/onnx/ts_lstm.onnx')));
  const width = traced.layers.reduce((sum, { hidden, signals }) => sum + hidden * signals.length, 0);

  it('grows with the steps, the batch and all signals', () => {
    assert.ok(width > 0);
    assert.equal(traceBytes(traced, { steps: 10, batch: 1 }), 4 * 10 * width * 3);
    assert.equal(traceBytes(traced, { steps: 10, batch: 8 }), 4 * 10 * width * 17);
  });

  it('is refused where the machine has less, before anything runs', () => {
    refuseTooLarge(traced, { steps: 1000, batch: 1 });
    assert.throws(() => refuseTooLarge(traced, { steps: 100_000, batch: 1024 }, 1e9), {
      code: 'model',
      message: /^Following this model for 100000 steps needs about \d+ MB of memory and this machine has 1000 MB; /,
    });
  });
});
