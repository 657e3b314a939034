import assert from 'node:assert/strict';
import { toNumbers } from '../../../../extension/core/tensor';
import { probeGraph } from '../../../../extension/runtime/device/probeGraph';
import { run } from '../../../support/session';

/** The loss of the probe's model, in plain float64. */
function lossOf([a = 0, b = 0, c = 0, d = 0]: readonly number[], x: readonly number[]): number {
  let [h, k] = [0, 0];
  for (let t = 0; t < 6; t += 2) {
    [h, k] = [Math.tanh(a * h + b * k + (x[t] ?? 0)), Math.tanh(c * h + d * k + (x[t + 1] ?? 0))];
  }
  return h * h + k * k;
}

describe('device/probeGraph', () => {
  it('takes one right step of gradient descent through time', async () => {
    const { model, feeds } = probeGraph();
    const weights = toNumbers(feeds['W'] ?? assert.fail());
    const x = toNumbers(feeds['x'] ?? assert.fail());
    const outputs = await run(model, feeds);
    const loss = toNumbers(outputs['loss'] ?? assert.fail());
    assert.ok(Math.abs((loss[0] ?? 0) - lossOf(weights, x)) < 1e-6);
    const next = toNumbers(outputs['W.next'] ?? assert.fail());
    for (const [i, weight] of weights.entries()) {
      const shifted = (by: number) => lossOf(weights.with(i, weight + by), x);
      const gradient = (shifted(1e-5) - shifted(-1e-5)) / 2e-5;
      assert.ok(Math.abs(gradient) > 1e-3, 'every weight matters');
      assert.ok(Math.abs((next[i] ?? 0) - (weight - 0.1 * gradient)) < 1e-6, `weight ${i}`);
    }
  });
});
