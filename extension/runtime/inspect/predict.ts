import path from 'node:path';
import { readMetadata } from '../../core/onnx/metadata';
import { textWritten, tokensWritten } from '../../data/pairs/writing';
import { readText } from '../../data/text/language';
import { joinWords } from '../../data/text/words';
import type { Prediction } from '../../protocol/engine';
import { UnrollError } from '../../protocol/errors';
import { runModel } from '../export/answers';
import { decodeMetadata, type ModelMetadata } from '../export/metadata';
import { likeliest, transcript } from '../export/sequencePredictions';
import { textStream } from '../export/textStream';
import { type Session, withSession } from '../session/session';
import { inspectionDevice, modelPath, readModel } from './modelFile';
import { sentenceExcerpts } from './newSentences';
import { type Excerpt, excerptsOf, shapeOf } from './newSequences';
import { forecastsOf } from './newSeries';
import { soundExcerpts } from './newSounds';
import { textExcerpts } from './newTexts';

/** Of a long text so much is read before it goes on: what stands further back is forgotten. */
const longestRead = 10_000;

/** So many characters of a text are made up, and so many of the next one's are named. */
const continued = 100;
const named = 10;

/**
 * Asks a model about a data file that it need not have seen. How the data is read is taken from the model file alone.
 * @param model a run folder or an .onnx file that Unroll exported.
 */
export async function predict(model: string, dataFile: string): Promise<Prediction> {
  const file = modelPath(model);
  const bytes = readModel(file);
  const metadata = decodeMetadata(readMetadata(bytes), file);
  const data = path.resolve(dataFile);
  return withSession(bytes, inspectionDevice, async (session): Promise<Prediction> => {
    const { target } = metadata;
    switch (metadata.task) {
      case 'forecast':
        return forecast(session, metadata, data);
      case 'language':
        return goOn(session, metadata, data);
      case 'classify':
        return { task: 'classify', target, answers: await classes(session, metadata, data) };
      case 'label':
        return { task: 'label', target, answers: await labels(session, metadata, data) };
      case 'translate':
        return { task: 'translate', target, answers: await translationsOf(session, metadata, data) };
      default:
        return { task: 'transcribe', target, answers: await transcripts(session, metadata, data) };
    }
  });
}

async function forecast(session: Session, metadata: ModelMetadata, file: string): Promise<Prediction> {
  const { target, series } = metadata;
  const answers = await forecastsOf(session, metadata, file);
  if (series !== null) return { task: 'forecasts', target, answers };
  const [only] = answers;
  if (only === undefined) throw new UnrollError('internal', 'A file of one series has no forecast.');
  const { series: _, ...told } = only;
  return { task: 'forecast', target, ...told };
}

type Answers<T extends Prediction['task']> = Extract<
  Prediction,
  { readonly task: T; readonly answers: unknown }
>['answers'];

/** The sequences of a file, whatever they are made of. */
function excerptsFor(file: string, metadata: ModelMetadata): Promise<Excerpt[]> {
  if (metadata.text !== null) return textExcerpts(file, metadata);
  if (metadata.sound !== null) return soundExcerpts(file, metadata, metadata.sound);
  return excerptsOf(file, metadata, 'last');
}

async function classes(session: Session, metadata: ModelMetadata, file: string): Promise<Answers<'classify'>> {
  const names = metadata.classes ?? [];
  const answers: Answers<'classify'>[number][] = [];
  const excerpts = await excerptsFor(file, metadata);
  for (const excerpt of excerpts) {
    // Nothing can be said of nothing; its row stays, so that answers can be told apart.
    if (excerpt.length === 0) {
      answers.push({ series: excerpt.series, class: '', probability: 0 });
      continue;
    }
    const { values } = await answerTo(session, metadata, excerpt);
    // Where every step is answered, the last one has seen all.
    const step = values.length > names.length ? excerpt.length - 1 : 0;
    const { place, probability } = likeliest(values, step * names.length, names.length);
    answers.push({ series: excerpt.series, class: names[place] ?? '', probability });
  }
  return answers;
}

