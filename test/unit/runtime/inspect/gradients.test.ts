import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Builder, int } from '../../../../extension/core/graph/builder';
import { Graph } from '../../../../extension/core/graph/graph';
import { Value } from '../../../../extension/core/graph/value';
import { readModel } from '../../../../extension/core/onnx/read';
import { widened } from '../../../../extension/core/onnx/widened';
import { writeModel } from '../../../../extension/core/onnx/write';
import { at } from '../../../../extension/core/ops/arguments';
import { floats, sizeOf } from '../../../../extension/core/tensor';
import { readInputs } from '../../../../extension/runtime/inspect/caseFile';
import { byColumn, gradientChoicesOf, gradientsOf } from '../../../../extension/runtime/inspect/gradients';
import { numbersOf } from '../../../../extension/runtime/inspect/traced';
import { toOrt } from '../../../../extension/runtime/session/session';

const filled = (shape: readonly number[], step: number) =>
  floats(
    'float32',
    shape,
    Array.from({ length: sizeOf(shape) }, (_, i) => Math.sin(i * step)),
  );

/** An RNN whose last state goes through an operator without a gradient for one output, and past it for another. */
function model(): Uint8Array {
  const graph = new Graph('test');
  const b = new Builder(graph);
  const x = graph.input('x', { dtype: 'float32', shape: ['steps', 1, 2] });
  const [, last] = b.apply(
    'RNN',
    [x, b.constant(filled([1, 3, 2], 0.7), 'W'), b.constant(filled([1, 3, 3], 0.3), 'R')],
    { hidden_size: int(3) },
    ['Y', 'Y_h'],
  );
  assert.ok(last);
  const normal = new Value(graph.names.claim('normal'), last.type);
  graph.nodes.push({
    op: 'LpNormalization',
    domain: '',
    name: 'norm',
    inputs: [last],
    outputs: [normal],
    attributes: { axis: int(2), p: int(2) },
  });
  b.output('past', b.identity(last));
  b.output('through', b.identity(normal));
  return writeModel(graph);
}

const fed = async () => ({ x: await toOrt(filled([4, 1, 2], 0.5)) });
const choice = { output: 'past', step: null, unit: 1 };

