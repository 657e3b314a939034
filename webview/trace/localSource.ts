import { UnrollError } from '../../extension/protocol/errors';
import type {
  InspectionRequests,
  SignalOutline,
  SignalRef,
  Tile,
  TraceOutline,
  UnitLines,
  UnitOrder,
} from '../../extension/protocol/inspection';
import type { StepTrace, TracedChoices, TraceSignal } from '../../extension/protocol/trace';
import { largest } from './choices';
import { extent, mean } from './signals';
import { type TraceHost, TraceSource } from './source';

/** A trace that is at hand as a whole, in the same shape as one that the host keeps. `outputs` have a value at each step. */
export function localSource(trace: StepTrace, outputs: readonly TraceSignal[] = []): TraceSource {
  return new TraceSource(outlineOf(trace, outputs), localHost(trace, outputs));
}

const mostResults = 8;

/** What is known of a whole trace without its values. */
export function outlineOf(whole: StepTrace, outputs: readonly TraceSignal[]): TraceOutline {
  const { trace, choices } = whole;
  const stepped = new Set(outputs.map(({ name }) => name));
  return {
    id: 'local',
    steps: trace.steps,
    columns: whole.columns.map(outlineOfSignal),
    layers: trace.layers.map(({ signals, ...layer }) => ({
      ...layer,
      signals: signals.map(outlineOfSignal),
    })),
    outputs: outputs.map(outlineOfSignal),
    results: trace.outputs
      .filter(({ name, values }) => !stepped.has(name) && values.length > 0 && values.length <= mostResults)
      .map(({ name, values }) => ({ name, values: [...values] })),
    time: whole.time,
    characters: whole.characters,
    target: whole.target,
    forecast: whole.forecast,
    truth: whole.truth,
    choices:
      choices === null
        ? null
        : {
            names: choices.names,
            truth: choices.truth,
            everyStep: answersEveryStep(choices),
            likeliest: placesOf(choices).map((place) => largest(place, 1)[0] ?? 0),
          },
    edits: [],
  };
}

/** The probabilities of each place: one for a whole sequence, else one for each step. */
function placesOf({ names, probabilities }: TracedChoices): readonly Float32Array[] {
  const count = names.length === 0 ? 0 : probabilities.length / names.length;
  return Array.from({ length: count }, (_, place) =>
    probabilities.subarray(place * names.length, (place + 1) * names.length),
  );
}

const answersEveryStep = (choices: TracedChoices): boolean => placesOf(choices).length > 1;

function outlineOfSignal({ name, range, units, values }: TraceSignal): SignalOutline {
  return { name, range, units, ...extent(values) };
}

/** Answers for a whole trace what the pictures of a page ask. */
export function localHost(whole: StepTrace, outputs: readonly TraceSignal[]): TraceHost {
  const { trace, choices } = whole;
  const { steps } = trace;
  const empty: TraceSignal = { name: '', range: 'value', units: 0, values: new Float32Array(0) };
  const signalOf = (ref: SignalRef): TraceSignal => {
    switch (ref.of) {
      case 'column':
        return whole.columns[ref.index] ?? empty;
      case 'layer':
        return trace.layers[ref.layer]?.signals[ref.signal] ?? empty;
      case 'output':
        return outputs[ref.index] ?? empty;
      case 'choices':
        return choices === null
          ? empty
          : { name: '', range: 'gate', units: choices.names.length, values: choices.probabilities };
    }
  };
  /** The signals of a layer are ordered together, as its first. */
  const ordered = (ref: SignalRef, order: UnitOrder): Uint32Array => {
    const signal = signalOf(ref.of === 'layer' ? { ...ref, signal: 0 } : ref);
    return orderOf(signal, steps, order);
  };
  const cut = (signal: TraceSignal, from: number, to: number) =>
    signal.values.slice(from * signal.units, to * signal.units);
  const answers: { readonly [K in keyof InspectionRequests]?: (params: never) => InspectionRequests[K]['result'] } = {
    tile: ({ wish }: InspectionRequests['tile']['params']) =>
      tileOf(signalOf(wish.signal), ordered(wish.signal, wish.order), wish),
    lines: ({ signal, units, from, to, columns }: InspectionRequests['lines']['params']) =>
      linesOf(signalOf(signal), units, from, to, columns),
    steps: ({ from, to }: InspectionRequests['steps']['params']) => ({
      from,
      to,
      columns: whole.columns.map((signal) => cut(signal, from, to)),
      layers: trace.layers.map(({ signals }) => signals.map((signal) => cut(signal, from, to))),
      outputs: outputs.map((signal) => cut(signal, from, to)),
      choices:
        choices === null
          ? null
          : answersEveryStep(choices)
            ? cut(signalOf({ of: 'choices' }), from, to)
            : choices.probabilities.slice(),
    }),
    order: ({ signal, order }: InspectionRequests['order']['params']) => ordered(signal, order),
  };
  return {
    request: async (name, params) => {
      const answer = answers[name];
      if (answer === undefined) throw new UnrollError('internal', 'Nobody answers the request "{0}".', name);
      return answer(params as never);
    },
  };
}

