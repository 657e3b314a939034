import assert from 'node:assert/strict';
import { Builder } from '../../../extension/core/graph/builder';
import { Graph } from '../../../extension/core/graph/graph';
import type { Value } from '../../../extension/core/graph/value';
import { batchLast } from '../../../extension/core/layers/dense';
import { writtenOut } from '../../../extension/core/layers/recurrentLayer';
import { batchFeeds, presentFeeds } from '../../../extension/core/model/feeds';
import { buildLagGraph } from '../../../extension/core/model/lagGraph';
import { chooseOrigins, lagNorms } from '../../../extension/core/model/lags';
import { flatten, layoutOf, unpack } from '../../../extension/core/model/layout';
import { lossOf } from '../../../extension/core/model/loss';
import { network } from '../../../extension/core/model/network';
import { initialParameters } from '../../../extension/core/model/parameters';
import type { ModelSpec } from '../../../extension/core/model/spec';
import { writeModel } from '../../../extension/core/onnx/write';
import { at } from '../../../extension/core/ops/arguments';
import { RandomStream } from '../../../extension/core/random';
import { floats, int32s, sizeOf, type Tensor, toNumbers } from '../../../extension/core/tensor';
import { open } from '../../support/session';
import { layerOf, specOf } from '../../support/specs';
import { variants } from '../../support/variants';

const batch = 3;
const lengths = [3, 5, 4];

const checked = [
  'two layers of different cells and sizes',
  'bidirectional',
  'bidirectional, padded',
  'residual',
  'layer norm',
  'hierarchical, every second step',
  'a minimal cell, solved in parallel',
  'the mean of the steps, padded',
  'attention over the steps',
  'the last step, padded',
  'every step',
  'every step, padded',
  'embedded tokens',
  'a recursive decoder',
  'translation with additive attention, padded',
  'transcripts by CTC',
];

describe('model: the gradient through time', () => {
  for (const name of checked) {
    it(`is what finite differences give: ${name}`, async () => {
      const spec = variants[name];
      assert.ok(spec !== undefined);
      await check(spec);
    });
  }

  it('changes by the same factor at every step where the derivative of a step is one number', () => {
    // Of h' = w h the gradient falls or grows by w at every step.
    for (const w of [0.5, 2]) {
      const norms = Float64Array.from({ length: 6 * 2 }, (_, i) => w ** (5 - Math.floor(i / 2)) / 2);
      const state = { steps: 6, every: 1, reverse: false };
      const lags = lagNorms(state, norms, [5, 5]);
      assert.deepEqual(lags, [1, w, w ** 2, w ** 3, w ** 4, w ** 5]);
    }
  });

  it('counts from the last step of each sequence, and backwards from its first', () => {
    const spec = specOf({ steps: 4, masked: true, layers: [layerOf('gru', 2)] });
    const mask = Float32Array.of(1, 1, 1, 1, 0, 1, 0, 1);
    const forward = chooseOrigins(spec, { size: 2, steps: 4, weight: Float32Array.of(1, 1), mask }, false);
    assert.deepEqual(forward, [1, 3]);
    assert.deepEqual(chooseOrigins(spec, { size: 2, steps: 4, weight: Float32Array.of(1, 1), mask }, true), [0, 0]);
    // Half of it each, for the mean over two sequences.
    const norms = [2, 1, 4, 2, 0, 3, 0, 4].map((norm) => norm / 2);
    const state = { steps: 4, every: 1, reverse: false };
    assert.deepEqual(lagNorms(state, norms, forward), [4, Math.sqrt((4 + 9) / 2), 2, 1]);
  });

  it('asks for one answer where every step is answered', () => {
    const spec = specOf({ steps: 3, pooling: 'every', layers: [layerOf('gru', 2)] });
    const weight = Float32Array.of(1, 1, 1, 1, 0, 1);
    assert.deepEqual(
      chooseOrigins(spec, { size: 2, steps: 3, weight, mask: Float32Array.of(1, 1, 1, 1, 0, 1) }, false),
      [1, 2],
    );
    assert.deepEqual([...weight], [0, 0, 1, 0, 0, 1]);
  });

  it('leaves out what a layer reads after the last step that matters', () => {
    // A layer above reads steps 2 and 4 of 5: the last step of this one goes nowhere.
    const state = { steps: 5, every: 1, reverse: false };
    assert.deepEqual(lagNorms(state, [1, 2, 4, 8, 0], [4]), [8, 4, 2, 1]);
    assert.deepEqual(lagNorms({ steps: 2, every: 2, reverse: false }, [3, 6], [4]), [6, 3]);
    assert.deepEqual(lagNorms(state, [0, 0, 0, 0, 0], [4]), []);
  });
});

