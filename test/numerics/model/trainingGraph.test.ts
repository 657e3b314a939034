import assert from 'node:assert/strict';
import { batchFeeds } from '../../../extension/core/model/feeds';
import { flatten, layoutOf } from '../../../extension/core/model/layout';
import { initialParameters } from '../../../extension/core/model/parameters';
import { horizonOf, type ModelSpec } from '../../../extension/core/model/spec';
import { buildTrainingGraph, type TrainingOptions } from '../../../extension/core/model/trainingGraph';
import { at } from '../../../extension/core/ops/arguments';
import { RandomStream } from '../../../extension/core/random';
import { floats, sizeOf, type Tensor, toNumbers, zeros } from '../../../extension/core/tensor';
import { optimizer } from '../../../extension/protocol/choices/training';
import { optimizerNames } from '../../../extension/protocol/experiment';
import { open } from '../../support/session';
import { layerOf, specOf } from '../../support/specs';
import { variants } from '../../support/variants';

const batch = 4;
const lengths = [3, 5, 4, 5];

type Feeds = Record<string, Tensor>;

/** A training that takes steps on the batches it is given. */
async function trained(spec: ModelSpec, options: Partial<TrainingOptions> = {}) {
  const settings = optimizer.parse({ name: 'adam', learningRate: 1, momentum: 0 });
  const graph = buildTrainingGraph(spec, { batch, optimizer: settings, clipNorm: 1, ...options });
  const evaluate = await open(graph.bytes);
  const layout = layoutOf(spec);
  const state: Feeds = Object.fromEntries(
    graph.state.map(({ input, shape }) => [input, zeros('float32', shape)] as const),
  );
  const flat = flatten(initialParameters(spec, 3), layout);
  state['parameters'] = floats('float32', [flat.length], flat);
  let count = 0;
  return {
    graph,
    state,
    evaluate,
    async step(feeds: Feeds, share: number | null = 1, rate = 0.02) {
      const scalars = Object.entries(graph.scalars(count + 1, rate, share)).map(
        ([name, value]) => [name, floats('float32', [], [value])] as const,
      );
      if (share !== null) count++;
      const outputs = await evaluate({ ...feeds, ...state, ...Object.fromEntries(scalars) });
      for (const { input, output } of graph.state) state[input] = found(outputs, output);
      const number = (name: string) => at(toNumbers(found(outputs, name)), 0);
      return { loss: number('loss'), mass: number('mass'), norm: number('gradientNorm') };
    },
  };
}

