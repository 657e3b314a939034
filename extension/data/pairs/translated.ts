import { endToken, unknownToken } from '../../core/layers/beamSearch';
import type { Part } from '../../protocol/data';
import type { Experiment } from '../../protocol/experiment';
import { type Message, message } from '../../protocol/messages';
import { partsByChance } from '../items/parts';
import { Bleu } from '../judging/bleu';
import type { Baseline } from '../judging/judge';
import { mostFrequent } from '../judging/mostFrequent';
import { judgeTranslations, wordsOf } from '../judging/translations';
import type { TranslationData } from '../prepared';
import { refuseEmptyParts } from '../sequences/inputs';
import type { Texts } from '../sequences/texts';
import type { TextItems } from '../texts/items';
import { cut, longestOf, type TextReading, vocabularyOf, vocabularyToRead, withTokens } from '../texts/tokens';
import { nearestSources } from './nearest';
import { textWritten, tokenNumbers, tokensWritten, writtenTokens } from './writing';

/**
 * Data of the task `translate`: pairs of texts. Both vocabularies are those of the training part. Pairs whose sources are read alike are
 * in one part, and are each other's references where translations are judged.
 * @throws UnrollError `data` where a part gets no pair.
 */
export function prepareTranslated(items: TextItems, experiment: Experiment): TranslationData {
  const { data } = experiment;
  const { read, most } = data.text ?? { read: 'words', most: 1 };
  const { fingerprint } = items;
  const sourceTokens = items.texts.labels.map((text) => cut(text, read));
  const targetTokens = items.target.labels.map((text) => cut(text, read));
  const [texts, target] = [withTokens(items.texts, sourceTokens), withTokens(items.target, targetTokens)];
  const sources = asRead(texts, sourceTokens);
  const parts = partsOfPairs(sources, target, data.split);
  refuseEmptyParts(
    { train: { first: parts.train }, validation: { first: parts.validation }, test: { first: parts.test } },
    data,
  );
  const sourceOf = (item: number) => sources.codes[item] ?? -1;
  const readOf = (item: number) => sourceTokens[texts.codes[item] ?? -1] ?? [];
  const writtenOf = (item: number) => targetTokens[target.codes[item] ?? -1] ?? [];
  const vocabulary = vocabularyToRead(Array.from(parts.train, readOf), most, read);
  const translations = vocabularyOf(Array.from(parts.train, writtenOf), most);
  const places = new Map(vocabulary.map((token, place) => [token, place] as const));
  const numbers = tokenNumbers(translations);
  // As long as those of the training part: what comes after the split changes no batch.
  const steps = longestOf(Array.from(parts.train, readOf), data.lookback);
  const mostWritten = longestOf(Array.from(parts.train, writtenOf), data.horizon);
  const sourceNumbers = sourceTokens.map((tokens) =>
    Int32Array.from(tokens.slice(0, steps), (token) => places.get(token) ?? vocabulary.length),
  );
  const targetNumbers = targetTokens.map((tokens) => {
    const own = tokens.slice(0, mostWritten).map((token) => numbers.get(token) ?? unknownToken);
    return Int32Array.from(tokens.length > mostWritten ? own : [...own, endToken]);
  });
  const longest = Array.from(parts.train, (item) => targetNumbers[target.codes[item] ?? -1]?.length ?? 0).reduce(
    (most, length) => Math.max(most, length),
    1,
  );
  const references = new Map<number, (readonly string[])[]>();
  for (const part of Object.values(parts)) {
    for (const item of part) {
      const own = references.get(sourceOf(item)) ?? [];
      own.push(wordsOf(target.labels[target.codes[item] ?? -1] ?? ''));
      references.set(sourceOf(item), own);
    }
  }
  const referencesOf = (source: number) => references.get(source) ?? [];
  const textOf = (tokens: readonly number[]) => textWritten(tokensWritten(tokens, translations), read);
  const itemAt = (part: Part, index: number) => parts[part][index] ?? 0;
  return {
    task: 'translate',
    shape: {
      steps,
      input: { kind: 'tokens', vocabulary: vocabulary.length + 1 },
      masked: true,
      targets: writtenTokens(translations),
      longest,
      classCounts: null,
    },
    columns: [],
    scalers: [],
    read,
    vocabulary,
    translations,
    source: (part, index) => texts.labels[texts.codes[itemAt(part, index)] ?? -1] ?? '',
    truth: (part, index) => target.labels[target.codes[itemAt(part, index)] ?? -1] ?? '',
    windows: { train: parts.train.length, validation: parts.validation.length, test: parts.test.length },
    fingerprint,
    notes: [...items.notes, ...notesOn(texts, target, sourceTokens, targetTokens, steps, mostWritten)],
    fill(part, indices, batch, into) {
      for (const buffer of [into.x, into.y, into.weight, into.mask]) buffer?.fill(0);
      const used = Math.min(indices.length, batch);
      for (let position = 0; position < used; position++) {
        const item = itemAt(part, indices[position] ?? 0);
        sourceNumbers[texts.codes[item] ?? -1]?.forEach((token, step) => {
          into.x[step * batch + position] = token;
          if (into.mask !== undefined) into.mask[step * batch + position] = 1;
        });
        targetNumbers[target.codes[item] ?? -1]?.forEach((token, place) => {
          into.y[place * batch + position] = token;
          into.weight[place * batch + position] = 1;
        });
      }
    },
    judge: (part) => judgeTranslations((index) => sourceOf(itemAt(part, index)), referencesOf, textOf),
    baselines(part) {
      const asked = firstOfEach(parts[part], sourceOf);
      if (asked.length === 0) return {};
      const judged = (answers: readonly (readonly string[])[]): Baseline => {
        const bleu = new Bleu();
        for (const [i, item] of asked.entries()) bleu.add(answers[i] ?? [], referencesOf(sourceOf(item)));
        return { metrics: bleu.metrics(), tally: bleu.tally() };
      };
      const sourceWords = (item: number) => wordsOf(texts.labels[texts.codes[item] ?? -1] ?? '');
      const known = firstOfEach(parts.train, sourceOf);
      const nearest = nearestSources(known.map(sourceWords), asked.map(sourceWords)).map(
        (index) => referencesOf(sourceOf(known[index] ?? -1))[0] ?? [],
      );
      const frequent = mostFrequent(Array.from(parts.train, (item) => target.codes[item] ?? -1)) ?? -1;
      const always = wordsOf(target.labels[frequent] ?? '');
      return {
        copy: judged(asked.map(sourceWords)),
        mostFrequent: judged(asked.map(() => always)),
        nearestSource: judged(nearest),
      };
    },
  };
}

