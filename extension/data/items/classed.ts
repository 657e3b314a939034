import { readsEveryStep } from '../../core/model/task';
import type { Part } from '../../protocol/data';
import type { Experiment } from '../../protocol/experiment';
import type { Batch } from '../batch';
import { baselineOfClasses, judgeClasses, type VisitClasses } from '../judging/classes';
import type { Baseline, Judge } from '../judging/judge';
import type { ClassData } from '../prepared';
import { type Classes, numberClasses, refuseNewClass } from '../sequences/classes';
import { refuseEmptyParts } from '../sequences/inputs';
import type { Texts } from '../sequences/texts';

/** What is alike for all items that each have a class, whatever they are. */
export interface ClassedItems {
  readonly classes: Classes;
  readonly windows: ClassData['windows'];
  /** The number of an item's class. */
  classOf(item: number): number;
  /** How many items of each class a part has. */
  countsIn(part: Part): readonly number[];
  /** The item at a place of a part. */
  itemAt(part: Part, index: number): number;
  /** Writes the answers of the items at `indices` into a batch that is cleared. */
  fillAnswers(part: Part, indices: ArrayLike<number>, used: number, batch: number, into: Batch): void;
  judge(part: Part): Judge;
  /** What always answering the most frequent class comes to. */
  majority(part: Part): Baseline;
}

/**
 * Numbers the classes of items and says how answers about them are judged.
 * @param parts the items of each part
 * @param length how many steps of an item are read; its answer is that of the last one
 * @param titleOf what an item is called, or says
 * @throws UnrollError `data` where a part is empty or the classes cannot be learnt.
 */
export function classedItems(
  { name, labels, codes }: Texts,
  parts: Readonly<Record<Part, Uint32Array>>,
  length: (item: number) => number,
  experiment: Experiment,
  titleOf: (item: number) => string,
): ClassedItems {
  const firsts = {
    train: { first: parts.train },
    validation: { first: parts.validation },
    test: { first: parts.test },
  };
  refuseEmptyParts(firsts, experiment.data);
  const codesOf = (part: Part) => Int32Array.from(parts[part], (item) => codes[item] ?? -1);
  const classes = numberClasses(name, labels, codesOf('train'));
  for (const part of ['validation', 'test'] as const) refuseNewClass(name, labels, codesOf(part), classes);
  const everyStep = readsEveryStep(experiment);
  const classOf = (item: number) => classes.numbers[codes[item] ?? -1] ?? 0;
  const itemAt = (part: Part, index: number) => parts[part][index] ?? 0;
  const lastStep = (item: number) => Math.max(0, length(item) - 1);
  const visitOf = (part: Part): VisitClasses => {
    return (index, visit) => visit(lastStep(itemAt(part, index)), classOf(itemAt(part, index)));
  };
  return {
    classes,
    windows: { train: parts.train.length, validation: parts.validation.length, test: parts.test.length },
    classOf,
    countsIn(part) {
      const counts = new Array<number>(classes.names.length).fill(0);
      for (const item of parts[part]) counts[classOf(item)] = (counts[classOf(item)] ?? 0) + 1;
      return counts;
    },
    itemAt,
    fillAnswers(part, indices, used, batch, into) {
      for (let position = 0; position < used; position++) {
        const item = itemAt(part, indices[position] ?? 0);
        // Where the one class is asked at every step, each step has it (target replication, Lipton et al. 2016).
        for (let place = 0; place <= (everyStep ? lastStep(item) : 0); place++) {
          into.y[place * batch + position] = classOf(item);
          into.weight[place * batch + position] = 1;
        }
      }
    },
    judge: (part) =>
      judgeClasses(
        { classes: classes.names, everyStep, titleOf: (index) => titleOf(itemAt(part, index)) },
        visitOf(part),
      ),
    majority(part) {
      const most = classes.counts.indexOf(Math.max(...classes.counts));
      return baselineOfClasses({ classes: classes.names }, parts[part].length, visitOf(part), () => most);
    },
  };
}
