import assert from 'node:assert/strict';
import type { InspectionRequests, SignalOutline, TraceOutline } from '../../extension/protocol/inspection';
import type { TraceSignal } from '../../extension/protocol/trace';
import { effectOf } from '../../webview/trace/editEffect';
import { editSentence, setTheSame } from '../../webview/trace/editWords';
import { type TraceHost, TraceSource } from '../../webview/trace/source';
import { simulate } from './fixtures/simulated';
import { wholeTrace } from './fixtures/wholeTrace';

/** Values of a signal without edits and with them, row-major [steps][units]. */
interface Two {
  readonly original: readonly number[];
  readonly edited: readonly number[];
}

const { trace } = simulate([]).trace;
const base = simulate([]).trace;
const signal = (name: string, units: number): SignalOutline => ({ name, range: 'value', units, min: -1, max: 1 });

const outline = (more: Partial<TraceOutline> = {}): TraceOutline => ({
  id: 'edited',
  steps: 24,
  columns: [],
  layers: trace.layers.map((layer) => ({
    ...layer,
    signals: layer.signals.map(({ name, units }) => signal(name, units)),
  })),
  outputs: [],
  results: [],
  time: null,
  characters: null,
  target: 'sales',
  forecast: [],
  truth: [],
  choices: null,
  edits: [{ layer: 0, state: 'h', unit: 0, from: 0, to: 1, value: 1 }],
  ...more,
});

/** Answers for outputs, and for choices where there are no outputs. */
function host(steps: number, units: number, two: Two): TraceHost & { readonly asked: number[] } {
  const asked: number[] = [];
  const values = {
    original: Float32Array.from(two.original),
    edited: Float32Array.from(two.edited),
    difference: Float32Array.from(two.edited, (value, i) => value - (two.original[i] ?? 0)),
  };
  return {
    asked,
    request: (name, params) => {
      const wish = params as InspectionRequests['lines']['params'];
      asked.push(wish.units.length * wish.columns);
      const shown: TraceSignal = { name: '', range: 'value', units, values: values[wish.version] };
      const whole = { ...base, trace: { ...trace, steps } };
      return wholeTrace({ ...whole, outputs: [shown] }).host.request(name, {
        ...params,
        signal: { of: 'output', index: 0 },
      } as never);
    },
  };
}

const never = new AbortController().signal;

describe('what edits do to what a model gives', () => {
  it('finds the unit and the step of the largest change in a long output without asking for all of it', async () => {
    const [steps, units] = [20_000, 3];
    const original = Array.from({ length: steps * units }, (_, i) => Math.sin(i / 50));
    const edited = original.map((value, i) => (i % 7 === 0 ? value + 0.01 : value));
    const at = 13_377 * units + 1;
    edited[at] = (original[at] ?? 0) - 0.75;
    const answers = host(steps, units, { original, edited });
    const source = new TraceSource(outline({ steps, outputs: [signal('y', units)] }), answers);
    const [first = ''] = await effectOf(source, null, never);
    const [, step, from, to] = /^y of unit 2 changes most at step (\S+): from (\S+) to (\S+)\.$/.exec(first) ?? [];
    assert.equal(step, '13,378');
    const number = (text = '') => Number(text.replace('−', '-'));
    assert.ok(Math.abs(number(from) - (original[at] ?? 0)) < 1e-3 && Math.abs(number(to) - (edited[at] ?? 0)) < 1e-3);
    assert.ok(answers.asked.reduce((sum, count) => sum + count, 0) < 2200, 'little is asked for');
  });

  it('says which answers change, and names the first ones', async () => {
    const names = ['a', 'b', ' '];
    const likeliest = Array.from({ length: 24 }, () => 0);
    const choices = { names, truth: [], everyStep: true, likeliest };
    const changed = { ...choices, likeliest: likeliest.map((_, step) => (step >= 3 && step < 9 ? 2 : 0)) };
    const source = new TraceSource(outline({ choices: changed }), host(24, 3, { original: [], edited: [] }));
    assert.deepEqual(await effectOf(source, outline({ choices }), never), [
      'The likeliest answer changes at 6 of 24 steps: step 4 from a to ␣, step 5 from a to ␣, step 6 from a to ␣, step 7 from a to ␣, and 2 more.',
    ]);
  });

  it('says by how much the surest answer changes where no answer does', async () => {
    const choices = { names: ['yes', 'no'], truth: ['yes'], everyStep: false, likeliest: [0] };
    const two = { original: [0.9, 0.1], edited: [0.625, 0.375] };
    const source = new TraceSource(outline({ choices }), host(1, 2, two));
    assert.deepEqual(await effectOf(source, outline({ choices }), never), [
      'The answer stays; yes goes from 90 % to 62.5 %.',
    ]);
    const turned = new TraceSource(outline({ choices: { ...choices, likeliest: [1] } }), host(1, 2, two));
    assert.deepEqual(await effectOf(turned, outline({ choices }), never), ['The answer changes from yes to no.']);
  });

  it('compares forecasts and outputs without steps with what they were', async () => {
    const before = outline({ forecast: [10, 20, 30], results: [{ name: 'logits', values: [1, 2] }] });
    const after = outline({ forecast: [10, 25, 30.5], results: [{ name: 'logits', values: [1, -2] }] });
    const source = new TraceSource(after, host(1, 1, { original: [], edited: [] }));
    assert.deepEqual(await effectOf(source, before, never), [
      'Number 2 of logits goes from 2 to −2.',
      'The forecast of sales changes most 2 steps ahead: from 20 to 25.',
    ]);
    const same = new TraceSource(before, host(1, 1, { original: [], edited: [] }));
    assert.deepEqual(await effectOf(same, before, never), ['What the model gives stays the same.']);
  });

  it('puts every kind of edit into words, and knows when two set the same', () => {
    const edit = { layer: 0, state: 'c', unit: 2, from: 4, to: 5, value: 0.5 };
    const said = (more: Partial<typeof edit>) => editSentence(outline(), { ...edit, ...more });
    assert.equal(said({}), 'Layer 1: LSTM, c of unit 3 is set to 0.5 after step 5.');
    assert.equal(said({ to: 9 }), 'Layer 1: LSTM, c of unit 3 is set to 0.5 after steps 5 to 9.');
    assert.equal(said({ from: 0, to: 24 }), 'Layer 1: LSTM, c of unit 3 is held at 0.5 after every step.');
    assert.equal(said({ from: 0, to: 24, value: 0 }), 'Layer 1: LSTM, c of unit 3 is ablated: 0 after every step.');
    assert.ok(said({ state: '__proto__'.repeat(20_000) }).length < 120, 'whatever a file calls its states');
    assert.ok(setTheSame(edit, { ...edit, value: 1 }));
    assert.ok(!setTheSame(edit, { ...edit, to: 6 }));
  });
});
