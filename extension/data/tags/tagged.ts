import type { Part } from '../../protocol/data';
import type { Experiment } from '../../protocol/experiment';
import { type Message, message } from '../../protocol/messages';
import { baselineOfClasses, judgeClasses, type VisitClasses } from '../judging/classes';
import { mostFrequent } from '../judging/mostFrequent';
import type { ClassData } from '../prepared';
import { type Classes, numberClasses } from '../sequences/classes';
import { refuseEmptyParts } from '../sequences/inputs';
import { tiledPieces } from '../sequences/pieces';
import { vocabularyToRead } from '../texts/tokens';
import { taggedParts } from './parts';
import type { Sentence, Tagged } from './sentences';

/** A stretch of a sentence that is read at once. */
interface Piece {
  readonly sentence: number;
  readonly first: number;
  readonly length: number;
  /** Words at its start that the piece before it answers. */
  readonly counted: number;
}

/**
 * Data of the task `label` where each step is a word. The tokens are words of the training part as they stand; the last token stands for
 * every other. A sentence of more than `lookback` words is read in pieces, each word answered once.
 * @throws UnrollError `data` where a part gets no sentence or the tags cannot be learnt.
 */
export function prepareTagged({ fingerprint, sentences, notes }: Tagged, experiment: Experiment): ClassData {
  const { data } = experiment;
  const { parts, moved } = taggedParts(sentences, data.split);
  const pieces = { train: cut(parts.train), validation: cut(parts.validation), test: cut(parts.test) };
  refuseEmptyParts(
    { train: { first: parts.train }, validation: { first: parts.validation }, test: { first: parts.test } },
    data,
  );
  const vocabulary = vocabularyToRead(
    Array.from(parts.train, (item) => sentences[item]?.words ?? []),
    data.text?.most ?? 1,
    data.text?.read ?? 'words',
  );
  const places = new Map(vocabulary.map((word, place) => [word, place] as const));
  const classes = classesOf(sentences, parts.train, data.target);
  const numbers = new Map(classes.names.map((name, number) => [name, number] as const));

  function cut(items: Uint32Array): readonly Piece[] {
    return Array.from(items).flatMap((sentence) => {
      const end = sentences[sentence]?.words.length ?? 0;
      const { first, length, counted } = tiledPieces({ start: 0, end }, Math.min(end, data.lookback));
      return Array.from(first, (start, i) => ({
        sentence,
        first: start,
        length: length[i] ?? 0,
        counted: counted[i] ?? 0,
      }));
    });
  }
  const pieceOf = (part: Part, index: number) =>
    pieces[part][index] ?? { sentence: -1, first: 0, length: 0, counted: 0 };
  const wordsOf = (part: Part, index: number) => {
    const { sentence, first, length } = pieceOf(part, index);
    return sentences[sentence]?.words.slice(first, first + length) ?? [];
  };
  const visitOf = (part: Part): VisitClasses => {
    return (index, visit) => {
      const { sentence, first, length, counted } = pieceOf(part, index);
      for (let step = counted; step < length; step++) {
        const tag = sentences[sentence]?.tags[first + step] ?? null;
        if (tag !== null) visit(step, numbers.get(tag) ?? 0);
      }
    };
  };
  const judged = { classes: classes.names, labels: true };
  const count = (part: Part) => pieces[part].length;
  const all = Object.values(pieces).flat();
  const unknown = (['validation', 'test'] as const).reduce((sum, part) => {
    const words = Array.from(parts[part]).flatMap((item) => sentences[item]?.words ?? []);
    return sum + words.filter((word) => !places.has(word)).length;
  }, 0);
  return {
    task: 'label',
    shape: {
      steps: all.reduce((longest, { length }) => Math.max(longest, length), 1),
      input: { kind: 'tokens', vocabulary: vocabulary.length + 1 },
      masked: true,
      targets: classes.names.length,
      longest: 0,
      classCounts: classes.counts,
    },
    columns: [],
    scalers: [],
    classes: classes.names,
    vocabulary,
    wordsOf,
    windows: { train: count('train'), validation: count('validation'), test: count('test') },
    fingerprint,
    notes: [...notes, ...notesOn(sentences, data.lookback, moved, unknown)],
    fill(part, indices, batch, into) {
      for (const buffer of [into.x, into.y, into.weight, into.mask]) buffer?.fill(0);
      const visit = visitOf(part);
      for (let position = 0; position < Math.min(indices.length, batch); position++) {
        const index = indices[position] ?? 0;
        for (const [step, word] of wordsOf(part, index).entries()) {
          into.x[step * batch + position] = places.get(word) ?? vocabulary.length;
          if (into.mask !== undefined) into.mask[step * batch + position] = 1;
        }
        visit(index, (step, truth) => {
          into.y[step * batch + position] = truth;
          into.weight[step * batch + position] = 1;
        });
      }
    },
    judge: (part) =>
      judgeClasses(
        { ...judged, everyStep: true, titleOf: (index, step) => marked(wordsOf(part, index), step) },
        visitOf(part),
      ),
    baselines(part): ReturnType<ClassData['baselines']> {
      if (count(part) === 0) return {};
      const majority = classes.counts.indexOf(Math.max(...classes.counts));
      const usual = usualTags(sentences, parts.train, numbers);
      return {
        majority: baselineOfClasses(judged, count(part), visitOf(part), () => majority),
        usualTag: baselineOfClasses(
          judged,
          count(part),
          visitOf(part),
          (index, step) => usual.get(wordsOf(part, index)[step] ?? '') ?? majority,
        ),
      };
    },
  };
}

