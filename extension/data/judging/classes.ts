import type { Metrics } from '../../protocol/run';
import { Confidences } from './calibration';
import { classResults } from './classResults';
import type { Baseline, Judge } from './judge';
import { Mistakes, shortTitle } from './mistakes';
import { Spans } from './spans';
import { ShareRows, type Tally } from './tally';

/** Calls `visit` with each step of a sequence that has an answer, and the class that is right there. */
export type VisitClasses = (index: number, visit: (step: number, truth: number) => void) => void;

/** How often which class was taken for which. */
export class Confusion {
  /** `[truth, answer]`. */
  readonly counts: Float64Array;

  constructor(private readonly classes: number) {
    this.counts = new Float64Array(classes * classes);
  }

  add(truth: number, answer: number): void {
    const at = truth * this.classes + answer;
    this.counts[at] = (this.counts[at] ?? 0) + 1;
  }

  /**
   * Accuracy; F1 averaged over the classes that are there or were answered; and the correlation coefficient of Matthews (1975) for
   * any number of classes (Gorodkin 2004), which is 0 where one class alone is there or was answered.
   */
  metrics(): Metrics {
    const truths = new Float64Array(this.classes);
    const answers = new Float64Array(this.classes);
    let [total, right] = [0, 0];
    this.counts.forEach((count, at) => {
      const [truth, answer] = [Math.floor(at / this.classes), at % this.classes];
      truths[truth] = (truths[truth] ?? 0) + count;
      answers[answer] = (answers[answer] ?? 0) + count;
      total += count;
      if (truth === answer) right += count;
    });
    if (total === 0) return {};
    let [f1, seen, both, truthSquares, answerSquares] = [0, 0, 0, 0, 0];
    truths.forEach((truth, k) => {
      const answer = answers[k] ?? 0;
      both += truth * answer;
      truthSquares += truth * truth;
      answerSquares += answer * answer;
      if (truth + answer === 0) return;
      seen++;
      f1 += (2 * (this.counts[k * this.classes + k] ?? 0)) / (truth + answer);
    });
    const spread = Math.sqrt((total * total - answerSquares) * (total * total - truthSquares));
    return {
      accuracy: right / total,
      macroF1: f1 / seen,
      mcc: spread > 0 ? (right * total - both) / spread : 0,
    };
  }
}

/** What is judged. */
export interface Judged {
  /** The classes by their numbers. */
  readonly classes: readonly string[];
  /** Whether answers have an axis of steps in front. */
  readonly everyStep: boolean;
  /** Whether each step has a class of its own, so that spans of them are judged too. */
  readonly labels?: boolean;
  /** So many neighbouring sequences share steps; null, as where it is left out, where they have nothing to do with one another. */
  readonly overlap?: number | null;
  /** What a sequence is called, or says; where steps have labels, about a step. */
  readonly titleOf?: (index: number, step: number) => string;
}

/** Gathers answers sequence by sequence. */
class Gathered {
  readonly confusion: Confusion;
  readonly spans: Spans | null;
  private readonly rows = new ShareRows();

  constructor(private readonly judged: Pick<Judged, 'classes' | 'labels' | 'overlap'>) {
    this.confusion = new Confusion(judged.classes.length);
    this.spans = judged.labels === true ? new Spans(judged.classes) : null;
  }

  /** Takes the answers about one sequence: its steps that have one, what is right there and what was answered. */
  add(steps: readonly number[], truths: readonly number[], answers: readonly number[]): void {
    let right = 0;
    for (const [i, truth] of truths.entries()) {
      const answer = answers[i] ?? 0;
      this.confusion.add(truth, answer);
      if (truth === answer) right++;
    }
    this.rows.add(right, truths.length);
    this.spans?.add(steps, truths, answers);
  }

  metrics(): Metrics {
    const spanF1 = this.spans?.f1() ?? null;
    const metrics = this.confusion.metrics();
    return spanF1 === null ? metrics : { ...metrics, spanF1 };
  }

  tally(): Tally {
    return this.rows.read(this.judged.overlap ?? null);
  }
}

/** Judges the probabilities of classes. */
export function judgeClasses(judged: Judged, visit: VisitClasses): Judge {
  const { classes, everyStep, labels = false, titleOf } = judged;
  const outputs = classes.length;
  const gathered = new Gathered(judged);
  const confidences = new Confidences();
  const mistakes = new Mistakes();
  const take = (index: number, step: number, truth: number, answer: number, probability: number) => {
    confidences.add(probability, truth === answer);
    if (truth === answer) return;
    mistakes.add(probability, () => ({
      sequence: index,
      step: labels ? step : null,
      truth: classes[truth] ?? '',
      prediction: classes[answer] ?? '',
      probability,
      title: shortTitle(titleOf?.(index, step) ?? null),
    }));
  };
  return {
    add(indices, count, answers, batch) {
      for (let item = 0; item < count; item++) {
        const index = indices[item] ?? 0;
        const steps: number[] = [];
        const truths: number[] = [];
        const told: number[] = [];
        visit(index, (step, truth) => {
          const first = (everyStep ? step * outputs * batch : 0) + item;
          const answer = mostLikely(answers, first, outputs, batch);
          take(index, step, truth, answer, answers[first + answer * batch] ?? Number.NaN);
          steps.push(step);
          truths.push(truth);
          told.push(answer);
        });
        gathered.add(steps, truths, told);
      }
    },
    metrics: () => gathered.metrics(),
    tally: () => gathered.tally(),
    results() {
      const calibration = confidences.read();
      if (calibration === null) return {};
      return {
        classes: classResults(classes, gathered.confusion.counts),
        calibration,
        ...(gathered.spans === null ? {} : { spans: gathered.spans.rule }),
        mistakes: mistakes.read(),
      };
    },
  };
}

/** What an answer comes to that a rule gives to each of `count` sequences, at each of their steps that has one. */
export function baselineOfClasses(
  judged: Pick<Judged, 'classes' | 'labels' | 'overlap'>,
  count: number,
  visit: VisitClasses,
  answerAt: (index: number, step: number) => number,
): Baseline {
  const gathered = new Gathered(judged);
  for (let index = 0; index < count; index++) {
    const steps: number[] = [];
    const truths: number[] = [];
    const answers: number[] = [];
    visit(index, (step, truth) => {
      steps.push(step);
      truths.push(truth);
      answers.push(answerAt(index, step));
    });
    gathered.add(steps, truths, answers);
  }
  return { metrics: gathered.metrics(), tally: gathered.tally() };
}

/** The output with the highest value, of `outputs` values that lie `stride` apart from `first` on; of equal ones the first. */
export function mostLikely(answers: Float32Array, first: number, outputs: number, stride: number): number {
  let best = 0;
  for (let k = 1; k < outputs; k++) {
    if ((answers[first + k * stride] ?? 0) > (answers[first + best * stride] ?? 0)) best = k;
  }
  return best;
}