type Blocks = { readonly from: number; readonly to: number; readonly columns: number };

/** Where block `at` of `blocks` begins between `from` and `to`. */
const border = (from: number, to: number, blocks: number, at: number): number =>
  from + Math.floor((at * (to - from)) / blocks);

function tileOf(
  signal: TraceSignal,
  order: Uint32Array,
  wish: Blocks & { readonly firstRank: number; readonly endRank: number; readonly rows: number },
): Tile {
  const columns = Math.min(wish.columns, wish.to - wish.from);
  const rows = Math.min(wish.rows, wish.endRank - wish.firstRank);
  const values = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const first = border(wish.firstRank, wish.endRank, rows, row);
    const end = border(wish.firstRank, wish.endRank, rows, row + 1);
    for (let column = 0; column < columns; column++) {
      const from = border(wish.from, wish.to, columns, column);
      const to = border(wish.from, wish.to, columns, column + 1);
      let [sum, count] = [0, 0];
      for (let step = from; step < to; step++) {
        for (let rank = first; rank < end; rank++) {
          const value = signal.values[step * signal.units + (order[rank] ?? 0)] ?? Number.NaN;
          if (!Number.isFinite(value)) continue;
          sum += value;
          count += 1;
        }
      }
      values[row * columns + column] = count === 0 ? Number.NaN : sum / count;
    }
  }
  return { rows, columns, values };
}

function linesOf(signal: TraceSignal, units: readonly number[], from: number, to: number, wanted: number): UnitLines {
  const columns = Math.min(wanted, to - from);
  const low = new Float32Array(units.length * columns).fill(Number.NaN);
  const high = low.slice();
  for (const [line, unit] of units.entries()) {
    for (let column = 0; column < columns; column++) {
      const end = border(from, to, columns, column + 1);
      const at = line * columns + column;
      for (let step = border(from, to, columns, column); step < end; step++) {
        const value = signal.values[step * signal.units + unit] ?? Number.NaN;
        if (!Number.isFinite(value)) continue;
        if (!((low[at] ?? Number.NaN) <= value)) low[at] = value;
        if (!((high[at] ?? Number.NaN) >= value)) high[at] = value;
      }
    }
  }
  return { columns, low, high };
}

const sketchPoints = 64;

/** By value: the largest mean first. By similarity: each unit beside the one that is nearest to it of those that are left. */
function orderOf(signal: TraceSignal, steps: number, order: UnitOrder): Uint32Array {
  const { units, values } = signal;
  const plain = Uint32Array.from({ length: units }, (_, unit) => unit);
  if (order === 'index' || steps === 0) return plain;
  const points = Math.min(sketchPoints, steps);
  const sketch = Array.from(plain, (unit) =>
    Float32Array.from(
      { length: points },
      (_, point) => values[Math.floor((point * steps) / points) * units + unit] || 0,
    ),
  );
  const means = sketch.map((line) => mean(line));
  const byValue = plain.toSorted((a, b) => (means[b] ?? 0) - (means[a] ?? 0));
  if (order === 'value') return byValue;
  const left = [...byValue];
  const found = left.splice(0, 1);
  while (left.length > 0) {
    const last = sketch[found.at(-1) ?? 0] ?? new Float32Array(points);
    const distances = left.map((unit) =>
      last.reduce((sum, value, point) => sum + (value - (sketch[unit]?.[point] ?? 0)) ** 2, 0),
    );
    found.push(...left.splice(distances.indexOf(Math.min(...distances)), 1));
  }
  return Uint32Array.from(found);
}
