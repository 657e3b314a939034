import assert from 'node:assert/strict';
import type { Builder } from '../../../extension/core/graph/builder';
import type { Value } from '../../../extension/core/graph/value';
import { batchLast } from '../../../extension/core/layers/dense';
import { writtenOut } from '../../../extension/core/layers/recurrentLayer';
import { network } from '../../../extension/core/model/network';
import { parameterShapes } from '../../../extension/core/model/parameters';
import { horizonOf, type ModelSpec } from '../../../extension/core/model/spec';
import { at } from '../../../extension/core/ops/arguments';
import { floats } from '../../../extension/core/tensor';
import { layer, model } from '../../../extension/protocol/choices/model';
import { type LayerChoice, poolings } from '../../../extension/protocol/experiment';
import { checkGradient } from '../../support/gradientCheck';
import { specOf } from '../../support/specs';
import { variants } from '../../support/variants';

const batch = 2;

/** Steps of each sequence of a padded batch. */
const lengths = [3, 5];

/** Choices that change no equation, are checked below, or go by another name in a spec. */
const elsewhere: ReadonlySet<string> = new Set(['dropout', 'init', 'forgetBias', 'decoder']);

describe('model: gradients of every part against finite differences', () => {
  for (const [name, spec] of Object.entries(variants)) {
    it(name, async () => {
      const shapes = parameterShapes(spec);
      const values = spec.input.kind === 'values' ? [[spec.steps, spec.input.features, batch]] : [];
      const teacher = spec.recursive ? [[spec.targets, batch]] : [];
      await checkGradient({
        inputs: [...shapes.map(({ shape }) => shape), ...values, ...teacher],
        // onnxruntime convolves in float32 alone; the operator's own gradient is checked with the other operators.
        build: (b, inputs) => [written(spec.convolution === null ? b : withConvolution(b), spec, inputs)],
      });
    });
  }

  it('leaves no choice of a model without a check', () => {
    const specs = Object.values(variants);
    const plain = specOf();
    const choices = Object.keys(model.shape).filter((choice) => !elsewhere.has(choice));
    const chosen = (spec: ModelSpec, choice: string) =>
      JSON.stringify(spec[choice as keyof ModelSpec]) !== JSON.stringify(plain[choice as keyof ModelSpec]);
    assert.deepEqual(
      choices.filter((choice) => !specs.some((spec) => chosen(spec, choice))),
      [],
    );
    const layers = specs.flatMap((spec) => spec.layers);
    const [usual] = plain.layers;
    assert.deepEqual(
      Object.keys(layer.shape).filter(
        (choice) => !layers.some((each) => each[choice as keyof LayerChoice] !== usual?.[choice as keyof LayerChoice]),
      ),
      [],
    );
    assert.deepEqual(
      poolings.filter((pooling) => !specs.some((spec) => spec.pooling === pooling)),
      [],
    );
  });

  it('a layer with a dropped state and dropped inputs', async () => {
    const spec = { ...at(Object.values(variants), 0), dropout: { between: 0.5, variational: true, recurrent: 0.5 } };
    await checkGradient({
      inputs: [...parameterShapes(spec).map(({ shape }) => shape), [spec.steps, 2, batch]],
      build: (b, inputs) => [written(b, spec, inputs)],
    });
  });
});

/** The same builder with convolutions of stride one written as products of a window with the filters. */
function withConvolution(b: Builder): Builder {
  b.conv = (x, W, bias, { pads = [0, 0] } = {}) => {
    const [batches = 0, channels = 0, length = 0] = x.type.shape?.map(Number) ?? [];
    const [filters = 0, , width = 0] = W.type.shape?.map(Number) ?? [];
    const [before = 0] = pads;
    const padded = b.concat([b.zerosLike(x, [batches, channels, before]), x], 2);
    const windows = Array.from({ length: width }, (_, k) => b.slice(padded, k, k + length, 2));
    const unfolded = b.concat(windows, 1);
    const rows = b.reshape(b.transpose(W, [0, 2, 1]), [filters, width * channels]);
    const product = b.matMul(rows, unfolded);
    return bias === null || bias === undefined ? product : b.add(product, b.reshape(bias, [filters, 1]));
  };
  return b;
}

function written(b: Builder, spec: ModelSpec, inputs: readonly Value[]): Value {
  const shapes = parameterShapes(spec);
  const parameters = new Map(shapes.map(({ name }, i) => [name, at(inputs, i)]));
  const rest = inputs.slice(shapes.length);
  const { input, steps, targets } = spec;
  const tokens = () =>
    b.constant({
      dtype: 'int32',
      shape: [steps, batch],
      data: Int32Array.from(
        { length: steps * batch },
        (_, i) => (i * 7) % (input.kind === 'tokens' ? input.vocabulary : 1),
      ),
    });
  const mask = lengths.map((length) => Array.from({ length: steps }, (_, step) => (step < length ? 1 : 0)));
  const teacher = () => ({
    truth: at(rest, 1),
    // Some steps read the truth and some the forecast before.
    reads: b.constant(
      floats(
        'float64',
        [horizonOf(spec), batch],
        Array.from({ length: horizonOf(spec) * batch }, (_, i) => (i % 3 === 2 ? 0 : 1)),
      ),
    ),
  });
  return network(
    {
      b,
      float: 'float64',
      parameter: ({ name }) => parameters.get(name) ?? at(inputs, 0),
      dropout: (_name, shape, probability) => {
        if (probability === 0) return null;
        const size = shape.reduce((product, dim) => product * dim, batch);
        return b.constant(
          floats(
            'float64',
            [...shape, batch],
            Array.from({ length: size }, (_, i) => (i % 3 === 0 ? 0 : 2)),
          ),
        );
      },
      carried: () => null,
      recurrent: writtenOut('parallel'),
      linear: batchLast,
    },
    spec,
    {
      x: input.kind === 'values' ? at(rest, 0) : tokens(),
      mask: spec.masked ? b.transpose(b.constant(floats('float64', [batch, steps], mask.flat())), [1, 0]) : null,
      teacher: spec.recursive ? teacher() : null,
      truth: b.int32s(
        [Math.max(1, spec.longest), batch],
        Array.from({ length: Math.max(1, spec.longest) * batch }, (_, i) => (i * 3 + 2) % targets),
      ),
    },
  );
}