describe('model: the training graph', () => {
  for (const [name, spec] of Object.entries(variants)) {
    it(`learns a batch by heart: ${name}`, async () => {
      const training = await trained(spec);
      const feeds = batchOf(spec, training.graph.noise.length);
      const first = await training.step(feeds);
      let last = first;
      for (let k = 0; k < 60; k++) last = await training.step(feeds);
      assert.ok(Number.isFinite(first.loss) && Number.isFinite(first.norm) && first.norm > 0);
      assert.ok(last.loss < first.loss - 0.2 * Math.abs(first.loss), `from ${first.loss} to ${last.loss}`);
    });
  }

  for (const name of optimizerNames) {
    it(`takes steps of ${name}, with dropped units, that make the loss smaller`, async () => {
      const spec = specOf({
        steps: 5,
        layers: [layerOf('lstm', 4), layerOf('gru', 4)],
        dropout: { between: 0.25, variational: false, recurrent: 0.25 },
      });
      const settings = optimizer.parse({ name, learningRate: 1, momentum: name === 'sgd' ? 0.9 : 0 });
      const training = await trained(spec, { optimizer: settings, clipValue: 0.5 });
      assert.deepEqual(
        training.graph.noise.map(({ name: feed, shape }) => [feed, shape.join()]),
        [
          ['kept.layers.0.state', '4,4'],
          ['kept.layers.0', '5,4,4'],
          ['kept.layers.1.state', '4,4'],
          ['kept.head', '4,4'],
        ],
      );
      const feeds = { ...batchOf(spec, 0), ...noiseOf(training.graph.noise) };
      const first = await training.step(feeds);
      let last = first;
      for (let k = 0; k < 60; k++) last = await training.step(feeds);
      assert.ok(last.loss < first.loss, `from ${first.loss} to ${last.loss}`);
    });
  }

  it('takes several steps in one run, to the bit as in as many runs', async () => {
    const spec = specOf({
      steps: 5,
      layers: [layerOf('lstm', 3), layerOf('gru', 3)],
      dropout: { between: 0.25, variational: false, recurrent: 0 },
    });
    const single = await trained(spec);
    const several = await trained(spec, { steps: 3 });
    const { graph } = single;
    const feeds = Array.from({ length: 3 }, (_, k) => {
      const noise = noiseOf(graph.noise, k);
      return { ...batchOf(spec, 0, k), ...noise };
    });
    const losses: number[] = [];
    for (const feed of feeds) losses.push((await single.step(feed)).loss);
    const scalars = feeds.map((_, k) =>
      Object.fromEntries(
        Object.entries(graph.scalars(k + 1, 0.02)).map(([name, value]) => [name, floats('float32', [], [value])]),
      ),
    );
    const outputs = await several.evaluate({
      ...stack(feeds),
      ...stack(scalars),
      ...Object.fromEntries(graph.state.map(({ input }) => [input, found(several.state, input)])),
    });
    assert.deepEqual(toNumbers(found(outputs, 'loss')), losses);
    assert.deepEqual(found(outputs, 'parameters.next').data, found(single.state, 'parameters').data);
  });

  it('sums gradients of parts of a batch to those of the whole', async () => {
    const spec = specOf({ steps: 5, layers: [layerOf('gru', 3)] });
    const feeds = batchOf(spec, 0);
    const whole = await trained(spec);
    await whole.step(feeds);
    const parts = await trained(spec, { batch: 2, accumulates: true });
    await parts.step(items(feeds, 0, 2), null);
    assert.deepEqual(
      toNumbers(found(parts.state, 'parameters')),
      toNumbers(found((await trained(spec)).state, 'parameters')),
    );
    await parts.step(items(feeds, 2, 4), 1 / 2);
    near(found(parts.state, 'parameters'), found(whole.state, 'parameters'), 1e-6);
    assert.ok(toNumbers(found(parts.state, 'sum')).every((value) => value === 0));
  });

  it('reads a sequence in stretches as it would read it whole, the state carried', async () => {
    const layers = [layerOf('lstm', 3), layerOf('minGru', 3)];
    const convolution = { filters: 3, width: 3, activation: 'tanh' } as const;
    const whole = specOf({ steps: 6, pooling: 'every', layers, convolution });
    const stretch = { ...whole, steps: 2, stateful: true };
    const feeds = batchOf(whole, 0);
    // Without a step of the optimiser in between, the mean of the stretches' losses is the whole's.
    const once = await (await trained(whole)).step(feeds, 1, 0);
    const training = await trained(stretch);
    assert.deepEqual(
      training.graph.state.filter(({ kind }) => kind === 'carried').map(({ input }) => input),
      ['state.convolution', 'state.layers.0.c', 'state.layers.0.h', 'state.layers.1.h'],
    );
    let sum = 0;
    for (let k = 0; k < 3; k++) {
      const { loss } = await training.step(
        {
          x: steps(found(feeds, 'x'), 2 * k, 2),
          y: steps(found(feeds, 'y'), 2 * k, 2),
          weight: steps(found(feeds, 'weight'), 2 * k, 2),
        },
        1,
        0,
      );
      sum += loss / 3;
    }
    assert.ok(Math.abs(sum - once.loss) < 1e-5, `${sum} and ${once.loss}`);
  });
});

