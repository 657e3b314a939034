import assert from 'node:assert/strict';
import { buildEvaluationGraph } from '../../../extension/core/model/evaluationGraph';
import { exportModel, nextState, streamStates } from '../../../extension/core/model/exportModel';
import { batchFeeds } from '../../../extension/core/model/feeds';
import { flatten, layoutOf } from '../../../extension/core/model/layout';
import { initialParameters, type Parameters } from '../../../extension/core/model/parameters';
import { horizonOf, type ModelSpec } from '../../../extension/core/model/spec';
import { at } from '../../../extension/core/ops/arguments';
import { RandomStream } from '../../../extension/core/random';
import { floats, sizeOf, type Tensor, toNumbers, zeros } from '../../../extension/core/tensor';
import { cellNames } from '../../../extension/protocol/experiment';
import { open, run } from '../../support/session';
import { layerOf, specOf } from '../../support/specs';
import { variants } from '../../support/variants';

const batch = 3;
const lengths = [2, 5, 3];

describe('model: the exported file against the graph that was trained', () => {
  for (const cell of cellNames) {
    for (const layerNorm of [false, true]) {
      it(`${cell}${layerNorm ? ', normalised' : ''}, two layers, forwards and both ways`, async () => {
        const layers = [layerOf(cell, 4, { layerNorm }), layerOf(cell, 3, { layerNorm, bidirectional: true })];
        await assertSame(specOf({ steps: 5, layers, targets: 2, anchor: 'last' }));
      });
    }
  }
  for (const [name, spec] of Object.entries(variants)) it(name, () => assertSame(spec));
});

describe('model: forecasts of several columns', () => {
  const several = Object.entries(variants).filter(([, { targetColumns = 1 }]) => targetColumns > 1);
  it('are tried by several variants', () => assert.ok(several.length > 2));
  for (const [name, spec] of several) {
    it(`go out from the last value of each: ${name}`, async () => {
      const { targetColumns = 1, input, steps } = spec;
      const features = input.kind === 'values' ? input.features : 0;
      // A head that adds nothing leaves the last values as they are.
      const parameters = new Map(
        [...shifted(initialParameters(spec, 9))].map(([parameter, tensor]) => [
          parameter,
          parameter.startsWith('head') ? zeros('float32', tensor.shape) : tensor,
        ]),
      );
      const window = floats(
        'float32',
        [batch, steps, features],
        Array.from({ length: batch * steps * features }, (_, i) => i * i * 0.01),
      );
      const { forecast } = await run(exportModel(spec, parameters, {}), { window });
      const values = toNumbers(window);
      const last = Array.from({ length: batch }, (_, item) =>
        Array.from({ length: targetColumns }, (_each, column) =>
          new Array<number>(horizonOf(spec)).fill(at(values, (item * steps + steps - 1) * features + column)),
        ),
      );
      assert.deepEqual(toNumbers(forecast ?? assert.fail()), last.flat(2));
    });
  }
});

describe('model: an exported file that is fed a sequence in pieces', () => {
  for (const cell of cellNames) {
    it(`${cell}, two layers: answers as for the whole, and ends in the same states`, async () => {
      const spec = specOf({
        steps: 6,
        input: { kind: 'tokens', vocabulary: 5 },
        layers: [layerOf(cell, 4), layerOf(cell, 4, { residual: true })],
        pooling: 'every',
        target: 'classes',
        targets: 5,
        outputs: 5,
        loss: { ...specOf({}).loss, name: 'crossEntropy' },
      });
      const model = await open(exportModel(spec, shifted(initialParameters(spec, 9)), {}));
      const whole = tokens([2, 9], 5, new RandomStream(5, 0, 0));
      const piece = (from: number, to: number): Tensor => ({
        dtype: 'int32',
        shape: [2, to - from],
        data: Int32Array.from([...whole.data.slice(from, to), ...whole.data.slice(9 + from, 9 + to)], Number),
      });
      const states = streamStates(spec).map(({ name }) => name);
      assert.equal(states.length > 0, true);
      const all = await model({ tokens: whole, ...zeroStates(spec, 2) });
      let carried: Record<string, Tensor> = zeroStates(spec, 2);
      const answers: number[][] = [[], []];
      for (const [from, to] of [
        [0, 1],
        [1, 5],
        [5, 9],
      ] as const) {
        const given = await model({ tokens: piece(from, to), ...carried });
        const numbers = toNumbers(found(given, 'probabilities'));
        for (const item of [0, 1])
          answers[item]?.push(...numbers.slice(item * (to - from) * 5, (item + 1) * (to - from) * 5));
        carried = Object.fromEntries(states.map((name) => [name, found(given, `${name}${nextState}`)]));
      }
      const expected = toNumbers(found(all, 'probabilities'));
      for (const [i, value] of answers.flat().entries()) assert.ok(Math.abs(value - (expected[i] ?? 9)) < 1e-6, `${i}`);
      for (const name of states) near(carried[name] ?? assert.fail(), found(all, `${name}${nextState}`), null);
    });
  }
});

