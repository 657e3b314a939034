import type { Experiment } from '../../protocol/experiment';
import { type Message, message } from '../../protocol/messages';
import { classedItems } from '../items/classed';
import { partsByChance } from '../items/parts';
import { baselineOfClasses, mostLikely } from '../judging/classes';
import type { ClassData } from '../prepared';
import type { Texts } from '../sequences/texts';
import type { TextItems } from './items';
import { nGramAnswers } from './nGrams';
import { cut, longestOf, vocabularyToRead, withTokens } from './tokens';

/**
 * Data of the task `classify` where each sequence is a text. The tokens are those of the training part; the last token stands for
 * every other. Of a longer text the last `lookback` tokens are read.
 * @throws UnrollError `data` where a part gets no text or the classes cannot be learnt.
 */
export function prepareTexts(
  { texts: given, target, fingerprint, notes }: TextItems,
  experiment: Experiment,
): ClassData {
  const { data } = experiment;
  const { read, most } = data.text ?? { read: 'characters', most: 1 };
  const tokensOf = given.labels.map((text) => cut(text, read));
  const texts = withTokens(given, tokensOf);
  const parts = partsOfTexts(texts, target, data.split);
  const textOf = (item: number) => texts.codes[item] ?? -1;
  const wholeOf = (item: number) => tokensOf[textOf(item)] ?? [];
  const vocabulary = vocabularyToRead(Array.from(parts.train, wholeOf), most, read);
  const places = new Map(vocabulary.map((token, place) => [token, place] as const));
  // As long as those of the training part: what comes after the split changes no batch.
  const steps = longestOf(Array.from(parts.train, wholeOf), data.lookback);
  const numbers = tokensOf.map((tokens) =>
    Int32Array.from(tokens.slice(-steps), (token) => places.get(token) ?? vocabulary.length),
  );
  const lengthOf = (item: number) => numbers[textOf(item)]?.length ?? 0;
  const items = classedItems(target, parts, lengthOf, experiment, (item) => texts.labels[textOf(item)] ?? '');
  const { classes, classOf, itemAt } = items;
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
    windows: items.windows,
    countsIn: items.countsIn,
    fingerprint,
    notes: [...notes, ...notesOn(texts.codes, target.codes, tokensOf, steps, texts.labels.length)],
    fill(part, indices, batch, into) {
      for (const buffer of [into.x, into.y, into.weight, into.mask]) buffer?.fill(0);
      const used = Math.min(indices.length, batch);
      for (let position = 0; position < used; position++) {
        const tokens = numbers[textOf(itemAt(part, indices[position] ?? 0))] ?? new Int32Array(0);
        for (let step = 0; step < tokens.length; step++) {
          into.x[step * batch + position] = tokens[step] ?? 0;
          if (into.mask !== undefined) into.mask[step * batch + position] = 1;
        }
      }
      items.fillAnswers(part, indices, used, batch, into);
    },
    judge: items.judge,
    baselines(part) {
      const asked = Array.from(parts[part], wholeOf);
      if (asked.length === 0) return {};
      const known = Array.from(parts.train, (item) => ({ tokens: wholeOf(item), class: classOf(item) }));
      const count = classes.names.length;
      const answers = nGramAnswers(known, asked, count, read);
      return {
        majority: items.majority(part),
        nGrams: baselineOfClasses(
          { classes: classes.names },
          asked.length,
          (index, visit) => visit(0, classOf(itemAt(part, index))),
          (index) => mostLikely(answers[index] ?? new Float32Array(count), 0, count, 1),
        ),
      };
    },
  };
}

/** Which items are in which part. */
export const partsOfTexts = (texts: Texts, target: Texts, split: Experiment['data']['split']) =>
  partsByChance(texts.labels, withoutRepeats(texts.codes, target.codes), target.codes, split);

/** The texts of each item, -1 for one that says of a text what an item before it says: a text that stands often is no more evidence. */
function withoutRepeats(texts: Int32Array, classes: Int32Array): Int32Array {
  const seen = new Set<string>();
  return texts.map((text, item) => {
    const said = `${text} ${classes[item] ?? -1}`;
    if (text < 0 || seen.has(said)) return -1;
    seen.add(said);
    return text;
  });
}

function notesOn(
  texts: Int32Array,
  targets: Int32Array,
  tokens: readonly (readonly string[])[],
  steps: number,
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
    notes.push(
      message(
        '{0} rows repeat an earlier text; each text is read once for each of its classes, and equal texts are in the same part.',
        repeats,
      ),
    );
  const long = texts.filter((text) => (tokens[text]?.length ?? 0) > steps).length;
  if (long > 0)
    notes.push(message('{0} texts have more than {1} tokens; of these the last {1} are read.', long, steps));
  return notes;
}
