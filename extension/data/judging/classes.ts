import type { Metrics } from '../../protocol/run';
import type { Judge } from './judge';

/** Calls `visit` with each step of a sequence that has an answer, and the class that is right there. */
export type VisitClasses = (index: number, visit: (step: number, truth: number) => void) => void;

/** How often which class was taken for which. */
export class Confusion {
  private readonly counts: Float64Array;

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

/** Judges the probabilities of classes; `everyStep` says that answers have an axis of steps in front. */
export function judgeClasses(classes: number, everyStep: boolean, visit: VisitClasses): Judge {
  const confusion = new Confusion(classes);
  return {
    add(indices, count, answers, batch) {
      for (let item = 0; item < count; item++) {
        visit(indices[item] ?? 0, (step, truth) => {
          const first = (everyStep ? step * classes * batch : 0) + item;
          confusion.add(truth, mostLikely(answers, first, classes, batch));
        });
      }
    },
    metrics: () => confusion.metrics(),
  };
}

/** What the same answer to each of `count` sequences comes to. */
export function metricsOfConstant(classes: number, count: number, visit: VisitClasses, answer: number): Metrics {
  const confusion = new Confusion(classes);
  for (let index = 0; index < count; index++) visit(index, (_, truth) => confusion.add(truth, answer));
  return confusion.metrics();
}

/** The output with the highest value, of `outputs` values that lie `stride` apart from `first` on; of equal ones the first. */
export function mostLikely(answers: Float32Array, first: number, outputs: number, stride: number): number {
  let best = 0;
  for (let k = 1; k < outputs; k++) {
    if ((answers[first + k * stride] ?? 0) > (answers[first + best * stride] ?? 0)) best = k;
  }
  return best;
}
