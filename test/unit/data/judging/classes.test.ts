import assert from 'node:assert/strict';
import { Confusion, judgeClasses, metricsOfConstant } from '../../../../extension/data/judging/classes';

/** Metrics of truths and answers, by the confusion of the two. */
function metricsOf(classes: number, truths: readonly number[], answers: readonly number[]) {
  const confusion = new Confusion(classes);
  truths.forEach((truth, i) => {
    confusion.add(truth, answers[i] ?? -1);
  });
  return confusion.metrics();
}

const near = (actual: number | undefined, expected: number) =>
  assert.ok(Math.abs((actual ?? Number.NaN) - expected) < 1e-12, `${actual} is not ${expected}`);

/** Gorodkin's definition: the covariance of the one-hot columns over the root of their variances' product. */
function correlation(classes: number, truths: readonly number[], answers: readonly number[]): number {
  const hot = (values: readonly number[], k: number) => values.map((value) => Number(value === k));
  const centred = (values: readonly number[]) => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return values.map((value) => value - mean);
  };
  const covariance = (a: readonly number[], b: readonly number[]) =>
    Array.from({ length: classes }, (_, k) => k)
      .map((k) => {
        const y = centred(hot(b, k));
        return centred(hot(a, k)).reduce((sum, value, i) => sum + value * (y[i] ?? 0), 0);
      })
      .reduce((sum, each) => sum + each, 0);
  return covariance(truths, answers) / Math.sqrt(covariance(truths, truths) * covariance(answers, answers));
}

describe('metrics of classes', () => {
  it('are those of the examples in the documentation of scikit-learn', () => {
    near(metricsOf(3, [0, 1, 2, 0, 1, 2], [0, 2, 1, 0, 0, 1])['macroF1'], 4 / 15);
    near(metricsOf(2, [1, 1, 1, 0], [1, 0, 1, 1])['mcc'], -1 / 3);
    near(metricsOf(4, [0, 1, 2, 3], [0, 2, 1, 3])['accuracy'], 0.5);
  });

  it('have the correlation that its definition gives for many classes', () => {
    const truths = [0, 0, 1, 2, 2, 2, 3, 1, 0, 3, 3, 2];
    const answers = [0, 1, 1, 2, 0, 2, 3, 1, 0, 2, 3, 1];
    near(metricsOf(4, truths, answers)['mcc'], correlation(4, truths, answers));
  });

  it('leave a class out of the mean that is neither there nor answered', () => {
    assert.deepEqual(metricsOf(5, [0, 1], [0, 1]), { accuracy: 1, macroF1: 1, mcc: 1 });
  });

  it('give no correlation to one answer for everything', () => {
    assert.deepEqual(metricsOf(2, [0, 0, 1], [0, 0, 0]), { accuracy: 2 / 3, macroF1: 0.4, mcc: 0 });
    const visit = (index: number, take: (step: number, truth: number) => void) => take(0, [0, 0, 1][index] ?? 0);
    assert.deepEqual(metricsOfConstant(2, 3, visit, 0), metricsOf(2, [0, 0, 1], [0, 0, 0]));
  });

  it('are none before anything is judged', () => {
    assert.deepEqual(new Confusion(3).metrics(), {});
  });
});

describe('the judge of classes', () => {
  const truths = [2, 0, 1];
  const visit = (index: number, take: (step: number, truth: number) => void) => take(1, truths[index] ?? 0);

  it('reads the most likely class of each sequence, and no padding', () => {
    const judge = judgeClasses(3, false, visit);
    // [classes, batch] of sequences 1 and 0, and one that only fills the batch.
    judge.add([1, 0], 2, Float32Array.of(0.6, 0.1, 0, 0.3, 0.2, 0, 0.1, 0.7, 1), 3);
    assert.equal(judge.metrics()['accuracy'], 1);
    judge.add([2], 1, Float32Array.of(0.6, 0, 0, 0.3, 0, 0, 0.1, 0, 0), 3);
    assert.equal(judge.metrics()['accuracy'], 2 / 3);
  });

  it('reads the step that has the answer', () => {
    const judge = judgeClasses(3, true, visit);
    judge.add([2], 1, Float32Array.of(0, 0, 1, 0, 1, 0), 1);
    assert.equal(judge.metrics()['accuracy'], 1);
  });
});
