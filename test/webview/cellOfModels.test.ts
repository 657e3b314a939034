import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { parseEquations } from '../../extension/protocol/cellLanguage';
import type { Handlers } from '../../extension/protocol/channel';
import type { SignalRef } from '../../extension/protocol/inspection';
import type { InputWish } from '../../extension/protocol/model';
import type { InspectorContract } from '../../extension/runtime/inspect/process/contract';
import { Inspector } from '../../extension/runtime/inspect/process/inspector';
import { cellGraph } from '../../webview/trace/cellGraph';
import { layOut } from '../../webview/trace/cellLayout';
import { fillEquation, knownAt } from '../../webview/trace/cellValues';
import { effectOf } from '../../webview/trace/editEffect';
import { type TraceHost, TraceSource } from '../../webview/trace/source';

const folder = path.resolve('test/fixtures/onnx');
const files = readdirSync(folder).filter((name) => name.endsWith('.onnx'));
const wish: InputWish = { kind: 'noise', seed: 3, steps: 12, batch: 1, row: 0, standardised: false, text: '' };
const { signal } = new AbortController();

/** Asks the process that keeps traces, without the process. */
function asking() {
  const handlers: Handlers<InspectorContract> = new Inspector().handlers;
  return async <K extends keyof InspectorContract['requests']>(
    name: K,
    params: InspectorContract['requests'][K]['params'],
  ) => (await handlers[name](params as never, signal)) as InspectorContract['requests'][K]['result'];
}

describe('the cells of model files, with what goes through them', () => {
  let compared = 0;
  for (const file of files) {
    it(`of ${file} come to what onnxruntime computes`, async function () {
      const ask = asking();
      const made = await ask('traceModel', { model: path.join(folder, file), wish, file: null, as: 'a' }).catch(
        () => null,
      );
      // What cannot be run is the business of other tests.
      if (made === null) return this.skip();
      const { outline } = made;
      const block = await ask('steps', { trace: 'a', version: 'edited', from: 0, to: outline.steps });
      for (const [index, layer] of outline.layers.entries()) {
        const { equations, direction, hidden } = layer;
        let read: ReturnType<typeof parseEquations>;
        try {
          read = parseEquations(equations.join('\n'));
        } catch {
          continue;
        }
        assert.equal(layOut(cellGraph(read)).lost, 0);
        const values = (step: number) => ({
          of: (ref: SignalRef) => {
            const all = ref.of === 'layer' ? block.layers[ref.layer]?.[ref.signal] : undefined;
            return all?.subarray(step * hidden, (step + 1) * hidden) ?? new Float32Array(0);
          },
        });
        for (let step = 0; step < outline.steps; step++) {
          const earlier = direction === 'reverse' ? step + 1 : step - 1;
          const past = earlier < 0 || earlier >= outline.steps ? null : values(earlier);
          for (let unit = 0; unit < Math.min(hidden, 8); unit++) {
            const known = knownAt(layer, index, unit, values(step), past);
            for (const equation of read) {
              const { departs, result } = fillEquation(equation, known, String);
              assert.equal(departs, null, `layer ${index}, step ${step}, unit ${unit}: ${equation.text} is ${result}`);
              compared += 1;
            }
          }
        }
      }
    });
  }

  after(() => assert.ok(compared > 1000, `${compared} equations were compared`));

  it('change what the model gives where and by as much as is said', async () => {
    const ask = asking();
    const { outline } = await ask('traceModel', {
      model: path.join(folder, 'ts_lstm.onnx'),
      wish,
      file: null,
      as: 'a',
    });
    const state = outline.layers[0]?.states[0] ?? '';
    const edits = [{ layer: 0, state, unit: 0, from: 3, to: 4, value: 2 }];
    const edited = await ask('edit', { trace: 'a', edits, as: 'b' });
    const host: TraceHost = { request: (name, params) => ask(name, params) as never };
    const [said = ''] = await effectOf(new TraceSource(edited, host), outline, signal);
    const blocks = await Promise.all(
      (['original', 'edited'] as const).map((version) =>
        ask('steps', { trace: 'b', version, from: 0, to: outline.steps }),
      ),
    );
    const changes = outline.outputs.flatMap(({ name, units, min, max }, index) => {
      const [before, after] = blocks.map((block) => block.outputs[index] ?? new Float32Array(0));
      return Array.from(after ?? [], (value, i) => ({
        name: units === 1 ? name : `${name} of unit ${(i % units) + 1}`,
        step: Math.floor(i / units) + 1,
        size: Math.abs(value - (before?.[i] ?? 0)) / (max - min || 1),
      }));
    });
    const [most] = changes.sort((a, b) => b.size - a.size);
    if (most === undefined || most.size === 0) assert.match(said, / goes from |stays the same/);
    else
      assert.ok(
        said.includes(most.name) && said.includes(`step ${most.step}:`),
        `${said}, but ${JSON.stringify(most)}`,
      );
  });
});
