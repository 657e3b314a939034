import path from 'node:path';
import type { Part } from '../../protocol/data';
import type { Experiment } from '../../protocol/experiment';
import { message } from '../../protocol/messages';
import type { VisitClasses } from '../judging/classes';
import type { Baseline } from '../judging/judge';
import { baselineOfLanguage, judgedStretches, judgeLanguage } from '../judging/language';
import type { LanguageData } from '../prepared';
import { refuseEmptyParts } from '../sequences/inputs';
import { tiledPieces } from '../sequences/pieces';
import { type RowRange, splitRows } from '../split';
import { withoutSome } from '../texts/tokens';
import { type Characters, readCharacters } from './characters';
import { KneserNey } from './kneserNey';
import { readWords } from './words';

/** With one character before, with two, and so on. */
const nGramNames = ['bigram', 'trigram', 'fourGram', 'fiveGram'] as const;

/** The text of an experiment. @throws UnrollError `data`. */
export const loadText = (root: string, { data }: Experiment) => readText(path.resolve(root, data.path), data.text);

/** A text as it is to be read. @throws UnrollError `data`. */
export const readText = (file: string, text: Experiment['data']['text']) =>
  text?.read === 'words' ? readWords(file) : readCharacters(file);

/** The different characters of the training part, by code point; or the most frequent of its words, but some that stand once. */
export function vocabularyOf(
  { distinct, numbers }: Characters,
  { split, text }: Pick<Experiment['data'], 'split' | 'text'>,
): readonly string[] {
  const counts = new Map<number, number>();
  const { end } = splitRows(numbers.length, split).train;
  for (const number of numbers.subarray(0, end)) counts.set(number, (counts.get(number) ?? 0) + 1);
  const byCount = [...counts].sort(([a, m], [b, n]) => n - m || a - b).slice(0, text?.most ?? counts.size);
  const vocabulary = byCount
    .map(([number]) => distinct[number] ?? '')
    .sort((a, b) => codePoint(a) - codePoint(b) || (a < b ? -1 : 1));
  if (text?.read !== 'words' || byCount.length < counts.size) return vocabulary;
  const once = new Set(byCount.flatMap(([number, count]) => (count === 1 ? [distinct[number] ?? ''] : [])));
  return withoutSome(vocabulary, (word) => once.has(word), end);
}

const codePoint = (character: string) => character.codePointAt(0) ?? 0;

/**
 * Data of the task `language`: the text in stretches of `lookback` characters, and after each character the next one. The tokens
 * are the characters of the training part by code point; the last token stands for every other character.
 * @throws UnrollError `data` where a part is shorter than a stretch.
 */
export function prepareLanguage(text: Characters, experiment: Experiment): LanguageData {
  const { data } = experiment;
  const { lookback } = data;
  const vocabulary = vocabularyOf(text, data);
  const size = vocabulary.length + 1;
  const places = new Map(vocabulary.map((character, place) => [character, place]));
  const tokens = Int32Array.from(text.distinct, (character) => places.get(character) ?? vocabulary.length);
  const tokenAt = (at: number) => tokens[text.numbers[at] ?? 0] ?? vocabulary.length;
  const split = splitRows(text.numbers.length, data.split);
  // The last character of a part has nothing after it.
  const cut = (part: Part) => tiledPieces({ start: split[part].start, end: split[part].end - 1 }, lookback);
  const pieces = { train: cut('train'), validation: cut('validation'), test: cut('test') };
  refuseEmptyParts(pieces, data);
  const count = (part: Part) => pieces[part].first.length;

  const visitOf = (part: Part): VisitClasses => {
    const { first, counted } = pieces[part];
    return (index, visit) => {
      const start = first[index] ?? 0;
      for (let step = counted[index] ?? 0; step < lookback; step++) visit(step, tokenAt(start + step + 1));
    };
  };
  const classCounts = new Array<number>(size).fill(0);
  for (let index = 0; index < count('train'); index++) {
    visitOf('train')(index, (_, token) => {
      classCounts[token] = (classCounts[token] ?? 0) + 1;
    });
  }
  /** What counting what follows what comes to, with ever more characters before. */
  const nGrams = (part: Part): Readonly<Record<string, Baseline>> => {
    const tokensOfPart = ({ start, end }: RowRange) =>
      Uint16Array.from({ length: end - start }, (_, i) => tokenAt(start + i));
    const model = new KneserNey(tokensOfPart(split.train), size, nGramNames.length + 1);
    const asked = tokensOfPart(split[part]);
    const { first, counted } = pieces[part];
    const stretches = Array.from(first).flatMap((start, index) =>
      judgedStretches(counted[index] ?? 0, lookback).map(([from, to]) => {
        // What is asked for at a step is the character after it.
        const before = start + 1 - split[part].start;
        return { nats: model.nats(asked, before + from, before + to), characters: to - from };
      }),
    );
    return Object.fromEntries(
      nGramNames.map((name, i) => [
        name,
        baselineOfLanguage(stretches.map(({ nats, characters }) => [nats[i + 1] ?? 0, characters])),
      ]),
    );
  };
  let unknown = 0;
  for (const number of text.numbers) if (tokens[number] === vocabulary.length) unknown++;
  return {
    task: 'language',
    shape: {
      steps: lookback,
      input: { kind: 'tokens', vocabulary: size },
      targets: size,
      longest: 0,
      masked: false,
      classCounts,
    },
    vocabulary,
    windows: { train: count('train'), validation: count('validation'), test: count('test') },
    fingerprint: text.fingerprint,
    notes: [
      ...text.notes,
      ...(unknown === 0
        ? []
        : [
            data.text?.read === 'words'
              ? message('{0} words are not in the vocabulary; all are read as one token.', unknown)
              : message(
                  '{0} characters are of a kind that the training part does not have; all are read as one token.',
                  unknown,
                ),
          ]),
    ],
    fill(part, indices, batch, into) {
      const used = Math.min(indices.length, batch);
      into.x.fill(0);
      into.y.fill(0);
      into.weight.fill(0);
      const visit = visitOf(part);
      for (let item = 0; item < used; item++) {
        const index = indices[item] ?? 0;
        const start = pieces[part].first[index] ?? 0;
        for (let step = 0; step < lookback; step++) into.x[step * batch + item] = tokenAt(start + step);
        visit(index, (step, token) => {
          into.y[step * batch + item] = token;
          into.weight[step * batch + item] = 1;
        });
      }
    },
    judge: (part) => judgeLanguage(size, visitOf(part)),
    baselines(part) {
      if (count(part) === 0) return {};
      // One more of each, so that no character is impossible (Laplace's rule of succession).
      const total = classCounts.reduce((sum, each) => sum + each, size);
      const natsOf = (token: number) => -Math.log(((classCounts[token] ?? 0) + 1) / total);
      const { first, counted } = pieces[part];
      const stretches = Array.from(first).flatMap((start, index) =>
        judgedStretches(counted[index] ?? 0, lookback).map(([from, to]): [number, number] => {
          let nats = 0;
          for (let step = from; step < to; step++) nats += natsOf(tokenAt(start + step + 1));
          return [nats, to - from];
        }),
      );
      return { unigram: baselineOfLanguage(stretches), ...nGrams(part) };
    },
  };
}
