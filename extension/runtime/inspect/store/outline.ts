import { extremesOf, seriesOf } from '../../../core/analysis/series';
import type { SignalOutline, StateEdit, TraceId, TraceOutline } from '../../../protocol/inspection';
import type { StepTrace, TracedChoices, TraceSignal } from '../../../protocol/trace';

/** A trace as pages may ask for it. `outputs` have a value at each step; runs have none beside their choices and forecasts. */
export type Shown = StepTrace & { readonly outputs?: readonly TraceSignal[] };

const mostResults = 8;

/** What is known of a trace without its values. */
export function outlineOf(id: TraceId, shown: Shown, edits: readonly StateEdit[]): TraceOutline {
  const { trace, choices, time, characters, target, forecast, truth, outputs = [] } = shown;
  const stepped = new Set(outputs.map(({ name }) => name));
  // The forecast of a run and its choices are shown as such.
  const results = shown.outputs === undefined ? [] : trace.outputs.filter(({ name }) => !stepped.has(name));
  return {
    id,
    steps: trace.steps,
    columns: shown.columns.map(signalOutline),
    layers: trace.layers.map(({ signals, ...layer }) => ({ ...layer, signals: signals.map(signalOutline) })),
    outputs: outputs.map(signalOutline),
    results: results
      .filter(({ values }) => values.length > 0 && values.length <= mostResults)
      .map(({ name, values }) => ({ name, values: [...values] })),
    time,
    characters,
    target,
    forecast,
    truth,
    ...(shown.targets && { targets: shown.targets }),
    choices: choices && {
      names: choices.names,
      truth: choices.truth,
      everyStep: placesOf(choices) > 1,
      likeliest: Array.from({ length: placesOf(choices) }, (_, place) => likeliestAt(choices, place)),
    },
    ...(shown.written && { written: shown.written }),
    edits,
  };
}

/** How many places there is an answer for: one, or one for each step. */
export const placesOf = ({ names, probabilities }: TracedChoices): number =>
  names.length === 0 ? 0 : Math.floor(probabilities.length / names.length);

function likeliestAt({ names, probabilities }: TracedChoices, place: number): number {
  let best = 0;
  const from = place * names.length;
  for (let name = 1; name < names.length; name++) {
    if ((probabilities[from + name] ?? 0) > (probabilities[from + best] ?? 0)) best = name;
  }
  return best;
}

function signalOutline({ name, range, units, values }: TraceSignal): SignalOutline {
  return { name, range, units, ...extremesOf(seriesOf(units, values)) };
}