/** The tags of the training part; a tag that stands nowhere else is no class. */
function classesOf(sentences: readonly Sentence[], train: Uint32Array, target: string): Classes {
  const tags = Array.from(train).flatMap((item) => sentences[item]?.tags ?? []);
  const labels = [...new Set(tags.filter((tag) => tag !== null))];
  const places = new Map(labels.map((label, place) => [label, place] as const));
  return numberClasses(
    target,
    labels,
    Int32Array.from(tags, (tag) => (tag === null ? -1 : (places.get(tag) ?? -1))),
  );
}

/** The tag that each word has most often in the training part. */
function usualTags(
  sentences: readonly Sentence[],
  train: Uint32Array,
  numbers: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> {
  const seen = new Map<string, number[]>();
  for (const item of train) {
    const { words, tags } = sentences[item] ?? { words: [], tags: [] };
    for (const [i, word] of words.entries()) {
      const tag = tags[i] ?? null;
      if (tag === null) continue;
      const own = seen.get(word) ?? [];
      own.push(numbers.get(tag) ?? 0);
      seen.set(word, own);
    }
  }
  return new Map([...seen].map(([word, tags]) => [word, mostFrequent(tags) ?? 0] as const));
}

/** Words on either side of the one that is meant. */
const context = 8;

/** A word in its sentence, between square brackets. */
function marked(words: readonly string[], step: number): string {
  const [from, to] = [Math.max(0, step - context), Math.min(words.length, step + context + 1)];
  const shown = words.slice(from, to).map((word, i) => (from + i === step ? `[${word}]` : word));
  return [...(from > 0 ? ['…'] : []), ...shown, ...(to < words.length ? ['…'] : [])].join(' ');
}

function notesOn(sentences: readonly Sentence[], lookback: number, moved: number, unknown: number): Message[] {
  const notes = [
    message('Sentences have no order: which part one is in is left to chance, and equal ones are in the same part.'),
  ];
  if (moved > 0) {
    notes.push(
      message('{0} sentences were put into the training part, for no other of that part has one of their tags.', moved),
    );
  }
  const long = sentences.filter(({ words }) => words.length > lookback).length;
  if (long > 0) notes.push(message('{0} sentences have more than {1} words and are read in pieces.', long, lookback));
  if (unknown > 0) {
    notes.push(
      message(
        '{0} words of the validation and the test part are not in the vocabulary; they are read as one token, which is learnt from the rarest words of the training part.',
        unknown,
      ),
    );
  }
  return notes;
}
