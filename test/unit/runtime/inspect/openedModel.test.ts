import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { exportModel } from '../../../../extension/core/model/exportModel';
import { initialParameters } from '../../../../extension/core/model/parameters';
import type { ModelSpec } from '../../../../extension/core/model/spec';
import type { InputWish } from '../../../../extension/protocol/model';
import type { ModelTrace, TraceSignal } from '../../../../extension/protocol/trace';
import { inspectOpened, openModel } from '../../../../extension/runtime/inspect/openedModel';
import { layerOf, specOf } from '../../../support/specs';
import { temporaryFolder } from '../../../support/temporaryFolder';

const fixture = (name: string) => path.resolve('test/fixtures/onnx', name);
const wish = (change: Partial<InputWish> = {}): InputWish => ({
  kind: 'noise',
  seed: 1,
  steps: 20,
  batch: 1,
  row: 0,
  standardised: false,
  text: '',
  ...change,
});
const traceOpened = async (...given: Parameters<typeof inspectOpened>) => (await inspectOpened(...given)).trace;
const trace = (name: string, change: Partial<InputWish> = {}) =>
  traceOpened(fixture(`${name}.onnx`), wish(change), null);

/** A signal as [steps][units]. */
function rows({ values, units }: TraceSignal): number[][] {
  return Array.from({ length: values.length / units }, (_, step) => [
    ...values.subarray(step * units, (step + 1) * units),
  ]);
}
const shapes = ({ columns, trace: { steps, layers }, outputs }: ModelTrace) => ({
  steps,
  columns: columns.map(({ name, units, values }) => [name, values.length / units, units]),
  layers: layers.map(({ op, direction, hidden, signals }) => [
    op,
    direction,
    hidden,
    signals
      .map(({ name }) => name)
      .sort()
      .join(''),
  ]),
  outputs: outputs.map(({ name, units }) => [name, units]),
});

