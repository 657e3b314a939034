import type { ModelSpec } from '../../core/model/spec';
import type { Batch } from '../../data/batch';
import { unscaleValue } from '../../data/forecast/scaling';
import type { ClassData, PreparedData } from '../../data/prepared';
import type { RunTrace, TracedChoices, TraceSignal, WindowRef } from '../../protocol/trace';

/** What is known of one window beside what goes through the model: what was read, in its own units, and what is right. */
type Facts = Pick<RunTrace, 'time' | 'columns' | 'characters' | 'forecast' | 'truth' | 'choices' | 'series'>;

/** `batch` holds the window alone; `answers` are the model's, as its file gives them. */
export function factsOf(
  data: PreparedData,
  { steps, input }: ModelSpec,
  window: WindowRef,
  batch: Batch,
  answers: Float32Array,
): Facts {
  const { part, index } = window;
  if (data.task === 'forecast') {
    const { lookback, horizon, series } = data;
    const row = data.row(part, index);
    const { name } = data.stretches[data.windowsOf[part].stretch(index)] ?? {};
    const rows = <T extends { subarray(from: number, to: number): T }>(values: T) =>
      values.subarray(row, row + lookback);
    return {
      time: series.time === null ? null : Array.from(rows(series.time)),
      columns: series.columns.map(({ name, values }) => valueSignal(name, Float32Array.from(rows(values)))),
      characters: null,
      forecast: Array.from(answers, data.targetScale(part, index).unscale),
      truth: Array.from(data.truth(part).subarray(index * horizon, (index + 1) * horizon)),
      choices: null,
      ...(name != null && { series: name }),
    };
  }
  const nothing = { time: null, forecast: [], truth: [] };
  if (data.task === 'language') {
    const names = [...data.vocabulary, ''];
    const characters = tokensOf(batch, data.vocabulary, steps);
    return { ...nothing, columns: [], characters, choices: choicesOf(names, answers, truthOf(batch, names)) };
  }
  if (data.task === 'translate') {
    return { ...nothing, columns: [], characters: tokensOf(batch, data.vocabulary, steps), choices: null };
  }
  const features = input.kind === 'values' ? input.features : 0;
  const columns = data.columns.map((name, feature) => {
    const scaler = data.scalers[feature];
    const scaled = Float32Array.from({ length: steps }, (_, step) => batch.x[step * features + feature] ?? 0);
    return valueSignal(name, scaler === undefined ? scaled : scaled.map((value) => unscaleValue(scaler, value)));
  });
  if (data.task === 'transcribe') {
    const text = Array.from(batch.y, (symbol) => (symbol < 0 ? '' : (data.symbols[symbol - 1] ?? ''))).join('');
    return { ...nothing, columns, characters: null, choices: choicesOf(['', ...data.symbols], answers, [text]) };
  }
  return {
    ...nothing,
    columns,
    characters: charactersOf(data, window, batch, steps),
    choices: choicesOf(data.classes, answers, truthOf(batch, data.classes)),
  };
}

/** The words as they stand where each has a label, else what the tokens stand for; null where numbers are read. */
function charactersOf({ vocabulary, wordsOf }: ClassData, { part, index }: WindowRef, batch: Batch, steps: number) {
  if (vocabulary === null) return null;
  if (wordsOf === undefined) return tokensOf(batch, vocabulary, steps);
  const words = wordsOf(part, index);
  return Array.from({ length: steps }, (_, step) => words[step] ?? '');
}

/** What was read: the last token, which stands for everything else, is nothing that could be written. */
const tokensOf = ({ x }: Batch, vocabulary: readonly string[], steps: number) =>
  Array.from(x.subarray(0, steps), (token) => vocabulary[token] ?? '');

const choicesOf = (
  names: readonly string[],
  probabilities: Float32Array,
  truth: TracedChoices['truth'],
): TracedChoices => ({ names, probabilities, truth });

/** The name of what is right at each place; null where nothing is asked. */
const truthOf = ({ y, weight }: Batch, names: readonly string[]) =>
  Array.from(weight, (counts, place) => (counts > 0 ? (names[y[place] ?? -1] ?? '') : null));

const valueSignal = (name: string, values: Float32Array): TraceSignal => ({ name, range: 'value', units: 1, values });
