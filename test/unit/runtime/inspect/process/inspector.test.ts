import assert from 'node:assert/strict';
import path from 'node:path';
import type { Handlers } from '../../../../../extension/protocol/channel';
import type { StateEdit } from '../../../../../extension/protocol/inspection';
import type { InputWish } from '../../../../../extension/protocol/model';
import type { InspectorContract } from '../../../../../extension/runtime/inspect/process/contract';
import { Inspector } from '../../../../../extension/runtime/inspect/process/inspector';

const wish: InputWish = { kind: 'noise', seed: 3, steps: 30, batch: 1, row: 0, standardised: false, text: '' };
const model = path.resolve('test/fixtures/onnx/ts_lstm.onnx');
const { signal } = new AbortController();

type Requests = InspectorContract['requests'];

/** Asks a new process's worth of inspection, without a process. */
function asking(inspector = new Inspector()) {
  const handlers: Handlers<InspectorContract> = inspector.handlers;
  return async <K extends keyof Requests>(name: K, params: Requests[K]['params']): Promise<Requests[K]['result']> =>
    (await handlers[name](params as never, signal)) as Requests[K]['result'];
}

describe('what is asked of a kept trace', () => {
  const ask = asking();
  const h = { of: 'layer', layer: 0, signal: 0 } as const;

  it('is answered from it: lines, orders, peaks, components and matches', async () => {
    const { outline } = await ask('traceModel', { model, wish, file: null, as: 'a' });
    const [layer] = outline.layers;
    assert.ok(layer);
    const at = layer.signals.findIndex(({ name }) => name === 'h');
    const signal = { ...h, signal: at };
    const { units, max } = layer.signals[at] ?? { units: 0, max: 0 };
    const all = Array.from({ length: units }, (_, unit) => unit);
    const window = { from: 0, to: outline.steps, columns: 1 };
    const { high } = await ask('lines', { trace: 'a', signal, version: 'edited', units: all, ...window });
    assert.equal(Math.max(...high), max);
    const order = await ask('order', { trace: 'a', signal, order: 'similarity' });
    assert.deepEqual(order.toSorted(), Uint32Array.from(all));
    const peak = await ask('seek', { trace: 'a', signal, unit: 0, what: 'peak', from: -1, towards: 1 });
    assert.ok(peak !== null && peak.step >= 0 && peak.step < outline.steps);
    const { points, explained } = await ask('project', { trace: 'a', signal, components: 2 });
    assert.equal(points.length, 2 * outline.steps);
    assert.ok((explained[0] ?? 0) >= (explained[1] ?? 1));
    const { places } = await ask('match', { trace: 'a', signal, span: { from: 2, to: 4 }, threshold: null });
    assert.ok(places.every(({ window: of }) => of === 0));
    await assert.rejects(ask('match', { trace: 'a', signal, span: { from: 4, to: 99 }, threshold: null }), {
      code: 'usage',
    });
  });

  it('may be what becomes of a change, beside what was', async () => {
    const { outline } = await ask('traceModel', { model, wish, file: null, as: 'b' });
    const state = outline.layers[0]?.states.at(-1) ?? '';
    const at = outline.layers[0]?.signals.findIndex(({ name }) => name === state) ?? -1;
    const edits: StateEdit[] = [{ layer: 0, state, unit: 1, from: 2, to: 4, value: 0.75 }];
    const edited = await ask('edit', { trace: 'b', edits, as: 'c' });
    assert.deepEqual(edited.edits, edits);
    const of = async (version: 'edited' | 'original' | 'difference', trace = 'c') =>
      (await ask('steps', { trace, version, from: 0, to: outline.steps })).layers[0]?.[at] ?? new Float32Array(0);
    const units = outline.layers[0]?.hidden ?? 0;
    const [now, before, difference] = [await of('edited'), await of('original'), await of('difference')];
    assert.deepEqual([now[2 * units + 1], now[3 * units + 1]], [0.75, 0.75]);
    assert.deepEqual(before, await of('edited', 'b'));
    assert.deepEqual(
      difference,
      now.map((value, i) => value - (before[i] ?? 0)),
    );
    assert.ok(difference.subarray(0, 2 * units).every((value) => value === 0));
    assert.ok(difference.subarray(4 * units).some((value) => value !== 0));
    // The model stays ready for the next change, which knows nothing of the one before.
    const other = [{ layer: 0, state, unit: 0, from: 0, to: 1, value: -0.5 }];
    const alone = asking();
    await alone('traceModel', { model, wish, file: null, as: 'b' });
    await alone('edit', { trace: 'b', edits: other, as: 'o' });
    await ask('edit', { trace: 'c', edits: other, as: 'o' });
    const all = { trace: 'o', version: 'edited', from: 0, to: outline.steps } as const;
    assert.deepEqual((await ask('steps', all)).layers, (await alone('steps', all)).layers);
    // A change of a change begins from the original, and none takes all back.
    const again = await ask('edit', { trace: 'c', edits: [], as: 'd' });
    assert.deepEqual(again.edits, []);
    assert.deepEqual(await of('edited', 'd'), before);
  });

  it('may be how its outputs hang on what came before', async () => {
    const { outline } = await ask('traceModel', { model, wish, file: null, as: 'e' });
    const [choice] = await ask('gradientChoices', { trace: 'e' });
    assert.ok(choice);
    const step = choice.everyStep ? 4 : null;
    const { layers, inputs } = await ask('gradients', {
      trace: 'e',
      of: { output: choice.output, step, unit: 0 },
      integrated: null,
    });
    assert.equal(layers[0]?.[0]?.norms.length, outline.steps);
    assert.equal(inputs[0]?.values.length, outline.steps * (inputs[0]?.units ?? 0));
    if (step !== null) assert.ok(layers[0]?.[0]?.norms.subarray(step + 1).every((norm) => norm === 0));
    assert.ok(layers[0]?.[0]?.norms.some((norm) => norm > 0));
  });

  it('is not answered for somebody who waits no more', async () => {
    const { traceModel } = new Inspector().handlers;
    await assert.rejects(async () => traceModel({ model, wish, file: null, as: 'f' }, AbortSignal.abort()), {
      code: 'cancelled',
    });
  });
});