/** Which pairs are in which part: those whose sources are read alike are in one. */
const partsOfPairs = (sources: ReadSources, target: Texts, split: Experiment['data']['split']) =>
  partsByChance(
    sources.names,
    sources.codes,
    Int32Array.from(target.codes, (code) => (code < 0 ? -1 : 0)),
    split,
  );

/** The different texts of the training part on both sides, which is all that choices may look at. */
export function trainingPairs(
  items: Pick<TextItems, 'texts' | 'target'>,
  read: TextReading,
  split: Experiment['data']['split'],
): Readonly<Record<'sources' | 'translations', readonly string[]>> {
  const tokensOf = ({ labels }: Texts) => labels.map((text) => cut(text, read));
  const tokens = tokensOf(items.texts);
  const target = withTokens(items.target, tokensOf(items.target));
  const { train } = partsOfPairs(asRead(withTokens(items.texts, tokens), tokens), target, split);
  const distinct = ({ labels, codes }: Texts) =>
    [...new Set(Array.from(train, (item) => codes[item] ?? -1))].map((code) => labels[code] ?? '');
  return { sources: distinct(items.texts), translations: distinct(items.target) };
}

/** What is read of sources: its different kinds, and which one each item has. */
interface ReadSources {
  readonly names: readonly string[];
  readonly codes: Int32Array;
}

/** Texts by what is read of them: such as differ only in what is not read are one. */
function asRead({ codes }: Texts, tokens: readonly (readonly string[])[]): ReadSources {
  const numbers = new Map<string, number>();
  const byLabel = tokens.map((own) => {
    const name = own.join('\u0000');
    const number = numbers.get(name) ?? numbers.size;
    numbers.set(name, number);
    return number;
  });
  return { names: [...numbers.keys()], codes: codes.map((code) => (code < 0 ? -1 : (byLabel[code] ?? -1))) };
}

function firstOfEach(items: Uint32Array, sourceOf: (item: number) => number): readonly number[] {
  const seen = new Set<number>();
  return Array.from(items).filter((item) => {
    const isNew = !seen.has(sourceOf(item));
    seen.add(sourceOf(item));
    return isNew;
  });
}

function notesOn(
  texts: Texts,
  target: Texts,
  sourceTokens: readonly (readonly string[])[],
  targetTokens: readonly (readonly string[])[],
  steps: number,
  mostWritten: number,
): Message[] {
  const notes: Message[] = [
    message(
      'Pairs have no order: which part one is in is left to chance, and pairs with the same source are in the same part.',
    ),
  ];
  const left = texts.codes.filter((code, item) => code < 0 || (target.codes[item] ?? -1) < 0).length;
  if (left > 0) notes.push(message('{0} rows without a source or a translation were left out.', left));
  const count = (codes: Int32Array, tokens: readonly (readonly string[])[], most: number) =>
    codes.filter((code) => (tokens[code]?.length ?? 0) > most).length;
  const longSources = count(texts.codes, sourceTokens, steps);
  if (longSources > 0) {
    notes.push(message('{0} sources have more than {1} tokens; of these the first {1} are read.', longSources, steps));
  }
  const longTargets = count(target.codes, targetTokens, mostWritten);
  if (longTargets > 0) {
    notes.push(
      message('{0} translations have more than {1} tokens; the model writes no more.', longTargets, mostWritten),
    );
  }
  return notes;
}
