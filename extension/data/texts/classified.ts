import { readsEveryStep } from '../../core/model/task';
import type { Part } from '../../protocol/data';
import type { Experiment } from '../../protocol/experiment';
import { type Message, message } from '../../protocol/messages';
import { judgeClasses, metricsOfConstant, type VisitClasses } from '../judging/classes';
import type { ClassData } from '../prepared';
import { numberClasses, refuseNewClass } from '../sequences/classes';
import { refuseEmptyParts } from '../sequences/inputs';
import type { TextItems } from './items';
import { nGramAnswers } from './nGrams';
import { partsByChance } from './parts';
import { cut, vocabularyOf } from './tokens';

/**
 * Data of the task `classify` where each sequence is a text. The tokens are those of the training part; the last token stands for
 * every other. Of a longer text the last `lookback` tokens are read.
 * @throws UnrollError `data` where a part gets no text or the classes cannot be learnt.
 */
export function prepareTexts({ texts, target, fingerprint }: TextItems, experiment: Experiment): ClassData {
  const { data } = experiment;
  const { read, most } = data.text ?? { read: 'characters', most: 1 };
  const items = partsByChance(texts.labels, texts.codes, target.codes, data.split);
  refuseEmptyParts(
    { train: { first: items.train }, validation: { first: items.validation }, test: { first: items.test } },
    data,
  );
  const tokensOf = texts.labels.map((text) => cut(text, read));
  const textOf = (item: number) => texts.codes[item] ?? -1;
  const vocabulary = vocabularyOf(
    Array.from(items.train, (item) => tokensOf[textOf(item)] ?? []),
    most,
  );
  const places = new Map(vocabulary.map((token, place) => [token, place] as const));
  const numbers = tokensOf.map((tokens) =>
    Int32Array.from(tokens.slice(-data.lookback), (token) => places.get(token) ?? vocabulary.length),
  );
  const codesOf = (part: Part) => Int32Array.from(items[part], (item) => target.codes[item] ?? -1);
  const classes = numberClasses(target.name, target.labels, codesOf('train'));
  for (const part of ['validation', 'test'] as const)
    refuseNewClass(target.name, target.labels, codesOf(part), classes);
  const everyStep = readsEveryStep(experiment);
  const longest = numbers.reduce((length, each) => Math.max(length, each.length), 1);
  const steps = Math.min(data.lookback, longest);
  const classOf = (item: number) => classes.numbers[target.codes[item] ?? -1] ?? 0;
  const visitOf = (part: Part): VisitClasses => {
    const own = items[part];
    return (index, visit) => {
      const item = own[index] ?? 0;
      visit(Math.max(0, (numbers[textOf(item)]?.length ?? 1) - 1), classOf(item));
    };
  };
  const count = (part: Part) => items[part].length;
  return {
    task: 'classify',
    shape: {
      steps,
      input: { kind: 'tokens', vocabulary: vocabulary.length + 1 },
      masked: true,
      targets: classes.names.length,
      longest: 0,
      classCounts: classes.counts,
    },
    columns: [],
    scalers: [],
    vocabulary,
    classes: classes.names,
    windows: { train: count('train'), validation: count('validation'), test: count('test') },
    fingerprint,
    notes: notesOn(texts.codes, target.codes, tokensOf, data.lookback, texts.labels.length),
    fill(part, indices, batch, into) {
      for (const buffer of [into.x, into.y, into.weight, into.mask]) buffer?.fill(0);
      const used = Math.min(indices.length, batch);
      for (let position = 0; position < used; position++) {
        const item = items[part][indices[position] ?? 0] ?? 0;
        const tokens = numbers[textOf(item)] ?? new Int32Array(0);
        for (let step = 0; step < tokens.length; step++) {
          into.x[step * batch + position] = tokens[step] ?? 0;
          if (into.mask !== undefined) into.mask[step * batch + position] = 1;
        }
        const [from, to] = everyStep ? [0, Math.max(0, tokens.length - 1)] : [0, 0];
        for (let place = from; place <= to; place++) {
          into.y[place * batch + position] = classOf(item);
          into.weight[place * batch + position] = 1;
        }
      }
    },
    judge: (part) => judgeClasses(classes.names.length, everyStep, visitOf(part)),
    baselines(part) {
      if (count(part) === 0) return {};
      const majority = classes.counts.indexOf(Math.max(...classes.counts));
      const answers = nGramAnswers(
        Array.from(items.train, (item) => ({ tokens: tokensOf[textOf(item)] ?? [], class: classOf(item) })),
        Array.from(items[part], (item) => tokensOf[textOf(item)] ?? []),
        classes.names.length,
        read,
      );
      const judge = judgeClasses(classes.names.length, false, visitOf(part));
      for (const [index, probabilities] of answers.entries()) judge.add([index], 1, probabilities, 1);
      return {
        majority: metricsOfConstant(classes.names.length, count(part), visitOf(part), majority),
        nGrams: judge.metrics(),
      };
    },
  };
}

function notesOn(
  texts: Int32Array,
  targets: Int32Array,
  tokens: readonly (readonly string[])[],
  lookback: number,
  distinct: number,
): Message[] {
  const notes: Message[] = [
    message('Texts have no order: which part one is in is left to chance, alike for every class.'),
  ];
  const known = texts.filter((text, item) => text >= 0 && (targets[item] ?? -1) >= 0).length;
  const left = texts.length - known;
  if (left > 0) notes.push(message('{0} rows without a text or a class were left out.', left));
  const repeats = texts.filter((text) => text >= 0).length - distinct;
  if (repeats > 0)
    notes.push(message('{0} texts are there more than once; equal texts are in the same part.', repeats));
  const long = texts.filter((text) => (tokens[text]?.length ?? 0) > lookback).length;
  if (long > 0)
    notes.push(message('{0} texts have more than {1} tokens; of these the last {1} are read.', long, lookback));
  return notes;
}
