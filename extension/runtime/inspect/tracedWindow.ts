import type { ModelSpec } from '../../core/model/spec';
import type { Batch } from '../../data/batch';
import { unscaleValue } from '../../data/forecast/scaling';
import { textWritten, tokensWritten } from '../../data/pairs/writing';
import type { ClassData, PreparedData } from '../../data/prepared';
import { bandsName, type RunTrace, type TracedChoices, type TraceSignal, type WindowRef } from '../../protocol/trace';

/** What is known of one window beside what goes through the model: what was read, in its own units, and what is right. */
type Facts = Pick<
  RunTrace,
  'time' | 'columns' | 'characters' | 'forecast' | 'truth' | 'targets' | 'choices' | 'series' | 'written'
>;

/** `batch` holds the window alone; `answers` are the model's, as its file gives them. The bands of a sound are one signal. */
export function factsOf(
  data: PreparedData,
  { steps, input }: ModelSpec,
  window: WindowRef,
  batch: Batch,
  answers: Float32Array,
  isSound: boolean,
): Facts {
  const { part, index } = window;
  if (data.task === 'forecast') {
    const { lookback, horizon, series, targets } = data;
    const numbers = targets.length * horizon;
    const row = data.row(part, index);
    const { name } = data.stretches[data.windowsOf[part].stretch(index)] ?? {};
    const rows = <T extends { subarray(from: number, to: number): T }>(values: T) =>
      values.subarray(row, row + lookback);
    return {
      time: series.time === null ? null : Array.from(rows(series.time)),
      columns: series.columns.map(({ name, values }) => valueSignal(name, Float32Array.from(rows(values)))),
      characters: null,
      forecast: Array.from(answers, (value, i) =>
        data.targetScale(part, index * targets.length + Math.floor(i / horizon)).unscale(value),
      ),
      truth: Array.from(data.truth(part).subarray(index * numbers, (index + 1) * numbers)),
      ...(targets.length > 1 && { targets: targets.map(({ name }) => name) }),
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
    const said = textWritten(tokensWritten(answers, data.translations), data.read);
    const written = { said, truth: data.truth(part, index) };
    return { ...nothing, columns: [], characters: tokensOf(batch, data.vocabulary, steps), choices: null, written };
  }
  const features = input.kind === 'values' ? input.features : 0;
  const own = Float32Array.from(batch.x.subarray(0, steps * features), (scaled, at) => {
    const scaler = data.scalers[at % features];
    return scaler === undefined ? scaled : unscaleValue(scaler, scaled);
  });
  const one = (name: string, feature: number) =>
    valueSignal(
      name,
      own.filter((_, at) => at % features === feature),
    );
  // One under the other, so many lines would hide that they are one picture.
  const columns = isSound ? [{ ...valueSignal(bandsName, own), units: features }] : data.columns.map(one);
  const series = data.nameOf?.(part, index);
  const named = series === undefined ? nothing : { ...nothing, series };
  if (data.task === 'transcribe') {
    const text = Array.from(batch.y, (symbol) => (symbol < 0 ? '' : (data.symbols[symbol - 1] ?? ''))).join('');
    return { ...named, columns, characters: null, choices: choicesOf(['', ...data.symbols], answers, [text]) };
  }
  return {
    ...named,
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