describe('gradients of a model file', () => {
  it('name the operator that has none, and only where it is on the way', async () => {
    const bytes = model();
    const { layers } = await gradientsOf(bytes, await fed(), 0, choice, null);
    assert.deepEqual(
      layers.map((states) => states.map(({ state, norms }) => [state, norms.length])),
      [[['h', 4]]],
    );
    await assert.rejects(
      async () => gradientsOf(bytes, await fed(), 0, { ...choice, output: 'through' }, null),
      /"through" has no gradient for the operator LpNormalization \(node "norm"\)/,
    );
  });

  it('refuse what is not there', async () => {
    const bytes = model();
    const refused = (changes: Partial<typeof choice>, integrated: number | null, why: RegExp) =>
      assert.rejects(async () => gradientsOf(bytes, await fed(), 0, { ...choice, ...changes }, integrated), why);
    await refused({ output: '__proto__' }, null, /no output "__proto__"/);
    await refused({ unit: 3 }, null, /no unit 3: it has 3/);
    await refused({ step: 0 as never }, null, /one value for all steps/);
    await refused({}, 0, /1 to 1000 points/);
    await refused({}, 1e9, /1 to 1000 points/);
  });

  it('are zero where nothing hangs on a state', async () => {
    const graph = new Graph('test');
    const b = new Builder(graph);
    const x = graph.input('x', { dtype: 'float32', shape: ['steps', 1, 2] });
    const [Y] = b.apply(
      'RNN',
      [x, b.constant(filled([1, 3, 2], 0.7), 'W'), b.constant(filled([1, 3, 3], 0.3), 'R')],
      { hidden_size: int(3) },
      ['Y', 'Y_h'],
    );
    assert.ok(Y);
    graph.outputs.push(Y);
    b.output('beside', b.reduceSum(x, [0], true));
    const gradients = await gradientsOf(writeModel(graph), await fed(), 0, { ...choice, output: 'beside' }, null);
    assert.deepEqual(Array.from(gradients.layers[0]?.[0]?.norms ?? []), [0, 0, 0, 0]);
    assert.deepEqual(Array.from(gradients.inputs[0]?.values ?? []), [0, 1, 0, 1, 0, 1, 0, 1]);
  });

  for (const name of ['variant_lstm_float16', 'variant_gru_float16_layout']) {
    it(`of a model in floats of 16 bits are those of the same in 32: ${name}`, async () => {
      const file = path.resolve('test/fixtures/onnx', name);
      const bytes = new Uint8Array(readFileSync(`${file}.onnx`));
      const tensors = [...readInputs(`${file}.case.json`)];
      const feeds = Object.fromEntries(
        await Promise.all(tensors.map(async ([key, t]) => [key, await toOrt(t)] as const)),
      );
      const wide = await Promise.all(
        Object.entries(feeds).map(async ([key, value]) => {
          if (value.type !== 'float16') return [key, value] as const;
          return [key, await toOrt(floats('float32', value.dims, numbersOf(value)))] as const;
        }),
      );
      const output = at(readModel(bytes).graph.outputs, 0).name;
      const of = { output, step: 1, unit: 0 };
      const [ours, theirs] = [
        await gradientsOf(bytes, feeds, 0, of, null),
        await gradientsOf(widened(readModel(bytes)), Object.fromEntries(wide), 0, of, null),
      ];
      assert.deepEqual(ours, theirs);
      assert.ok(ours.layers.some((states) => states.some(({ norms }) => norms.some((norm) => norm > 0.01))));
    });
  }

  it('are the same in every operator set', async () => {
    const inSet = async (version: number, normalized: boolean) => {
      const graph = new Graph('test');
      const b = new Builder(graph);
      const x = graph.input('x', { dtype: 'float32', shape: ['steps', 1, 2] });
      const weights = [b.constant(filled([1, 3, 2], 0.7), 'W'), b.constant(filled([1, 3, 3], 0.3), 'R')];
      const [Y] = b.apply('RNN', [x, ...weights], { hidden_size: int(3) }, ['Y', 'Y_h']);
      assert.ok(Y);
      const last = b.gather(Y, b.int64s([3]), 0);
      const ones = b.constant(floats('float32', [3], [1, 2, 3]), 'scale');
      b.output('past', normalized ? b.layerNormalization(last, ones, ones, -1) : last);
      return gradientsOf(writeModel(graph, {}, version), await fed(), 0, choice, null);
    };
    for (const [normalized, versions] of [
      [false, [13, 15, 18, 21]],
      [true, [18, 21]],
    ] as const) {
      const expected = await inSet(17, normalized);
      assert.ok(expected.inputs[0]?.values.some((value) => value !== 0));
      for (const version of versions) assert.deepEqual(await inSet(version, normalized), expected, `set ${version}`);
    }
  });

  it('can be of every output, by its shape', () => {
    const output = (name: string, shape: number[]) => ({ name, shape, values: new Float32Array(sizeOf(shape)) });
    const outputs = [output('Y', [5, 2, 1, 3]), output('Y_h', [2, 1, 3]), output('p', [1, 5, 4]), output('loss', [])];
    assert.deepEqual(gradientChoicesOf(outputs, { steps: 5, batch: 1 }), [
      { output: 'Y', everyStep: true, units: 6 },
      { output: 'Y_h', everyStep: false, units: 6 },
      { output: 'p', everyStep: true, units: 4 },
      { output: 'loss', everyStep: false, units: 1 },
    ]);
  });

  it('are told by column where the columns are known', () => {
    const whole = [{ name: 'window', units: 3, values: Float32Array.of(1, 2, 3, 4, 5, 6) }];
    const columns = [
      { name: 'a', units: 1 },
      { name: 'b', units: 2 },
    ];
    assert.deepEqual(byColumn(whole, columns), [
      { name: 'a', units: 1, values: Float32Array.of(1, 4) },
      { name: 'b', units: 2, values: Float32Array.of(2, 3, 5, 6) },
    ]);
    assert.equal(byColumn(whole, []), whole);
    assert.equal(byColumn(whole, [{ name: 'a', units: 2 }]), whole);
  });
});
