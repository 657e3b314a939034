import { orderByIndex, orderByValue } from '../../../core/analysis/order';
import { type Series, seriesOf } from '../../../core/analysis/series';
import { orderBySimilarity } from '../../../core/analysis/similarity';
import { UnrollError } from '../../../protocol/errors';
import type {
  SignalRef,
  StateEdit,
  StepBlock,
  TraceId,
  TraceOutline,
  TraceVersion,
  UnitOrder,
} from '../../../protocol/inspection';
import type { TraceSignal } from '../../../protocol/trace';
import type { Source } from '../inspected';
import { outlineOf, placesOf, type Shown } from './outline';

/** No more numbers than this are given out at once. */
const mostAtOnce = 2 ** 24;

/** A whole trace, and what is asked of it. */
export class KeptTrace {
  readonly outline: TraceOutline;
  /** Of all its values. */
  readonly bytes: number;
  private readonly orders = new Map<string, Uint32Array>();

  constructor(
    id: TraceId,
    readonly shown: Shown,
    /** How the same can be run again. */
    readonly source: Source<Shown>,
    /** The trace that this one was made from by changing states, with the changes; null where nothing was changed. */
    readonly edited: { readonly original: KeptTrace; readonly edits: readonly StateEdit[] } | null,
  ) {
    this.outline = outlineOf(id, shown, edited?.edits ?? []);
    const { columns, trace, outputs = [], choices } = shown;
    const signals = [...columns, ...trace.inputs, ...trace.layers.flatMap((layer) => layer.signals), ...outputs];
    const lists = [...signals, ...trace.outputs].map(({ values }) => values);
    // Several signals may be parts of one buffer, which is there once.
    const buffers = new Set([...lists, choices?.probabilities ?? new Float32Array(0)].map(({ buffer }) => buffer));
    this.bytes = [...buffers].reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  /** The values of a signal, or what its changes came to. @throws UnrollError `usage` where there is no such signal. */
  series(ref: SignalRef, version: TraceVersion = 'edited'): Series {
    const { units, values } = this.signal(ref);
    if (version === 'edited') return seriesOf(units, values);
    const original = (this.edited?.original ?? this).signal(ref).values;
    if (version === 'original') return seriesOf(units, original);
    return seriesOf(units, values, original);
  }

  /** The unit at each rank, (units,). An edited trace keeps the original's order, so that the two can be compared. */
  order(ref: SignalRef, order: UnitOrder): Uint32Array {
    if (this.edited !== null) return this.edited.original.order(ref, order);
    const leading = this.leading(ref);
    const key = `${order} ${JSON.stringify(leading)}`;
    const known = this.orders.get(key);
    if (known !== undefined) return known;
    const series = this.series(leading);
    const made = { index: () => orderByIndex(series.units), value: orderByValue, similarity: orderBySimilarity }[order](
      series,
    );
    this.orders.set(key, made);
    return made;
  }

  /** All values of the steps `from` to `to`, exclusive, as far as there are so many. @throws UnrollError `usage` for too many. */
  block(version: TraceVersion, from: number, to: number): StepBlock {
    const { columns, layers, outputs, choices, steps } = this.outline;
    const end = Math.min(to, steps);
    const start = Math.min(from, end);
    const width = [...columns, ...layers.flatMap(({ signals }) => signals), ...outputs].reduce(
      (sum, { units }) => sum + units,
      0,
    );
    if (width * (end - start) > mostAtOnce) {
      throw new UnrollError('usage', 'The values of {0} steps are too many to be shown at once.', end - start);
    }
    const cut = (ref: SignalRef) => numbersOf(this.series(ref, version), start, end);
    return {
      from: start,
      to: end,
      columns: columns.map((_, index) => cut({ of: 'column', index })),
      layers: layers.map(({ signals }, layer) => signals.map((_, signal) => cut({ of: 'layer', layer, signal }))),
      outputs: outputs.map((_, index) => cut({ of: 'output', index })),
      choices:
        choices && (choices.everyStep ? cut({ of: 'choices' }) : numbersOf(this.series({ of: 'choices' }), 0, 1)),
    };
  }

  /** Which signal decides on the order of another: all those of a layer follow the state that it hands on. */
  private leading(ref: SignalRef): SignalRef {
    if (ref.of !== 'layer') return ref;
    const layer = this.shown.trace.layers[ref.layer];
    const state = layer?.signals.findIndex(({ name }) => name === layer.states.at(-1)) ?? -1;
    return state < 0 ? ref : { ...ref, signal: state };
  }

  private signal(ref: SignalRef): Pick<TraceSignal, 'units' | 'values'> {
    const found = signalIn(this.shown, ref);
    if (found !== null) return found;
    throw new UnrollError('usage', 'The trace has no such signal.');
  }
}

/** A signal of a trace; null where there is no such signal. */
export function signalIn(
  { columns, trace, outputs, choices }: Shown,
  ref: SignalRef,
): Pick<TraceSignal, 'units' | 'values'> | null {
  switch (ref.of) {
    case 'column':
      return columns[ref.index] ?? null;
    case 'output':
      return outputs?.[ref.index] ?? null;
    case 'layer':
      return trace.layers[ref.layer]?.signals[ref.signal] ?? null;
    case 'choices':
      return choices && { units: choices.names.length, values: placesOf(choices) === 0 ? none : choices.probabilities };
  }
}

const none = new Float32Array(0);

/** The numbers of the steps `from` to `to` in a list of their own: what is sent must not drag the whole signal along. */
function numbersOf({ units, values, minus }: Series, from: number, to: number): Float32Array {
  const cut = values.slice(from * units, to * units);
  if (minus !== null) for (let i = 0; i < cut.length; i++) cut[i] = (cut[i] ?? 0) - (minus[from * units + i] ?? 0);
  return cut;
}