/** Random inputs and answers; padded sequences have the lengths above. */
function batchOf(spec: ModelSpec, noise: number, index = 0): Feeds {
  assert.equal(noise, 0, 'nothing is dropped');
  const random = new RandomStream(6, 0, index);
  const feeds = batchFeeds(spec, batch);
  const numbers = (shape: readonly number[], next: () => number) => Array.from({ length: sizeOf(shape) }, next);
  const padding = (steps: number) =>
    Array.from({ length: steps * batch }, (_, i) => (Math.floor(i / batch) < at(lengths, i % batch) ? 1 : 0));
  const tokens = spec.input.kind === 'tokens' ? spec.input.vocabulary : 0;
  const symbols = () => Int32Array.from(numbers(feeds.y.shape, () => 1 + random.below(spec.targets)));
  const whole = (shape: readonly number[], data: Int32Array): Tensor => ({ dtype: 'int32', shape, data });
  const [places = 0, ...items] = feeds.weight.shape;
  const every = items.length > 0;
  return {
    x:
      tokens > 0
        ? whole(feeds.x.shape, Int32Array.from(numbers(feeds.x.shape, () => random.below(tokens))))
        : floats(
            'float32',
            feeds.x.shape,
            numbers(feeds.x.shape, () => random.normal()),
          ),
    y:
      spec.target === 'symbols'
        ? whole(feeds.y.shape, symbols())
        : feeds.y.dtype === 'int32'
          ? whole(feeds.y.shape, Int32Array.from(numbers(feeds.y.shape, () => random.below(spec.targets))))
          : floats(
              'float32',
              feeds.y.shape,
              numbers(feeds.y.shape, () => random.uniform()),
            ),
    weight: floats(
      'float32',
      feeds.weight.shape,
      every && spec.masked ? padding(places) : numbers(feeds.weight.shape, () => 1),
    ),
    ...(spec.masked && { mask: floats('float32', [spec.steps, batch], padding(spec.steps)) }),
    ...(spec.recursive && {
      teacher: floats(
        'float32',
        [horizonOf(spec), batch],
        numbers([horizonOf(spec), batch], () => random.below(2)),
      ),
    }),
  };
}

function noiseOf(feeds: readonly { readonly name: string; readonly shape: readonly number[] }[], index = 0): Feeds {
  const random = new RandomStream(8, 0, index);
  return Object.fromEntries(
    feeds.map(({ name, shape }) => [
      name,
      {
        dtype: 'uint8',
        shape,
        data: Uint8Array.from({ length: sizeOf(shape) }, () => (random.below(4) === 0 ? 0 : 1)),
      },
    ]),
  );
}

/** Several feeds as one, with an axis for them in front. */
function stack(feeds: readonly Feeds[]): Feeds {
  return Object.fromEntries(
    Object.entries(at(feeds, 0)).map(([name, { dtype, shape }]) => {
      const values = feeds.flatMap((feed) => toNumbers(found(feed, name)));
      const whole = [feeds.length, ...shape];
      return [
        name,
        dtype === 'uint8' ? { dtype, shape: whole, data: Uint8Array.from(values) } : floats('float32', whole, values),
      ];
    }),
  );
}

/** Items `from` to `to` of a batch. */
function items(feeds: Feeds, from: number, to: number): Feeds {
  return Object.fromEntries(
    Object.entries(feeds).map(([name, tensor]) => {
      const size = tensor.shape.at(-1) ?? 1;
      const chosen = toNumbers(tensor).filter((_, i) => i % size >= from && i % size < to);
      return [name, floats('float32', [...tensor.shape.slice(0, -1), to - from], chosen)];
    }),
  );
}

/** Steps `from` to `from + count` of a tensor whose first axis is the steps. */
function steps(tensor: Tensor, from: number, count: number): Tensor {
  const size = sizeOf(tensor.shape.slice(1));
  return floats(
    'float32',
    [count, ...tensor.shape.slice(1)],
    toNumbers(tensor).slice(from * size, (from + count) * size),
  );
}

function near(actual: Tensor, expected: Tensor, tolerance: number): void {
  const values = toNumbers(actual);
  toNumbers(expected).forEach((wanted, i) => {
    assert.ok(Math.abs(at(values, i) - wanted) < tolerance, `number ${i}: ${values[i]} and ${wanted}`);
  });
}

function found(tensors: Readonly<Record<string, Tensor>>, name: string): Tensor {
  const tensor = tensors[name];
  assert.ok(tensor, `"${name}" is there`);
  return tensor;
}
