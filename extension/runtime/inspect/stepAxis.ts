import { isForNext } from '../../core/graph/carried';
import type { RunTrace, Trace, TraceSignal } from '../../protocol/trace';

type Traced = Pick<RunTrace, 'time' | 'columns' | 'characters' | 'choices'> & { readonly trace: Trace };

/**
 * A trace with all its signals on one axis of `real` steps: what only pads the sequence to `steps` is cut off, and a layer that reads
 * every k-th step shows its state from that step until its next one; before its first there is none.
 */
export function onOneAxis<T extends Traced>(traced: T, steps: number, real: number): T {
  const cut = (signal: TraceSignal): TraceSignal => ({
    ...signal,
    values: signal.values.subarray(0, real * signal.units),
  });
  const { trace, choices } = traced;
  const everyStep = choices !== null && choices.probabilities.length === steps * choices.names.length && steps > 1;
  const isPlaced = choices !== null && choices.truth.length === steps;
  return {
    ...traced,
    time: traced.time?.slice(0, real) ?? null,
    columns: traced.columns.map(cut),
    characters: traced.characters?.slice(0, real) ?? null,
    choices: everyStep
      ? {
          ...choices,
          probabilities: choices.probabilities.subarray(0, real * choices.names.length),
          truth: isPlaced ? choices.truth.slice(0, real) : choices.truth,
        }
      : choices,
    trace: {
      ...trace,
      steps: real,
      inputs: trace.inputs.map(cut),
      layers: trace.layers.map((layer) => ({
        ...layer,
        signals: layer.signals.map((signal) => cut(spread(signal, steps))),
      })),
    },
  };
}

/** A trace with those of its outputs that answer; what a model of ours only carries on to the next call is no answer. */
export const answering = <T extends Pick<Trace, 'outputs'>>(trace: T): T => ({
  ...trace,
  outputs: trace.outputs.filter(({ name }) => !isForNext(name)),
});

/** A signal of every k-th step as one of all `steps`. */
export function spread(signal: TraceSignal, steps: number): TraceSignal {
  const { units, values } = signal;
  const known = values.length / units;
  if (known >= steps || known === 0) return signal;
  const k = Math.floor(steps / known);
  const all = new Float32Array(steps * units).fill(Number.NaN);
  for (let step = k - 1; step < steps; step++) {
    const at = Math.min(known, Math.floor((step + 1) / k)) - 1;
    all.set(values.subarray(at * units, (at + 1) * units), step * units);
  }
  return { ...signal, values: all };
}
