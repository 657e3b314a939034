import { readsEveryStep } from '../../core/model/task';
import type { Part } from '../../protocol/data';
import type { Experiment } from '../../protocol/experiment';
import { type Message, message } from '../../protocol/messages';
import { baselineOfClasses, judgeClasses, type VisitClasses } from '../judging/classes';
import type { ClassData } from '../prepared';
import type { RowRange } from '../split';
import type { Reading } from '../table/reading';
import type { Sequences } from './assemble';
import { numberClasses, refuseNewClass } from './classes';
import { notesOnSequences, prepareInputs } from './inputs';
import { type Pieces, slidingPieces, tiledPieces, wholeSequences } from './pieces';

/**
 * Data of the tasks `classify`, one class a sequence, and `label`, one a step. Without a column of sequences, `classify` reads every
 * `lookback` rows with the class of the last one, and `label` every row once.
 * @throws UnrollError `data` where a part gets no sequence or the classes cannot be learnt.
 */
export function prepareClassified(
  sequences: Sequences,
  experiment: Experiment & { readonly task: ClassData['task'] },
  reading: Reading = {},
): ClassData {
  const { task, data } = experiment;
  const { starts, names, target } = sequences;
  const { labels, codes } = target;
  const codeAt = (row: number) => codes[row] ?? -1;
  const cut = (range: RowRange): Pieces => {
    if (names !== null)
      return wholeSequences(range, starts, data.lookback, (sequence) => isKnown(target.codes, starts, sequence));
    return task === 'label'
      ? tiledPieces(range, data.lookback)
      : slidingPieces(range, data.lookback, (row) => codeAt(row) >= 0);
  };
  const inputs = prepareInputs(sequences, experiment, reading, cut);
  const { pieces, shape } = inputs;
  const everyStep = readsEveryStep(experiment);

  /** Each answer of a piece with its step; of `classify` the class of the piece. */
  const visitCodes = (part: Part): VisitClasses => {
    const { first, length, counted } = pieces[part];
    return (index, visit) => {
      const [row = 0, rows = 0] = [first[index], length[index]];
      if (task === 'classify') return visit(rows - 1, lastKnown(codes, row, row + rows));
      for (let step = counted[index] ?? 0; step < rows; step++)
        if (codeAt(row + step) >= 0) visit(step, codeAt(row + step));
    };
  };
  const answersOf = (part: Part) => {
    const visit = visitCodes(part);
    const all = pieces[part];
    const answers = new Int32Array(task === 'classify' ? all.first.length : sum(all.length));
    let answered = 0;
    for (let index = 0; index < all.first.length; index++) {
      visit(index, (_, code) => {
        answers[answered++] = code;
      });
    }
    return answers.subarray(0, answered);
  };
  const classes = numberClasses(target.name, labels, answersOf('train'));
  for (const part of ['validation', 'test'] as const) refuseNewClass(target.name, labels, answersOf(part), classes);

  const visitOf = (part: Part): VisitClasses => {
    const visitCode = visitCodes(part);
    return (index, visit) => visitCode(index, (step, code) => visit(step, classes.numbers[code] ?? 0));
  };
  const count = (part: Part) => pieces[part].first.length;
  const judged = {
    classes: classes.names,
    everyStep,
    labels: task === 'label',
    // Windows of one file that end at every row share all rows but one with the next; of several sequences each is its own.
    overlap: names !== null ? null : task === 'label' ? 1 : data.lookback,
  };
  const unknown = names === null ? 0 : names.filter((_, sequence) => !isKnown(codes, starts, sequence)).length;
  return {
    task,
    shape: { ...shape, targets: classes.names.length, longest: 0, classCounts: classes.counts },
    columns: inputs.columns,
    scalers: inputs.scalers,
    classes: classes.names,
    vocabulary: null,
    windows: { train: count('train'), validation: count('validation'), test: count('test') },
    fingerprint: sequences.fingerprint,
    notes: [
      ...sequences.notes,
      ...notesOnSequences(sequences, data.lookback, unknown),
      ...notesOnClasses(sequences, task),
    ],
    fill(part, indices, batch, into) {
      const used = Math.min(indices.length, batch);
      inputs.fill(part, indices, used, batch, into);
      const visit = visitOf(part);
      for (let item = 0; item < used; item++) {
        const index = indices[item] ?? 0;
        visit(index, (step, truth) => {
          // Where a sequence's one class is asked at every step, each step has it (target replication, Lipton et al. 2016).
          const [from, to] = !everyStep ? [0, 0] : task === 'classify' ? [0, step] : [step, step];
          for (let place = from; place <= to; place++) {
            into.y[place * batch + item] = truth;
            into.weight[place * batch + item] = 1;
          }
        });
      }
    },
    judge: (part) => judgeClasses(judged, visitOf(part)),
    baselines(part) {
      if (count(part) === 0) return {};
      const majority = classes.counts.indexOf(Math.max(...classes.counts));
      return { majority: baselineOfClasses(judged, count(part), visitOf(part), () => majority) };
    },
  };
}

const sum = (counts: Uint32Array) => counts.reduce((total, count) => total + count, 0);

/** What a person must know of rows without a class, and of sequences with several. */
function notesOnClasses({ starts, names, target: { name, codes } }: Sequences, task: ClassData['task']): Message[] {
  if (names === null || task === 'label') {
    const open = codes.filter((code) => code < 0).length;
    return open === 0
      ? []
      : [message('{0} rows have no value of {1}; they are read, and nothing is learnt of them.', open, name)];
  }
  const several = names.filter((_, sequence) => {
    const own = codes.subarray(starts[sequence], starts[sequence + 1]).filter((code) => code >= 0);
    return own.some((code) => code !== own[0]);
  });
  return several.length === 0
    ? []
    : [
        message(
          '{0} sequences have more than one value of {1}, the first of them {2}; the last value of each is its class.',
          several.length,
          name,
          several[0] ?? '',
        ),
      ];
}

/** The code of the last row that has one; -1 where none has. */
function lastKnown(codes: Int32Array, start: number, end: number): number {
  for (let row = end - 1; row >= start; row--) {
    const code = codes[row] ?? -1;
    if (code >= 0) return code;
  }
  return -1;
}

const isKnown = (codes: Int32Array, starts: Uint32Array, sequence: number) =>
  lastKnown(codes, starts[sequence] ?? 0, starts[sequence + 1] ?? 0) >= 0;
