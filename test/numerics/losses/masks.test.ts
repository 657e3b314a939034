import assert from 'node:assert/strict';
import { gradients } from '../../../extension/core/autodiff/backpropagate';
import { prune } from '../../../extension/core/graph/graph';
import { losses } from '../../../extension/core/losses/table';
import { writeModel } from '../../../extension/core/onnx/write';
import { RandomStream } from '../../../extension/core/random';
import { sizeOf, toNumbers } from '../../../extension/core/tensor';
import { type LossName, lossNames } from '../../../extension/protocol/choices/training';
import { run } from '../../support/session';
import { type Batch, defaults, lossGraph } from './batch';

const [targets, steps] = [2, 4];

async function compute(name: LossName, batch: Batch) {
  const { b, graph, inputs, built, feeds } = lossGraph(losses[name], 'float64', batch);
  for (const [i, gradient] of gradients(b, built.value, [inputs.prediction]).entries())
    b.output(`gradient${i}`, gradient);
  b.output('value', built.value);
  b.output('mass', b.identity(built.mass));
  prune(graph);
  const { value, mass, gradient0 } = await run(writeModel(graph), feeds);
  assert.ok(value && mass && gradient0);
  return { value: Number(value.data[0]), mass: Number(mass.data[0]), gradient: toNumbers(gradient0) };
}

/** A batch of random sequences of these lengths with a target at every step; `padding` is what padded places hold. */
function batchOf(name: LossName, lengths: readonly number[], seeds: readonly number[], padding = 0): Batch {
  const loss = losses[name];
  const settings = { ...defaults, name };
  const outputs = loss.outputs(targets, settings);
  const size = lengths.length;
  const streams = seeds.map((seed) => new RandomStream(seed, 0, 0));
  // Sequence by sequence, so that the same seed is the same sequence in any batch.
  const fill = (shape: readonly number[], padded: number, draw: (stream: RandomStream) => number) => {
    const values = new Array<number>(sizeOf(shape)).fill(0);
    const rows = sizeOf(shape) / size / steps;
    streams.forEach((stream, column) => {
      for (let row = 0; row < steps * rows; row++) {
        const value = draw(stream);
        values[row * size + column] = Math.floor(row / rows) < (lengths[column] ?? 0) ? value : padded;
      }
    });
    return { shape, data: values };
  };
  const whole = (count: number) => (stream: RandomStream) => stream.below(count);
  const prediction = fill([steps, outputs, size], padding, (stream) => 4 * stream.uniform() - 2);
  const truth = {
    values: () => fill([steps, targets, size], padding, (stream) => 4 * stream.uniform() - 2),
    binary: () => fill([steps, targets, size], padding, whole(2)),
    classes: () => fill([steps, size], padding, whole(outputs)),
    labels: () => ({ shape: [2, size], data: [...seeds.map((seed) => 1 + (seed % 2)), ...seeds.map(() => -1)] }),
  }[loss.truth]();
  const classWeights = { values: null, labels: null, binary: [0.5, 3], classes: [0.5, 3] }[loss.truth];
  const weight = fill([steps, size], 0, () => 1);
  return { prediction, truth, weight, settings, classWeights };
}

describe('losses: padding, and batches together', () => {
  for (const name of lossNames) {
    it(`${name}: padding changes nothing and gets no gradient`, async () => {
      const batch = (padding: number) => batchOf(name, [4, 2, 0], [1, 2, 3], padding);
      const [clean, padded] = [await compute(name, batch(0)), await compute(name, batch(7))];
      assert.deepEqual(padded, clean);
      const { shape } = batch(0).prediction;
      const rows = sizeOf(shape) / 3 / steps;
      clean.gradient.forEach((value, i) => {
        const [step, column] = [Math.floor(i / 3 / rows), i % 3];
        if (step >= (([4, 2, 0] as const)[column] ?? 0)) assert.equal(Math.abs(value), 0);
      });
      assert.ok(clean.gradient.some((value) => value !== 0));
    });

    it(`${name}: a batch of padding alone has the value, the mass and the gradient 0`, async () => {
      const { value, mass, gradient } = await compute(name, batchOf(name, [0, 0], [1, 2]));
      assert.equal(Math.abs(value), 0);
      if (name !== 'halfSquaredSum') assert.equal(mass, 0);
      assert.ok(gradient.every((number) => Math.abs(number) === 0));
    });

    it(`${name}: Σ value·mass / Σ mass over batches is the loss of all of them as one`, async () => {
      const parts = [await compute(name, batchOf(name, [4, 3], [1, 2])), await compute(name, batchOf(name, [1], [3]))];
      const whole = await compute(name, batchOf(name, [4, 3, 1], [1, 2, 3]));
      const mass = parts.reduce((sum, part) => sum + part.mass, 0);
      const mean = parts.reduce((sum, part) => sum + part.value * part.mass, 0) / mass;
      // The sum has no divisor: over batches it is the mean of their sums.
      const expected = name === 'halfSquaredSum' ? whole.value / 2 : whole.value;
      assert.ok(Math.abs(mean - expected) < 1e-12, `${mean}, expected ${expected}`);
    });
  }

  it('ctc: labels that cannot be spelt in so few steps cost nothing, teach nothing, and count as a sequence', async () => {
    const batch = batchOf('ctc', [4, 1], [1, 2]);
    const labels = (second: readonly number[]) => ({
      ...batch,
      truth: { shape: [2, 2], data: [1, second[0] ?? 0, 2, second[1] ?? 0] },
    });
    const alone = await compute('ctc', {
      ...labels([1, -1]),
      weight: { shape: [4, 2], data: [1, 0, 1, 0, 1, 0, 1, 0] },
    });
    const both = await compute('ctc', labels([1, 1]));
    assert.ok(Math.abs(both.value - alone.value / 2) < 1e-12);
    assert.equal(both.mass, 2);
    assert.ok(both.gradient.every((value, i) => i % 2 === 0 || Math.abs(value) === 0));
  });
});
