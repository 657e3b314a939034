import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { cells } from '../../../extension/core/cells/table';
import { Builder, int, text } from '../../../extension/core/graph/builder';
import { Graph } from '../../../extension/core/graph/graph';
import { exportModel } from '../../../extension/core/model/exportModel';
import { initialParameters } from '../../../extension/core/model/parameters';
import { writeModel } from '../../../extension/core/onnx/write';
import { at } from '../../../extension/core/ops/arguments';
import { RandomStream } from '../../../extension/core/random';
import { floats, int32s, sizeOf, type Tensor } from '../../../extension/core/tensor';
import type { StateEdit } from '../../../extension/protocol/inspection';
import type { Trace } from '../../../extension/protocol/trace';
import { readInputs } from '../../../extension/runtime/inspect/caseFile';
import { type Editable, openEditable } from '../../../extension/runtime/inspect/edited';
import { inOnePiece } from '../../../extension/runtime/inspect/externalFiles';
import { toOrt, type Values } from '../../../extension/runtime/session/session';
import { zeroStates } from '../../support/exported';
import { run } from '../../support/session';
import { layerOf, specOf } from '../../support/specs';
import { caseFolder, caseNames, filesOf, readCase } from '../../trace/traceCase';

const random = new RandomStream(31, 0, 0);
const drawn = (shape: readonly number[]) =>
  floats(
    'float32',
    shape,
    Array.from({ length: sizeOf(shape) }, () => random.normal() / 2),
  );