describe('an opened model file', () => {
  const folder = temporaryFolder();

  it('asks for the sizes that the file leaves free and for no other', () => {
    const free = (name: string) => openModel(fixture(`${name}.onnx`)).free;
    assert.deepEqual(free('ts_lstm'), { steps: false, batch: false });
    assert.deepEqual(free('ts_bilstm2_head'), { steps: false, batch: true });
  });

  it('says nothing of a purpose where the file is somebody else’s', () => {
    const { purpose, description } = openModel(fixture('ts_lstm.onnx'));
    assert.equal(purpose, null);
    assert.equal(description.recurrent.length, 1);
  });

  it('sends noise through it, the same for the same seed', async () => {
    const [first, again, other] = await Promise.all([
      trace('ts_lstm'),
      trace('ts_lstm'),
      trace('ts_lstm', { seed: 2 }),
    ]);
    assert.deepEqual(shapes(first), {
      steps: 7,
      columns: [['x', 7, 3]],
      layers: [['LSTM', 'forward', 5, 'cfghio']],
      outputs: [['y', 5]],
    });
    assert.deepEqual(first, again);
    assert.notDeepEqual(first.columns, other.columns);
  });

  it('shows of an output over the steps the first sequence: y of an LSTM is its h', async () => {
    const { trace: traced, outputs } = await trace('ts_lstm');
    const h = traced.layers[0]?.signals.find(({ name }) => name === 'h');
    const [y] = outputs;
    assert.ok(h !== undefined && y !== undefined);
    const difference = h.values.map((value, at) => Math.abs(value - (y.values[at] ?? Number.NaN)));
    assert.equal(h.values.length, y.values.length);
    assert.ok(Math.max(...difference) < 1e-6);
  });

  it('takes the batch that was asked for, and the steps from the axis that the recurrence reads', async () => {
    const traced = await trace('ts_bilstm2_head', { batch: 3, kind: 'impulse' });
    assert.deepEqual(shapes(traced).columns, [['x', 8, 4]]);
    assert.deepEqual(traced.columns.map(rows), [[[1, 1, 1, 1], ...Array.from({ length: 7 }, () => [0, 0, 0, 0])]]);
    assert.equal(traced.trace.layers.length, 4);
    assert.deepEqual(traced.trace.outputs[0]?.shape, [3, 3]);
    assert.deepEqual(traced.outputs, []);
  });

  it('gives every sequence its full length, states zero, and weights that are inputs something', async () => {
    const padded = await trace('hand_lstm_seqlens');
    assert.equal(padded.trace.steps, 6);
    const last = padded.trace.layers[0]?.signals.find(({ name }) => name === 'h');
    assert.ok(last !== undefined && rows(last)[5]?.some((value) => value !== 0), 'the last step is read');
    const standard = await trace('standard_lstm_with_peepholes');
    assert.ok(
      standard.trace.layers[0]?.signals.some(({ values }) => values.some((value) => value !== 0 && value !== 0.5)),
    );
  });

  it('reads the inputs of a JSON file in the schema of the command line', async () => {
    const file = fixture('ts_lstm.case.json');
    const traced = await traceOpened(fixture('ts_lstm.onnx'), wish({ kind: 'file' }), file);
    const { inputs } = JSON.parse(readFileSync(file, 'utf8')) as { inputs: { x: { shape: number[]; data: number[] } } };
    const [, batch = 0, features = 0] = inputs.x.shape;
    const expected = inputs.x.data.filter((_, i) => Math.floor(i / features) % batch === 0);
    assert.deepEqual(
      traced.columns.map(({ values }) => [...values]),
      [[...Float32Array.from(expected)]],
    );
  });

  describe('of ours', () => {
    const ours = (name: string, spec: ModelSpec, metadata = {}) => {
      const file = path.join(folder.path, `${name}.onnx`);
      writeFileSync(file, exportModel(spec, initialParameters(spec, 1), metadata));
      return file;
    };

    it('says what it was trained for', () => {
      const metadata = {
        ...{ task: 'forecast', target: 'Passengers', columns: '["Passengers","Holiday"]', lookback: '3', horizon: '1' },
        ...{ scaler: '[]', season: 'null', anchor: 'none', split: '{"validation":0.1,"test":0.1}', missing: 'drop' },
        ...{ time: 'null', timeStep: 'null', unroll: '0.1.0' },
      };
      const { purpose, free } = openModel(ours('forecaster', specOf(), metadata));
      const columns = ['Passengers', 'Holiday'];
      const told = { target: 'Passengers', moreTargets: [], columns };
      assert.deepEqual(purpose, { task: 'forecast', ...told, lookback: 3, horizon: 1 });
      assert.deepEqual(free, { steps: true, batch: true });
    });

    it('is shown as it reads windows, whatever number of steps is asked for: the rows before are nothing that it reads', async () => {
      const file = ours('windows', specOf({ steps: 5, anchor: 'last' }));
      const { free, reads } = openModel(file);
      assert.deepEqual([free.steps, reads.rows], [false, true]);
      const { columns, trace: traced } = await traceOpened(file, wish({ steps: 9 }), null);
      assert.deepEqual(
        [traced.steps, ...columns.map(({ name, units, values }) => [name, units, values.length])],
        [5, ['window', 2, 10]],
      );
      const table = folder.write('t.csv', 'a,b\n1,2\n3,4\n5,6\n7,8\n9,10\n11,12\n');
      const rowsOf = await traceOpened(file, wish({ kind: 'rows', row: 1, steps: 9 }), table);
      assert.deepEqual(
        rowsOf.columns.map(({ values }) => [...values]),
        [
          [3, 5, 7, 9, 11],
          [4, 6, 8, 10, 12],
        ],
      );
    });

    it('begins with states of zero, of which none is read step by step', async () => {
      const known = { known: 1, targets: 2, outputs: 2, input: { kind: 'values', features: 3 } } as const;
      const convolution = { filters: 3, width: 2, activation: 'tanh' } as const;
      const file = ours('states', specOf({ steps: 5, convolution, ...known }));
      const states = ['state.convolution', 'state.layers.0.h', 'state.layers.0.c', 'state.known'];
      const names = openModel(file).description.inputs.map(({ name }) => name);
      assert.deepEqual(names.toSorted(), ['window', ...states].toSorted());
      const { columns, trace: traced } = await traceOpened(file, wish({ steps: 9 }), null);
      assert.deepEqual([traced.steps, columns.map(({ name }) => name)], [9, ['window']]);
      // What goes on to the next call is no answer.
      assert.deepEqual(
        traced.outputs.map(({ name }) => name),
        ['forecast'],
      );
    });

    it('reads no step as padding, whichever cell takes the mask', async () => {
      for (const cell of ['lstm', 'minGru'] as const) {
        const spec = specOf({ masked: true, layers: [layerOf(cell, 4)] });
        const { columns, trace: traced } = await traceOpened(ours(cell, spec), wish({ batch: 2 }), null);
        assert.deepEqual(
          columns.map(({ name, units }) => [name, units]),
          [['window', 2]],
        );
        const h = traced.layers[0]?.signals.find(({ name }) => name === 'h');
        assert.ok(h !== undefined && rows(h)[2]?.some((value) => value !== 0), cell);
      }
    });

    it('reads any of its tokens as noise', async () => {
      const spec = specOf({ input: { kind: 'tokens', vocabulary: 9 }, steps: 64 });
      const { columns } = await traceOpened(ours('tokens', spec), wish({ steps: 64 }), null);
      const tokens = new Set(columns[0]?.values);
      assert.deepEqual([...tokens].toSorted(), [0, 1, 2, 3, 4, 5, 6, 7, 8]);
    });
  });

  it('says in one sentence what is wrong', async () => {
    const broken = path.join(folder.path, 'broken.onnx');
    writeFileSync(broken, 'not a model');
    assert.throws(() => openModel(broken), { code: 'model' });
    assert.throws(() => openModel(path.join(folder.path, 'none.onnx')), { code: 'model' });
    await assert.rejects(traceOpened(fixture('ts_lstm.onnx'), wish({ kind: 'file' }), null), { code: 'usage' });
    await assert.rejects(trace('ts_bilstm2_head', { batch: 2 ** 30 }), { code: 'model' });
  });
});
