import assert from 'node:assert/strict';
import { Inspection } from '../../../extension/host/inspection';
import type { Cursor } from '../../../extension/protocol/panels';
import type { RunTrace, WindowRef } from '../../../extension/protocol/trace';
import { engineOf } from './runs';

const traceOf = (window: WindowRef, steps: number): RunTrace => ({
  window,
  windows: 9,
  trace: { steps, inputs: [], layers: [], outputs: [] },
  time: null,
  columns: [],
  characters: null,
  target: 'y',
  forecast: [1],
  truth: [2],
  choices: null,
});
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
    assert.equal(inspection.current?.cursor.window.index, 1);
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
