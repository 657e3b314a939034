import assert from 'node:assert/strict';
import { Builder } from '../../../extension/core/graph/builder';
import { Graph } from '../../../extension/core/graph/graph';
import { writeModel } from '../../../extension/core/onnx/write';
import { clipGradients } from '../../../extension/core/optimizers/clip';
import { type FloatType, floats, toNumbers } from '../../../extension/core/tensor';
import { run } from '../../support/session';

/** Clips the gradients (3, 4) and 12, whose norm is 13. */
async function clip(clipNorm: number | null, clipValue: number | null, dtype: FloatType = 'float64') {
  const graph = new Graph('clip');
  const b = new Builder(graph);
  const clipped = clipGradients(
    b,
    [graph.input('a', { dtype, shape: [2] }), graph.input('b', { dtype, shape: [1, 1] })],
    {
      clipNorm,
      clipValue,
    },
  );
  for (const [i, gradient] of clipped.gradients.entries()) b.output(`g${i}`, gradient);
  b.output('norm', clipped.norm);
  const outputs = await run(writeModel(graph), { a: floats(dtype, [2], [3, -4]), b: floats(dtype, [1, 1], [12]) });
  assert.deepEqual(outputs['norm']?.shape, []);
  const numbers = (name: string) => toNumbers(outputs[name] ?? assert.fail(name));
  return { gradients: [...numbers('g0'), ...numbers('g1')], norm: numbers('norm')[0] ?? Number.NaN };
}

function assertNear(found: readonly number[], expected: readonly number[], tolerance = 1e-12): void {
  assert.equal(found.length, expected.length);
  found.forEach((value, i) => {
    const wanted = expected[i] ?? Number.NaN;
    assert.ok(Math.abs(value - wanted) < tolerance, `number ${i}: ${value}, expected ${wanted}`);
  });
}

describe('gradient clipping', () => {
  it('scales by the norm of all gradients together, and leaves small ones alone', async () => {
    const scale = 6.5 / (13 + 1e-6);
    assertNear((await clip(6.5, null)).gradients, [3 * scale, -4 * scale, 12 * scale]);
    assertNear((await clip(20, null)).gradients, [3, -4, 12]);
    assertNear((await clip(null, null)).gradients, [3, -4, 12]);
  });

  it('bounds every number by itself', async () => {
    assertNear((await clip(null, 3.5)).gradients, [3, -3.5, 3.5]);
    assertNear((await clip(null, 3.5, 'float32')).gradients, [3, -3.5, 3.5]);
  });

  it('bounds the numbers first and then the norm of what is left', async () => {
    const scale = 1 / (Math.hypot(3, 3.5, 3.5) + 1e-6);
    assertNear((await clip(1, 3.5)).gradients, [3 * scale, -3.5 * scale, 3.5 * scale]);
    assertNear((await clip(5.9, 3.5)).gradients, [3, -3.5, 3.5]);
  });

  it('gives the norm from before any clipping', async () => {
    for (const [clipNorm, clipValue] of [
      [null, null],
      [1, null],
      [null, 2],
      [1, 2],
    ] as const) {
      assertNear([(await clip(clipNorm, clipValue)).norm], [13]);
    }
  });
});
