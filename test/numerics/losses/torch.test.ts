import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { gradients } from '../../../extension/core/autodiff/backpropagate';
import { prune } from '../../../extension/core/graph/graph';
import { losses } from '../../../extension/core/losses/table';
import { writeModel } from '../../../extension/core/onnx/write';
import type { FloatType } from '../../../extension/core/tensor';
import { toNumbers } from '../../../extension/core/tensor';
import { type LossName, lossNames } from '../../../extension/protocol/choices/training';
import { run } from '../../support/session';
import { type Batch, defaults, lossGraph, type Numbers } from './batch';

interface TorchCase extends Omit<Batch, 'settings'> {
  readonly name: string;
  readonly loss: LossName;
  readonly settings: Partial<Batch['settings']>;
  readonly value: number;
  readonly gradient: Numbers;
}

const cases = JSON.parse(readFileSync('test/fixtures/losses/torch.json', 'utf8')) as readonly TorchCase[];

async function compute(dtype: FloatType, { loss, settings, ...batch }: TorchCase) {
  const { b, graph, inputs, built, feeds } = lossGraph(losses[loss], dtype, {
    ...batch,
    settings: { ...defaults, ...settings, name: loss },
  });
  const [gradient] = gradients(b, built.value, [inputs.prediction]);
  assert.ok(gradient);
  b.output('value', built.value);
  b.output('gradient', gradient);
  prune(graph);
  const { value, gradient: found } = await run(writeModel(graph), feeds);
  assert.ok(value && found);
  return { value: Number(value.data[0]), gradient: toNumbers(found) };
}

describe("losses: PyTorch's values and gradients", () => {
  it('has cases for every loss', () => {
    assert.deepEqual([...new Set(cases.map(({ loss }) => loss))].sort(), [...lossNames].sort());
  });

  for (const [dtype, tolerance] of [
    ['float64', 1e-10],
    ['float32', 1e-5],
  ] as const) {
    for (const expected of cases) {
      it(`${expected.name}, ${dtype}`, async () => {
        const { value, gradient } = await compute(dtype, expected);
        const error = Math.abs(value - expected.value) / Math.max(Math.abs(expected.value), 1e-3);
        assert.ok(error < tolerance, `the loss is ${value}, PyTorch says ${expected.value}`);
        const scale = Math.max(...expected.gradient.data.map(Math.abs));
        for (const [i, wanted] of expected.gradient.data.entries()) {
          const off = Math.abs((gradient[i] ?? Number.NaN) - wanted) / scale;
          assert.ok(off < tolerance, `gradient ${i} is ${gradient[i]}, PyTorch says ${wanted}`);
        }
      });
    }
  }
});
