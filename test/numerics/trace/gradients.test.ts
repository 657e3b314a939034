import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { exportModel } from '../../../extension/core/model/exportModel';
import { initialParameters } from '../../../extension/core/model/parameters';
import { readModel } from '../../../extension/core/onnx/read';
import { RandomStream } from '../../../extension/core/random';
import { floats, sizeOf, type Tensor, zeros } from '../../../extension/core/tensor';
import type { Gradients, OutputChoice, StateEdit } from '../../../extension/protocol/inspection';
import { readInputs } from '../../../extension/runtime/inspect/caseFile';
import { type Editable, openEditable } from '../../../extension/runtime/inspect/edited';
import { inOnePiece } from '../../../extension/runtime/inspect/externalFiles';
import { gradientChoicesOf, gradientsOf } from '../../../extension/runtime/inspect/gradients';
import { outputAxes, placeOf } from '../../../extension/runtime/inspect/stepValues';
import { toOrt, type Values } from '../../../extension/runtime/session/session';
import { layerOf, specOf } from '../../support/specs';
import { caseFolder, caseNames, filesOf } from '../../trace/traceCase';

const random = new RandomStream(37, 0, 0);

async function fed(tensors: Readonly<Record<string, Tensor>>): Promise<Values> {
  const entries = Object.entries(tensors).map(async ([name, tensor]) => [name, await toOrt(tensor)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

/** The chosen number in a trace. */
function numberIn(
  trace: Editable['original'],
  choice: OutputChoice,
  item: number,
  sizes: { steps: number; batch: number },
) {
  const output = trace.outputs.find(({ name }) => name === choice.output);
  assert.ok(output);
  return output.values[placeOf(output.shape, choice, item, sizes)] ?? Number.NaN;
}

/** Checks the norms of a few states, by changing each unit a little and running on. */
async function checkStates(
  editable: Editable,
  gradients: Gradients,
  choice: OutputChoice,
  item: number,
  sizes: { steps: number; batch: number },
  edits: readonly StateEdit[],
): Promise<number> {
  const epsilon = 1e-2;
  const base = await editable.trace(edits);
  let checked = 0;
  for (const [layer, states] of gradients.layers.entries()) {
    for (const { state, norms } of states) {
      const signal = base.layers[layer]?.signals.find(({ name }) => name === state);
      assert.ok(signal);
      const steps = signal.values.length / signal.units;
      assert.equal(norms.length, steps);
      for (const step of new Set([0, Math.floor(steps / 2), steps - 1])) {
        let squares = 0;
        for (let unit = 0; unit < signal.units; unit++) {
          const value = signal.values[step * signal.units + unit] ?? 0;
          const moved = async (by: number) => {
            const edit: StateEdit = { layer, state, unit, from: step, to: step + 1, value: value + by };
            return numberIn(await editable.trace([...edits, edit]), choice, item, sizes);
          };
          squares += (((await moved(epsilon)) - (await moved(-epsilon))) / (2 * epsilon)) ** 2;
        }
        const measured = Math.sqrt(squares);
        const derived = norms[step] ?? Number.NaN;
        const error = Math.abs(measured - derived);
        assert.ok(
          error < 2e-3 * Math.max(1, measured),
          `|d / d ${state}[${step}]| of layer ${layer}: ${derived}, measured ${measured}`,
        );
        if (measured > 1e-3) checked++;
      }
    }
  }
  return checked;
}

/** Checks the gradients of values that are read against those of running the model again on others. */
async function checkInputs(
  bytes: Uint8Array,
  feeds: Values,
  gradients: Gradients,
  choice: OutputChoice,
  item: number,
  sizes: { steps: number; batch: number },
  edits: readonly StateEdit[],
): Promise<number> {
  const epsilon = 1e-2;
  let checked = 0;
  for (const { name, units, values } of gradients.inputs) {
    const input = feeds[name];
    if (!input || !(input.data instanceof Float32Array)) continue;
    const { data } = input;
    // Some models cut steps off before their first layer reads them.
    const read = { steps: values.length / units, batch: sizes.batch };
    const axes = outputAxes(input.dims, read);
    for (const step of new Set([0, read.steps - 1])) {
      for (let unit = 0; unit < Math.min(2, units); unit++) {
        const moved = async (by: number) => {
          const changed = Float32Array.from(data);
          const place = placeOf(
            input.dims,
            { output: name, step: axes.steps === null ? null : step, unit },
            item,
            read,
          );
          changed[place] = (changed[place] ?? 0) + by;
          const other = await toOrt({ dtype: 'float32', shape: input.dims, data: changed });
          const editable = await openEditable(bytes, { ...feeds, [name]: other }, item);
          try {
            return numberIn(await editable.trace(edits), choice, item, sizes);
          } finally {
            await editable.release();
          }
        };
        const measured = ((await moved(epsilon)) - (await moved(-epsilon))) / (2 * epsilon);
        const derived = values[step * units + unit] ?? Number.NaN;
        assert.ok(
          Math.abs(measured - derived) < 2e-3 * Math.max(1, Math.abs(measured)),
          `d / d ${name}[${step}][${unit}]: ${derived}, measured ${measured}`,
        );
        if (Math.abs(measured) > 1e-3) checked++;
      }
    }
  }
  return checked;
}

async function checkAll(
  bytes: Uint8Array,
  feeds: Values,
  item: number,
  { points = 50, edits = [] }: { readonly points?: number; readonly edits?: readonly StateEdit[] } = {},
): Promise<void> {
  const editable = await openEditable(bytes, feeds, item);
  try {
    const steps = Math.max(
      0,
      ...editable.original.layers.map(({ signals: [first] }) => (first ? first.values.length / first.units : 0)),
    );
    const batch = editable.batch;
    const sizes = { steps, batch };
    const [first] = gradientChoicesOf(editable.original.outputs, sizes);
    assert.ok(first);
    const choice = {
      output: first.output,
      step: first.everyStep ? Math.floor(steps / 2) : null,
      unit: first.units - 1,
    };
    const gradients = await gradientsOf(bytes, feeds, item, choice, null, { edits });
    assert.ok(Math.abs(gradients.value - numberIn(await editable.trace(edits), choice, item, sizes)) < 1e-4);
    assert.equal(gradients.baseline, null);
    const checked =
      (await checkStates(editable, gradients, choice, item, sizes, edits)) +
      (await checkInputs(bytes, feeds, gradients, choice, item, sizes, edits));
    assert.ok(checked > 0, 'something hangs on something');

    const integrated = await gradientsOf(bytes, feeds, item, choice, points, { edits });
    const sum = integrated.inputs
      .flatMap(({ values }) => Array.from(values))
      .reduce((total, value) => total + value, 0);
    const whole = integrated.value - (integrated.baseline ?? Number.NaN);
    assert.ok(
      Math.abs(sum - whole) < 1e-2 * Math.max(1, Math.abs(whole)),
      `attributions add up to ${sum}, not to ${whole}`,
    );
  } finally {
    await editable.release();
  }
}

describe('gradients through time, against finite differences', () => {
  const folder = caseFolder();
  for (const name of existsSync(folder) ? caseNames(folder) : []) {
    // Halves are too coarse for differences, whose gradients are compared with the same model's below; a plain sum has no recurrent
    // layer; one has a function that jumps.
    if (/float16|scan_sum|scan9_sum|float64_each/.test(name)) continue;
    it(name, async () => {
      const { model, description } = filesOf(folder, name);
      const bytes = inOnePiece(model, new Uint8Array(readFileSync(model)));
      // Kinks of its functions ask for more points.
      const points = /rnn_defaults/.test(name) ? 400 : 50;
      await checkAll(bytes, await fed(Object.fromEntries(readInputs(description))), 0, { points });
    });
  }

  const models = {
    'two layers, a dense head': specOf({
      steps: 5,
      layers: [layerOf('lstm', 3), layerOf('gru', 3)],
      head: { hidden: 4, activation: 'tanh' },
    }),
    'both ways, masked, mean': specOf({
      steps: 5,
      masked: true,
      pooling: 'mean',
      layers: [layerOf('lstm', 3, { bidirectional: true })],
    }),
    'attention, classes': specOf({
      steps: 4,
      pooling: 'attention',
      target: 'classes',
      targets: 3,
      outputs: 3,
      layers: [layerOf('mgu', 3)],
    }),
    'characters one-hot': specOf({
      steps: 4,
      input: { kind: 'tokens', vocabulary: 5 },
      pooling: 'every',
      target: 'classes',
      targets: 5,
      outputs: 5,
    }),
    'characters embedded': specOf({
      steps: 4,
      input: { kind: 'tokens', vocabulary: 5 },
      embedding: 3,
      pooling: 'every',
      target: 'classes',
      targets: 5,
      outputs: 5,
    }),
    convolution: specOf({
      steps: 6,
      convolution: { filters: 3, width: 2, activation: 'relu' },
      layers: [layerOf('gru', 3)],
    }),
  };
  for (const [name, spec] of Object.entries(models)) {
    it(`of a model of ours: ${name}`, async () => {
      const bytes = exportModel(spec, initialParameters(spec, 1), {});
      const { steps, input } = spec;
      const shape = input.kind === 'values' ? [1, steps, input.features] : [1, steps];
      const numbers = Array.from({ length: sizeOf(shape) }, () => random.normal());
      const feeds = await fed({
        ...(input.kind === 'values'
          ? { window: floats('float32', shape, numbers) }
          : {
              tokens: {
                dtype: 'int32',
                shape,
                data: Int32Array.from(numbers, (value) => Math.floor(Math.abs(value) * 3) % 5),
              },
            }),
        ...(spec.masked && {
          mask: floats(
            'float32',
            [1, steps],
            Array.from({ length: steps }, (_, i) => (i < 4 ? 1 : 0)),
          ),
        }),
      });
      // A model that writes text takes its states as inputs too.
      const given = readModel(bytes).graph.inputs.flatMap(({ name, type }) => {
        const size = (type.shape ?? []).map((dim) => (typeof dim === 'number' ? dim : 1));
        return name in feeds ? [] : [[name, zeros('float32', size)] as const];
      });
      const all = { ...feeds, ...(await fed(Object.fromEntries(given))) };
      await checkAll(bytes, all, 0);
      const set: StateEdit = { layer: 0, state: 'h', unit: 0, from: 1, to: 2, value: 0.7 };
      const held: StateEdit = { layer: spec.layers.length - 1, state: 'h', unit: 1, from: 0, to: steps, value: -0.2 };
      await checkAll(bytes, all, 0, { edits: [set, held] });
    });
  }
});
