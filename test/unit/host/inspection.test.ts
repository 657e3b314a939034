import assert from 'node:assert/strict';
import { Inspection } from '../../../extension/host/inspection';
import type { TracedFile, TracedRun, TraceOutline } from '../../../extension/protocol/inspection';
import type { Cursor } from '../../../extension/protocol/panels';
import type { WindowRef } from '../../../extension/protocol/trace';
import { engineOf } from './runs';

const outlineOf = (steps: number): TraceOutline => ({
  id: '1-1',
  steps,
  columns: [],
  layers: [],
  outputs: [],
  results: [],
  time: null,
  characters: null,
  target: 'y',
  forecast: [1],
  truth: [2],
  choices: null,
  edits: [],
});
const traceOf = (window: WindowRef, steps: number): TracedRun => ({ outline: outlineOf(steps), window, windows: 9 });
const at = (index: number): WindowRef => ({ part: 'test', index });

describe('the inspection', () => {
  it('starts at the last step, moves within the window, and tells only of moves', async () => {
    const inspection = new Inspection(engineOf({ trace: ({ window }: { window: WindowRef }) => traceOf(window, 5) }));
    await inspection.inspect('r', at(0));
    const heard: Cursor[] = [];
    inspection.onDidMoveCursor((cursor) => heard.push(cursor));
    inspection.moveTo(99);
    inspection.moveTo(2);
    inspection.moveTo(-1);
    assert.deepEqual(
      heard.map(({ step }) => step),
      [2, 0],
    );
  });

  it('keeps the step from window to window as far as there is one', async () => {
    const inspection = new Inspection(
      engineOf({ trace: ({ window }: { window: WindowRef }) => traceOf(window, window.index === 0 ? 5 : 3) }),
    );
    await inspection.inspect('r', at(0));
    inspection.moveTo(1);
    await inspection.inspect('r', at(1));
    assert.equal(inspection.current?.cursor.step, 1);
    inspection.moveTo(2);
    await inspection.inspect('r', at(0));
    assert.equal(inspection.current?.cursor.step, 2);
  });

  it('shows the later of two requests, whichever is answered first', async () => {
    const answers: (() => void)[] = [];
    const inspection = new Inspection(
      engineOf({
        trace: ({ window }: { window: WindowRef }) =>
          new Promise((resolve) => answers.push(() => resolve(traceOf(window, 5)))),
      }),
    );
    const both = [inspection.inspect('r', at(0)), inspection.inspect('r', at(1))];
    answers[1]?.();
    answers[0]?.();
    await Promise.all(both);
    assert.equal(inspection.current?.kind === 'run' ? inspection.current.cursor.window.index : null, 1);
  });

  it('shows an edited trace in place of the one that it was made of, and no other', async () => {
    const inspection = new Inspection(engineOf({ trace: ({ window }: { window: WindowRef }) => traceOf(window, 5) }));
    await inspection.inspect('r', at(0));
    inspection.moveTo(2);
    const edit = { layer: 0, state: 'h', unit: 0, from: 0, to: 5, value: 0 };
    const edited = { ...outlineOf(5), id: '1-2', edits: [edit] };
    inspection.replace('another', edited);
    assert.deepEqual(inspection.current?.trace.outline.edits, []);
    inspection.replace('1-1', edited);
    assert.deepEqual(inspection.current?.trace.outline.edits, [edit]);
    assert.equal(inspection.current?.cursor.step, 2);
    assert.deepEqual(inspection.current?.kind === 'run' ? inspection.current.trace.window : null, at(0));
  });

  it('shows a model file beside runs, and lets go of it when it is closed', async () => {
    const trace: TracedFile = { outline: outlineOf(4), input: 'noise' };
    const inspection = new Inspection(
      engineOf({ trace: ({ window }: { window: WindowRef }) => traceOf(window, 5), traceModel: () => trace }),
    );
    await inspection.inspect('r', at(0));
    await inspection.inspectModel(
      'm.onnx',
      { kind: 'noise', seed: 1, steps: 4, batch: 1, row: 0, standardised: false, text: '' },
      null,
    );
    assert.deepEqual(inspection.current?.cursor, { kind: 'model', model: 'm.onnx', step: 3 });
    inspection.moveTo(1);
    assert.deepEqual([inspection.subject, inspection.current?.cursor.step], ['m.onnx', 1]);
    inspection.forget('r');
    assert.equal(inspection.subject, 'm.onnx');
    inspection.forget('m.onnx');
    assert.equal(inspection.current, null);
  });

  it('lets go of a run that is deleted', async () => {
    const inspection = new Inspection(engineOf({ trace: ({ window }: { window: WindowRef }) => traceOf(window, 5) }));
    await inspection.inspect('r', at(0));
    inspection.forget('other');
    assert.notEqual(inspection.current, null);
    inspection.forget('r');
    assert.equal(inspection.current, null);
  });
});
