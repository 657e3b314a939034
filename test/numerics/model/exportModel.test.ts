import assert from 'node:assert/strict';
import { buildEvaluationGraph } from '../../../extension/core/model/evaluationGraph';
import { exportModel } from '../../../extension/core/model/exportModel';
import { batchFeeds } from '../../../extension/core/model/feeds';
import { flatten, layoutOf } from '../../../extension/core/model/layout';
import { initialParameters } from '../../../extension/core/model/parameters';
import { horizonOf, type ModelSpec } from '../../../extension/core/model/spec';
import { at } from '../../../extension/core/ops/arguments';
import { RandomStream } from '../../../extension/core/random';
import { floats, sizeOf, type Tensor, toNumbers, zeros } from '../../../extension/core/tensor';
import { cellNames } from '../../../extension/protocol/experiment';
import { shifted, someTokens, zeroStates } from '../../support/exported';
import { run } from '../../support/session';
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
      const file = exportModel(spec, parameters, {});
      const { forecast } = await run(file, { window, ...zeroStates(file, batch) });
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

/** Feeds the same numbers to both; they must answer the same within 1e-5. */
async function assertSame(spec: ModelSpec): Promise<void> {
  const parameters = shifted(initialParameters(spec, 9));
  const feeds = batchFeeds(spec, batch);
  const random = new RandomStream(2, 0, 0);
  const x: Tensor =
    spec.input.kind === 'tokens'
      ? someTokens(feeds.x.shape, spec.input.vocabulary, random)
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
  const file = exportModel(spec, parameters, {});
  const exported = await run(file, {
    [spec.input.kind === 'tokens' ? 'tokens' : 'window']: turned(x, spec.input.kind === 'tokens' ? [1, 0] : [2, 0, 1]),
    ...(spec.masked && { mask }),
    ...zeroStates(file, batch),
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
