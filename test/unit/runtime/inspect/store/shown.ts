import type { TraceLayer, TraceSignal } from '../../../../../extension/protocol/trace';
import type { Source } from '../../../../../extension/runtime/inspect/inspected';
import type { Shown } from '../../../../../extension/runtime/inspect/store/outline';

export const signalOf = (name: string, units: number, ...values: readonly number[]): TraceSignal => ({
  name,
  range: 'signed',
  units,
  values: Float32Array.from(values),
});

const layerOf = (signals: readonly TraceSignal[]): TraceLayer => ({
  node: 'layer',
  op: 'LSTM',
  direction: 'forward',
  hidden: signals[0]?.units ?? 0,
  signals,
  states: ['c', 'h'],
  equations: [],
  difference: 0,
});

/** What is shown of three steps of two units: a gate and a state, a column, and what else is given. */
export function shownOf(h: readonly number[], change: Partial<Shown> = {}): Shown {
  return {
    trace: {
      steps: 3,
      inputs: [],
      layers: [layerOf([signalOf('i', 2, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6), signalOf('h', 2, ...h)])],
      outputs: [],
    },
    columns: [signalOf('x', 1, 5, Number.NaN, 7)],
    time: null,
    characters: null,
    target: '',
    forecast: [],
    truth: [],
    choices: null,
    ...change,
  };
}

/** Of a trace that nobody runs again. */
export const nowhere: Source<Shown> = {
  model: () => new Uint8Array(0),
  feeds: {},
  item: 0,
  fed: { steps: 3, batch: 1 },
  others: null,
  shown: () => shownOf([]),
};