/** Feeds the same numbers to both; they must answer the same within 1e-5. */
async function assertSame(spec: ModelSpec): Promise<void> {
  const parameters = shifted(initialParameters(spec, 9));
  const feeds = batchFeeds(spec, batch);
  const random = new RandomStream(2, 0, 0);
  const x: Tensor =
    spec.input.kind === 'tokens'
      ? tokens(feeds.x.shape, spec.input.vocabulary, random)
      : floats(
          'float32',
          feeds.x.shape,
          Array.from({ length: sizeOf(feeds.x.shape) }, () => random.normal()),
        );
  const real = lengths.map((length) => Array.from({ length: spec.steps }, (_, step) => (step < length ? 1 : 0)));
  const mask = floats('float32', [batch, spec.steps], real.flat());
  const y: Tensor =
    feeds.y.dtype === 'int32'
      ? { dtype: 'int32', shape: feeds.y.shape, data: new Int32Array(sizeOf(feeds.y.shape)) }
      : zeros('float32', feeds.y.shape);
  const weight = floats('float32', feeds.weight.shape, new Float32Array(sizeOf(feeds.weight.shape)).fill(1));
  const layout = layoutOf(spec);
  const flat = flatten(parameters, layout);
  const trained = await run(buildEvaluationGraph(spec, batch), {
    x,
    y,
    weight,
    parameters: floats('float32', [flat.length], flat),
    ...(spec.masked && { mask: turned(mask, [1, 0]) }),
  });
  const exported = await run(exportModel(spec, parameters, {}), {
    [spec.input.kind === 'tokens' ? 'tokens' : 'window']: turned(x, spec.input.kind === 'tokens' ? [1, 0] : [2, 0, 1]),
    ...(spec.masked && { mask }),
    ...zeroStates(spec, batch),
  });
  const prediction = found(trained, 'prediction');
  if (spec.target === 'tokens') {
    // While it trains, a model takes the likeliest token each time.
    const greedy = await run(exportModel({ ...spec, beam: 1 }, parameters, {}), {
      tokens: turned(x, [1, 0]),
      ...(spec.masked && { mask }),
    });
    assert.deepEqual(toNumbers(found(greedy, 'translation')), toNumbers(turned(prediction, [2, 0, 1])));
    assert.deepEqual(found(exported, 'translation').shape, [batch, spec.longest]);
    return;
  }
  const every = spec.pooling === 'every';
  const batchFirst = turned(prediction, every ? [2, 0, 1] : [1, 0]);
  if (spec.target !== 'values') near(found(exported, 'probabilities'), batchFirst, every && spec.masked ? real : null);
  else near(flatForecast(spec, found(exported, 'forecast')), every ? lastStep(batchFirst) : batchFirst, null);
}

/** Forecasts of several columns come column by column. */
function flatForecast(spec: ModelSpec, forecast: Tensor): Tensor {
  if (spec.targetColumns === undefined) return forecast;
  assert.deepEqual(forecast.shape, [batch, spec.targetColumns, horizonOf(spec)]);
  return { ...forecast, shape: [batch, spec.targets] };
}

const zeroStates = (spec: ModelSpec, items: number) =>
  Object.fromEntries(streamStates(spec).map(({ name, hidden }) => [name, zeros('float32', [items, hidden])]));

/** Initial biases, peepholes and gains are all alike; here every number differs. */
function shifted(parameters: Parameters): Parameters {
  const random = new RandomStream(4, 0, 0);
  return new Map(
    [...parameters].map(([name, { shape, ...tensor }]) => [
      name,
      floats(
        'float32',
        shape,
        toNumbers({ shape, ...tensor }).map((value) => value + 0.3 * random.normal()),
      ),
    ]),
  );
}

function tokens(shape: readonly number[], vocabulary: number, random: RandomStream): Tensor {
  return { dtype: 'int32', shape, data: Int32Array.from({ length: sizeOf(shape) }, () => random.below(vocabulary)) };
}

/** The tensor with its axes in another order. */
function turned(tensor: Tensor, perm: readonly number[]): Tensor {
  const { shape, data } = tensor;
  const strides = shape.map((_, i) => sizeOf(shape.slice(i + 1)));
  const to = perm.map((axis) => at(shape, axis));
  const from = Array.from({ length: data.length }, (_, flat) => {
    let rest = flat;
    let source = 0;
    for (let i = to.length - 1; i >= 0; i--) {
      source += (rest % at(to, i)) * at(strides, at(perm, i));
      rest = Math.floor(rest / at(to, i));
    }
    return source;
  });
  const values = toNumbers(tensor);
  if (tensor.dtype === 'int32') return { ...tensor, shape: to, data: Int32Array.from(from, (i) => at(values, i)) };
  return floats(
    'float32',
    to,
    from.map((i) => at(values, i)),
  );
}

/** The last of [batch, steps, numbers]. */
function lastStep(tensor: Tensor): Tensor {
  const [items = 0, steps = 0, numbers = 0] = tensor.shape;
  const values = toNumbers(tensor);
  return floats(
    'float32',
    [items, numbers],
    Array.from({ length: items * numbers }, (_, i) =>
      at(values, (Math.floor(i / numbers) * steps + steps - 1) * numbers + (i % numbers)),
    ),
  );
}

/** `real` says which steps of [batch, steps, numbers] count. */
function near(actual: Tensor, expected: Tensor, real: readonly (readonly number[])[] | null): void {
  assert.deepEqual(actual.shape, expected.shape);
  const [, steps = 1, numbers = 1] = actual.shape;
  const values = toNumbers(actual);
  toNumbers(expected).forEach((wanted, i) => {
    const step = Math.floor(i / numbers) % steps;
    if (real !== null && real[Math.floor(i / numbers / steps)]?.[step] === 0) return;
    assert.ok(Math.abs(at(values, i) - wanted) < 1e-5, `number ${i}: ${values[i]} and ${wanted}`);
  });
}

function found(tensors: Readonly<Record<string, Tensor>>, name: string): Tensor {
  const tensor = tensors[name];
  assert.ok(tensor, `"${name}" is there`);
  return tensor;
}