/** Every norm against central differences of the loss by the number that is added to a unit after a step. */
async function check(spec: ModelSpec): Promise<void> {
  const layout = layoutOf(spec);
  const flat = flatten(initialParameters(spec, 3), layout);
  const feeds = { ...batchOf(spec), parameters: floats('float64', [flat.length], Array.from(flat)) };
  const lags = buildLagGraph(spec, batch, 'float64');
  const derived = await (await open(lags.bytes))(feeds);
  const { bytes, sets } = pushed(spec);
  assert.equal(sets.length, lags.states.length);
  const evaluate = await open(bytes);
  const rest = Object.fromEntries(
    sets.map(({ name, shape }) => [name, floats('float64', shape, new Float64Array(sizeOf(shape)))]),
  );
  const lossWith = async (name: string, index: number, by: number) => {
    const push = toNumbers(at(Object.values(rest), Object.keys(rest).indexOf(name)));
    push[index] = by;
    const set = sets.find((one) => one.name === name);
    const outputs = await evaluate({ ...feeds, ...rest, [name]: floats('float64', set?.shape ?? [], push) });
    return Number(outputs['loss']?.data[0]);
  };
  const epsilon = 1e-5;
  let seen = 0;
  for (const { norms, steps, layer, reverse, state } of lags.states) {
    const wanted = `set.layers.${layer}${reverse ? '.reverse' : ''}.${state}`;
    const { name, shape } = sets.find((set) => set.name === wanted) ?? { name: '', shape: [] };
    const [, units = 0] = shape;
    assert.equal(shape[0], steps);
    const values = norms === null ? [] : toNumbers(derived[norms] ?? floats('float64', [0], []));
    for (let step = 0; step < steps; step++) {
      for (let item = 0; item < batch; item++) {
        let squares = 0;
        for (let unit = 0; unit < units; unit++) {
          const index = (step * units + unit) * batch + item;
          const [up, down] = [await lossWith(name, index, epsilon), await lossWith(name, index, -epsilon)];
          squares += ((up - down) / (2 * epsilon)) ** 2;
        }
        const measured = Math.sqrt(squares);
        const found = values[step * batch + item] ?? 0;
        seen = Math.max(seen, measured);
        assert.ok(
          Math.abs(found - measured) < 1e-7,
          `layer ${layer}, ${state}, step ${step}, sequence ${item}: ${found} beside ${measured}`,
        );
      }
    }
  }
  assert.ok(seen > 1e-3, `nothing was measured: ${seen}`);
}

/** The loss with a number of its own added to every unit after every step. */
function pushed(spec: ModelSpec): { bytes: Uint8Array; sets: { name: string; shape: number[] }[] } {
  const graph = new Graph('pushed');
  const b = new Builder(graph);
  const feeds = batchFeeds(spec, batch, 'float64');
  const inputs = new Map(presentFeeds(feeds).map((feed) => [feed.name, graph.input(feed.name, feed)]));
  const layout = layoutOf(spec);
  const size = layout.reduce((sum, { size: own }) => sum + own, 0);
  const flat = graph.input('parameters', { dtype: 'float64', shape: [size] });
  const parameters = unpack(b, flat, layout);
  const named = (values: ReadonlyMap<string, Value>, name: string) => values.get(name) ?? flat;
  const sets: { name: string; shape: number[] }[] = [];
  const prediction = network(
    {
      b,
      float: 'float64',
      parameter: ({ name }) => named(parameters, name),
      dropout: () => null,
      carried: () => null,
      recurrent: (builder, call) =>
        writtenOut(
          'step',
          (direction) =>
            new Map(
              call.cell.states.map((state) => {
                const shape = [Number(call.x.type.shape?.[0]), call.hidden, batch];
                const name = `set.${direction.name}.${state}`;
                sets.push({ name, shape });
                return [state, { keep: null, set: graph.input(name, { dtype: 'float64', shape }) }];
              }),
            ),
        )(builder, call),
      linear: batchLast,
    },
    spec,
    {
      x: named(inputs, 'x'),
      mask: feeds.mask === null ? null : named(inputs, 'mask'),
      teacher: null,
      truth: named(inputs, 'y'),
    },
  );
  b.output('loss', lossOf(b, spec, prediction, named(inputs, 'y'), named(inputs, 'weight')).value);
  return { bytes: writeModel(graph), sets };
}

/** Random sequences, padded where the model reads padded ones. */
function batchOf(spec: ModelSpec): Record<string, Tensor> {
  const random = new RandomStream(11, 0, 0);
  const isReal = (step: number, item: number) => !spec.masked || step < (lengths[item] ?? 0);
  return Object.fromEntries(
    presentFeeds(batchFeeds(spec, batch, 'float64')).map(({ name, dtype, shape }): [string, Tensor] => {
      const size = sizeOf(shape);
      const classes = spec.input.kind === 'tokens' && name === 'x' ? spec.input.vocabulary : spec.targets;
      const values = Array.from({ length: size }, (_, i) => {
        const [item, step] = [i % batch, Math.floor((i * at(shape, 0)) / size)];
        if (name === 'mask') return isReal(step, item) ? 1 : 0;
        if (name === 'weight') return shape.length === 1 || spec.target === 'tokens' || isReal(step, item) ? 1 : 0;
        return dtype === 'int32' ? Math.floor(random.uniform() * classes) : 2 * random.uniform() - 1;
      });
      return [name, dtype === 'int32' ? int32s(shape, values) : floats('float64', shape, values)];
    }),
  );
}