async function fed(tensors: Readonly<Record<string, Tensor>>): Promise<Values> {
  const entries = Object.entries(tensors).map(async ([name, tensor]) => [name, await toOrt(tensor)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

function assertNear(ours: ArrayLike<number>, theirs: ArrayLike<number>, what: string, tolerance = 1e-5): void {
  assert.equal(ours.length, theirs.length, what);
  for (let i = 0; i < ours.length; i++) {
    const [a, b] = [Number(ours[i]), Number(theirs[i])];
    assert.ok(Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(b)), `${what}[${i}]: ${a}, expected ${b}`);
  }
}

/** Whatever is given out and every signal, one trace against another. */
function assertSameTrace(ours: Omit<Trace, 'inputs'>, theirs: Omit<Trace, 'inputs'>, tolerance?: number): void {
  assert.deepEqual(
    ours.outputs.map(({ name }) => name),
    theirs.outputs.map(({ name }) => name),
  );
  ours.outputs.forEach(({ name, values }, i) => {
    assertNear(values, at(theirs.outputs, i).values, name, tolerance);
  });
  assert.equal(ours.layers.length, theirs.layers.length);
  ours.layers.forEach((layer, i) => {
    const other = at(theirs.layers, i);
    const { node, op, direction, hidden, equations } = layer;
    assert.deepEqual(
      { node, op, direction, hidden, equations },
      {
        node: other.node,
        op: other.op,
        direction: other.direction,
        hidden: other.hidden,
        equations: other.equations,
      },
    );
    for (const { name, values } of layer.signals) {
      const signal = other.signals.find((each) => each.name === name);
      assertNear(values, signal?.values ?? [], `${name} of ${node}`, tolerance);
    }
  });
}

/**
 * Sets a unit of every state at one step: it has that value there, the steps before it are as they were, and what the model itself
 * computes still agrees with the cell beside it, or the trace would refuse.
 */
async function assertSettable({ original, trace }: Editable): Promise<void> {
  for (const [layer, { signals, states, direction }] of original.layers.entries()) {
    for (const state of states) {
      const signal = signals.find(({ name }) => name === state);
      const was = signal?.values ?? new Float32Array();
      const units = signal?.units ?? 1;
      const steps = was.length / units;
      // Padding can be at the end of either direction, never at the first step of a sequence.
      const step = direction === 'forward' ? 0 : Math.min(1, steps - 1);
      const edit: StateEdit = { layer, state, unit: units - 1, from: step, to: step + 1, value: 0.25 };
      const edited = await trace([edit]).catch((error: unknown) => {
        assert.match(String(error), /only hands it on/);
        return null;
      });
      const is = edited?.layers[layer]?.signals.find(({ name }) => name === state)?.values;
      if (is === undefined) continue;
      assertNear([is[step * units + units - 1] ?? Number.NaN], [0.25], state, 1e-3);
      const untouched = direction === 'forward' ? [0, step] : [step + 1, steps];
      const part = (values: Float32Array) => values.subarray((untouched[0] ?? 0) * units, (untouched[1] ?? 0) * units);
      assertNear(part(is), part(was), `${state} before`, 1e-3);
    }
  }
}

describe('interventions: without a change everything is as it was, and every state can be changed', () => {
  for (const folder of [caseFolder()]) {
    if (!existsSync(folder)) continue;
    for (const name of caseNames(folder)) {
      it(name, async () => {
        const { model, description } = filesOf(folder, name);
        const { recurrent } = readCase(folder, name);
        if (recurrent.length === 0) return;
        const bytes = inOnePiece(model, new Uint8Array(readFileSync(model)));
        const feeds = await fed(Object.fromEntries(readInputs(description)));
        const editable = await openEditable(bytes, feeds, 0);
        try {
          assertSameTrace(await editable.trace([]), editable.original, name.includes('float16') ? 2e-3 : 1e-5);
          await assertSettable(editable);
        } finally {
          await editable.release();
        }
      });
    }
  }

  for (const cell of Object.values(cells).filter(({ fused }) => fused === null)) {
    it(`${cell.title}, both ways, masked`, async () => {
      const layer = layerOf(cell.name, 3, { bidirectional: true });
      const spec = specOf({ steps: 5, layers: [layer, layer], masked: true });
      const bytes = exportModel(spec, initialParameters(spec, 1), {});
      const feeds = await fed({
        window: drawn([2, 5, 2]),
        mask: floats('float32', [2, 5], [1, 1, 1, 1, 1, 1, 1, 1, 0, 0]),
      });
      const editable = await openEditable(bytes, feeds, 1);
      try {
        assertSameTrace(await editable.trace([]), editable.original);
        // Padding is no step that could be changed.
        const padded: StateEdit = { layer: 0, state: 'h', unit: 0, from: 3, to: 5, value: 3 };
        assertSameTrace(await editable.trace([padded]), editable.original);
        const edited = await editable.trace([{ ...padded, from: 1, to: 3 }]);
        assert.deepEqual([edited.layers[0]?.signals.find(({ name }) => name === 'h')?.values[3]], [3]);
        const [ours, theirs] = [edited, editable.original].map(({ outputs }) => outputs[0]?.values ?? []);
        assert.notEqual(ours?.[1], theirs?.[1]);
        assert.equal(ours?.[0], theirs?.[0]);
      } finally {
        await editable.release();
      }
    });
  }
});

const [steps, batch, input, hidden] = [6, 2, 2, 3];
const gatesOf = { RNN: 1, GRU: 3, LSTM: 4 } as const;
type Op = keyof typeof gatesOf;

/** One operator with its initial states as inputs, and what stands after it: a second one, and the last step's sum. */
function operatorModel(op: Op, direction: string, weights: readonly Tensor[], lengths: boolean): Uint8Array {
  const graph = new Graph('operator');
  const b = new Builder(graph);
  const X = graph.input('X', { dtype: 'float32', shape: ['steps', 'batch', input] });
  const h0 = graph.input('h0', { dtype: 'float32', shape: [1, 'batch', hidden] });
  const c0 = op === 'LSTM' ? graph.input('c0', { dtype: 'float32', shape: [1, 'batch', hidden] }) : null;
  const counts = lengths ? graph.input('lengths', { dtype: 'int32', shape: ['batch'] }) : null;
  const [W, R, B] = weights.map((tensor, i) => b.constant(tensor, `weight${i}`));
  const outputs = b.apply(
    op,
    [X, W ?? null, R ?? null, B ?? null, counts, h0, ...(c0 === null ? [] : [c0])],
    { hidden_size: int(hidden), direction: text(direction) },
    ['Y', 'Y_h', 'Y_c'],
  );
  graph.outputs.push(...outputs);
  return writeModel(graph);
}

const numbers = (tensor: Tensor | undefined) => Array.from((tensor?.data ?? []) as Float32Array);

describe('interventions: what follows a changed state', () => {
  for (const op of ['RNN', 'GRU', 'LSTM'] as const) {
    for (const direction of ['forward', 'reverse'] as const) {
      it(`${op}, ${direction}: as the operator run on from the changed state`, async () => {
        const rows = gatesOf[op] * hidden;
        const weights = [drawn([1, rows, input]), drawn([1, rows, hidden]), drawn([1, 2 * rows])];
        const bytes = operatorModel(op, direction, weights, false);
        const x = drawn([steps, batch, input]);
        const states = { h0: drawn([1, batch, hidden]), ...(op === 'LSTM' && { c0: drawn([1, batch, hidden]) }) };
        const [item, step, unit] = [1, 2, 1];
        const editable = await openEditable(bytes, await fed({ X: x, ...states }), item);
        const edited = await editable.trace([{ layer: 0, state: 'h', unit, from: step, to: step + 1, value: 0.75 }]);
        await editable.release();

        const rowsOf = (from: number, to: number) =>
          floats(
            'float32',
            [to - from, batch, input],
            (x.data as Float32Array).subarray(from * batch * input, to * batch * input),
          );
        const forward = direction === 'forward';
        const before = await run(bytes, { X: forward ? rowsOf(0, step + 1) : rowsOf(step, steps), ...states });
        const h = numbers(before['Y_h']);
        h[item * hidden + unit] = 0.75;
        const then = {
          h0: floats('float32', [1, batch, hidden], h),
          ...(op === 'LSTM' && { c0: before['Y_c'] as Tensor }),
        };
        const after = await run(bytes, { X: forward ? rowsOf(step + 1, steps) : rowsOf(0, step), ...then });
        const own = numbers(before['Y']);
        const parts = forward ? [own, numbers(after['Y'])] : [numbers(after['Y']), own];
        const expected = parts.flat();
        expected[(step * batch + item) * hidden + unit] = 0.75;
        assertNear(edited.outputs.find(({ name }) => name === 'Y')?.values ?? [], expected, 'Y');
        assertNear(edited.outputs.find(({ name }) => name === 'Y_h')?.values ?? [], numbers(after['Y_h']), 'Y_h');
      });
    }
  }

  it('LSTM: h of the same step follows c', async () => {
    const rows = 4 * hidden;
    const weights = [drawn([1, rows, input]), drawn([1, rows, hidden]), drawn([1, 2 * rows])];
    const bytes = operatorModel('LSTM', 'forward', weights, true);
    const feeds = await fed({
      X: drawn([steps, batch, input]),
      h0: drawn([1, batch, hidden]),
      c0: drawn([1, batch, hidden]),
      lengths: int32s([batch], [steps, 4]),
    });
    const editable = await openEditable(bytes, feeds, 1);
    const edited = await editable.trace([{ layer: 0, state: 'c', unit: 2, from: 1, to: 2, value: -1.5 }]);
    await editable.release();
    const signal = (trace: Omit<Trace, 'inputs'>, name: string, step: number) =>
      trace.layers[0]?.signals.find((each) => each.name === name)?.values[step * hidden + 2] ?? Number.NaN;
    assert.equal(signal(edited, 'c', 1), -1.5);
    assertNear([signal(edited, 'h', 1)], [signal(editable.original, 'o', 1) * Math.tanh(-1.5)], 'h');
    assert.notEqual(signal(edited, 'c', 2), signal(editable.original, 'c', 2));
    assert.equal(signal(edited, 'c', 0), signal(editable.original, 'c', 0));
    assert.deepEqual([signal(edited, 'c', 4), signal(edited, 'c', 5)], [0, 0]);
  });

  it('a layer above reads the changed state, and a layer of every second step counts in the steps of the trace', async () => {
    const spec = specOf({ steps: 6, layers: [layerOf('lstm', 3), layerOf('gru', 3, { every: 2 })] });
    const bytes = exportModel(spec, initialParameters(spec, 3), {});
    const editable = await openEditable(bytes, await fed({ window: drawn([1, 6, 2]), ...zeroStates(bytes, 1) }), 0);
    const zeroed = [0, 1, 2].map((unit): StateEdit => ({ layer: 0, state: 'h', unit, from: 0, to: 6, value: 0 }));
    const without = await editable.trace(zeroed);
    // The layer above reads nothing then: its steps follow from its biases alone, so its first state is that of a run on zeros.
    const h = (trace: Omit<Trace, 'inputs'>, layer: number) =>
      Array.from(trace.layers[layer]?.signals.find(({ name }) => name === 'h')?.values ?? []);
    assert.ok(h(without, 0).every((value) => value === 0));
    assert.notDeepEqual(h(without, 1), h(editable.original, 1));
    const late = await editable.trace([{ layer: 1, state: 'h', unit: 0, from: 3, to: 4, value: 0.5 }], 6);
    assertNear(h(late, 1).slice(0, 3), h(editable.original, 1).slice(0, 3), 'the first step');
    assert.equal(h(late, 1)[3], 0.5);
    // Step 2 is none at whose end the layer reads.
    const between = await editable.trace([{ layer: 1, state: 'h', unit: 0, from: 2, to: 3, value: 0.5 }], 6);
    assertNear(h(between, 1), h(editable.original, 1), 'h');
    await editable.release();
  });

  it('refuses what is not there', async () => {
    const spec = specOf();
    const bytes = exportModel(spec, initialParameters(spec, 3), {});
    const editable = await openEditable(bytes, await fed({ window: drawn([1, 3, 2]), ...zeroStates(bytes, 1) }), 0);
    const edit: StateEdit = { layer: 0, state: 'h', unit: 0, from: 0, to: 3, value: 0 };
    const refused = (change: Partial<StateEdit>, why: RegExp) =>
      assert.rejects(async () => editable.trace([{ ...edit, ...change }]), why);
    await refused({ layer: 1 }, /no recurrent layer 1: there are 1/);
    await refused({ state: 'z' }, /no state "z", only h, c|no state "z", only c, h/);
    await refused({ state: '__proto__' }, /no state "__proto__"/);
    await refused({ unit: 4 }, /no unit 4 of h: the layer 0 has 4/);
    await refused({ unit: 0.5 }, /no unit 0.5/);
    await refused({ from: 2, to: 4 }, /no steps 2 to 3: there are 3/);
    await refused({ from: 2, to: 2 }, /no steps/);
    await refused({ value: Number.NaN }, /cannot be set to NaN/);
    await editable.release();
  });
});
