import { mostLikely } from '../../data/judging/classes';
import { decodeGreedily } from '../../data/judging/transcripts';
import { textWritten, tokensWritten } from '../../data/pairs/writing';
import type { ClassData, LanguageData, PreparedData, TranscriptData, TranslationData } from '../../data/prepared';
import type { Answered } from './answers';

/** Of a text, so many characters are written: all of them would be as long as the text, and longer. */
const languageSample = 2000;

/** A line of predictions.csv, and what it says. */
export interface PredictedLines {
  readonly header: string;
  /** Lines about some sequences. `read` counts the lines that are already there. */
  lines(answered: Answered, read: number): string[];
}

/** How the answers of every task but forecasts are written: sequences of the test part and steps from 0, truth, answer, its probability. */
export function predictedLines(data: Exclude<PreparedData, { readonly task: 'forecast' }>): PredictedLines {
  switch (data.task) {
    case 'classify':
      return { header: 'sequence,truth,prediction,probability\n', lines: (answered) => classLines(data, answered) };
    case 'label':
      return {
        header: `sequence,step,${data.wordsOf === undefined ? '' : 'word,'}truth,prediction,probability\n`,
        lines: (answered) => labelLines(data, answered),
      };
    case 'language':
      return {
        header: 'sequence,step,truth,prediction,probability\n',
        lines: (answered, read) => characterLines(data, answered).slice(0, Math.max(0, languageSample - read)),
      };
    case 'translate':
      return {
        header: 'sequence,source,truth,prediction,probability\n',
        lines: (answered) => translationLines(data, answered),
      };
    default:
      return {
        header: 'sequence,truth,prediction,probability\n',
        lines: (answered) => transcriptLines(data, answered),
      };
  }
}

/** The most likely of some classes. */
export function likeliest(
  values: Float32Array,
  first: number,
  count: number,
): { readonly place: number; readonly probability: number } {
  const place = mostLikely(values, first, count, 1);
  return { place, probability: values[first + place] ?? Number.NaN };
}

/** Visits the answers that count: the right class and where the model's numbers about it lie. */
function forEachAnswer(
  { batch: { y, weight }, size, indices, each }: Answered,
  steps: number,
  visit: (item: number, step: number, truth: number, first: number, outputs: number) => void,
): void {
  const places = weight.length / size;
  const outputs = each / (places === 1 ? 1 : steps);
  for (const item of indices.keys()) {
    for (let step = 0; step < places; step++) {
      const at = step * size + item;
      if ((weight[at] ?? 0) > 0) visit(item, step, y[at] ?? 0, item * each + step * outputs, outputs);
    }
  }
}

function classLines({ classes, shape }: ClassData, answered: Answered): string[] {
  const lines = new Map<number, string>();
  forEachAnswer(answered, shape.steps, (item, _step, truth, first, outputs) => {
    const { place, probability } = likeliest(answered.values, first, outputs);
    // Where every step was asked, the last has seen the whole sequence.
    lines.set(item, line(answered.indices[item] ?? 0, classes[truth] ?? '', classes[place] ?? '', probability));
  });
  return [...lines.values()];
}

function labelLines({ classes, shape, wordsOf }: ClassData, answered: Answered): string[] {
  const lines: string[] = [];
  const words = Array.from(answered.indices, (index) => wordsOf?.('test', index));
  forEachAnswer(answered, shape.steps, (item, step, truth, first, outputs) => {
    const { place, probability } = likeliest(answered.values, first, outputs);
    const own = words[item];
    const where = `${answered.indices[item]},${step}${own === undefined ? '' : `,${cell(own[step] ?? '')}`}`;
    lines.push(line(where, classes[truth] ?? '', classes[place] ?? '', probability));
  });
  return lines;
}

function characterLines({ vocabulary, shape }: LanguageData, answered: Answered): string[] {
  const lines: string[] = [];
  forEachAnswer(answered, shape.steps, (item, step, truth, first, outputs) => {
    const { place, probability } = likeliest(answered.values, first, outputs);
    lines.push(
      line(`${answered.indices[item]},${step}`, vocabulary[truth] ?? '', vocabulary[place] ?? '', probability),
    );
  });
  return lines;
}

function transcriptLines({ symbols, shape }: TranscriptData, answered: Answered): string[] {
  const { batch, size, values, each } = answered;
  return Array.from(answered.indices, (sequence, item) => {
    const right: number[] = [];
    for (let at = item; at < batch.y.length && (batch.y[at] ?? -1) >= 0; at += size) right.push(batch.y[at] ?? 0);
    let steps = 0;
    while (steps < shape.steps && (batch.weight[steps * size + item] ?? 0) > 0) steps++;
    const own = values.subarray(item * each, (item + 1) * each);
    const { text, probability } = transcript(own, steps, symbols);
    return line(sequence, textOf(right, symbols), text, probability);
  });
}

function translationLines(data: TranslationData, { indices, values, each, translated }: Answered): string[] {
  return Array.from(indices, (index, item) => {
    const tokens = tokensWritten(values.subarray(item * each, (item + 1) * each), data.translations);
    const probability = translated?.probability[item] ?? Number.NaN;
    const source = cell(data.source('test', index));
    return line(`${index},${source}`, data.truth('test', index), textWritten(tokens, data.read), probability);
  });
}

/** What the best path through the probabilities `[steps, symbols]` says, and the probability of that path. */
export function transcript(
  values: Float32Array,
  steps: number,
  symbols: readonly string[],
): { readonly text: string; readonly probability: number } {
  const count = symbols.length + 1;
  let probability = 1;
  for (let step = 0; step < steps; step++) probability *= likeliest(values, step * count, count).probability;
  return { text: textOf(decodeGreedily(values, steps, count, 1, 0), symbols), probability };
}

const textOf = (numbers: readonly number[], symbols: readonly string[]) =>
  numbers.map((number) => symbols[number - 1] ?? '').join('');

const line = (where: number | string, truth: string, prediction: string, probability: number) =>
  `${where},${cell(truth)},${cell(prediction)},${probability}\n`;

/** Text as RFC 4180 has it in a CSV. */
const cell = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