async function labels(session: Session, metadata: ModelMetadata, file: string): Promise<Answers<'label'>> {
  const names = metadata.classes ?? [];
  const answers: Answers<'label'>[number][] = [];
  const excerpts: readonly (Excerpt & { readonly words?: readonly string[] })[] =
    metadata.text === null ? await excerptsOf(file, metadata, 'all') : await sentenceExcerpts(file, metadata);
  for (const excerpt of excerpts) {
    const { values } = await answerTo(session, metadata, excerpt);
    const outputs = values.length / metadata.lookback;
    for (let step = excerpt.answered; step < excerpt.length; step++) {
      const { place, probability } = likeliest(values, step * outputs, outputs);
      const word = excerpt.words === undefined ? {} : { word: excerpt.words[step] ?? '' };
      answers.push({
        series: excerpt.series,
        row: excerpt.row + step,
        ...word,
        class: names[place] ?? '',
        probability,
      });
    }
  }
  return answers;
}

async function transcripts(session: Session, metadata: ModelMetadata, file: string): Promise<Answers<'transcribe'>> {
  const answers: Answers<'transcribe'>[number][] = [];
  for (const excerpt of await excerptsFor(file, metadata)) {
    const { values } = await answerTo(session, metadata, excerpt);
    const { text, probability } = transcript(values, excerpt.length, metadata.symbols ?? []);
    const before = metadata.sound !== null && excerpt.row > 0 ? answers.pop() : undefined;
    // A long sound comes in pieces.
    const whole = { text: (before?.text ?? '') + text, probability: (before?.probability ?? 1) * probability };
    answers.push({ series: excerpt.series, ...whole });
  }
  return answers;
}

/** So many texts are translated at a time. */
const together = 64;

async function translationsOf(session: Session, metadata: ModelMetadata, file: string): Promise<Answers<'translate'>> {
  const { lookback, translations, text } = metadata;
  const excerpts = await textExcerpts(file, metadata);
  const answers: Answers<'translate'>[number][] = [];
  for (let first = 0; first < excerpts.length; first += together) {
    const some = excerpts.slice(first, first + together);
    const x = new Int32Array(some.length * lookback);
    const mask = new Float32Array(some.length * lookback);
    for (const [item, excerpt] of some.entries()) {
      x.set(excerpt.x, item * lookback);
      mask.set(excerpt.mask, item * lookback);
    }
    const { values, each, translated } = await runModel(session, { x, mask }, shapeOf(metadata), some.length);
    for (const [item, { series, length }] of some.entries()) {
      if (length === 0) {
        answers.push({ series, text: '', probability: 0 });
        continue;
      }
      const tokens = tokensWritten(values.subarray(item * each, (item + 1) * each), translations ?? []);
      answers.push({
        series,
        text: textWritten(tokens, text?.read ?? 'words'),
        probability: translated?.probability[item] ?? Number.NaN,
      });
    }
  }
  return answers;
}

const answerTo = (session: Session, metadata: ModelMetadata, { x, mask }: Excerpt) =>
  runModel(session, { x, mask: metadata.masked ? mask : undefined }, shapeOf(metadata), 1);

async function goOn(session: Session, metadata: ModelMetadata, file: string): Promise<Prediction> {
  const { vocabulary, text: reading } = metadata;
  const characters = vocabulary ?? [];
  const { distinct, numbers } = await readText(file, reading);
  const tokens = new Map(characters.map((character, token) => [character, token]));
  const begun = Int32Array.from(
    numbers.subarray(Math.max(0, numbers.length - longestRead)),
    (number) => tokens.get(distinct[number] ?? '') ?? characters.length,
  );
  const stream = await textStream(session, metadata);
  let probabilities = await stream.read(begun);
  const next = mostProbable(probabilities, characters);
  const written: string[] = [];
  for (;;) {
    const { place } = likeliest(probabilities, 0, probabilities.length);
    written.push(characters[place] ?? '');
    if (written.length === continued) break;
    probabilities = await stream.read(Int32Array.of(place));
  }
  const text = reading?.read === 'words' ? joinWords(written) : written.join('');
  return { task: 'language', next, text };
}

const mostProbable = (probabilities: Float32Array, characters: readonly string[]) =>
  Array.from(probabilities, (probability, token) => ({ character: characters[token] ?? '', probability }))
    .sort((a, b) => b.probability - a.probability)
    .slice(0, named);
