import assert from 'node:assert/strict';
import { baselineOfClasses, Confusion, judgeClasses } from '../../../../extension/data/judging/classes';

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
    const { metrics } = baselineOfClasses({ classes: ['a', 'b'] }, 3, visit, () => 0);
    assert.deepEqual(metrics, metricsOf(2, [0, 0, 1], [0, 0, 0]));
  });

  it('are none before anything is judged', () => {
    assert.deepEqual(new Confusion(3).metrics(), {});
  });
});

describe('the judge of classes', () => {
  const classes = ['a', 'b', 'c'];
  const truths = [2, 0, 1];
  const visit = (index: number, take: (step: number, truth: number) => void) => take(1, truths[index] ?? 0);

  it('reads the most likely class of each sequence, and no padding', () => {
    const judge = judgeClasses({ classes, everyStep: false }, visit);
    // [classes, batch] of sequences 1 and 0, and one that only fills the batch.
    judge.add([1, 0], 2, Float32Array.of(0.6, 0.1, 0, 0.3, 0.2, 0, 0.1, 0.7, 1), 3);
    assert.equal(judge.metrics()['accuracy'], 1);
    judge.add([2], 1, Float32Array.of(0.6, 0, 0, 0.3, 0, 0, 0.1, 0, 0), 3);
    assert.equal(judge.metrics()['accuracy'], 2 / 3);
  });

  it('reads the step that has the answer', () => {
    const judge = judgeClasses({ classes, everyStep: true }, visit);
    judge.add([2], 1, Float32Array.of(0, 0, 1, 0, 1, 0), 1);
    assert.equal(judge.metrics()['accuracy'], 1);
  });

  it('tells which class was taken for which, how sure it was, and the surest mistakes', () => {
    const judge = judgeClasses({ classes, everyStep: false, titleOf: (index) => `sequence ${index}` }, visit);
    // Sequence 0 is c and answered c at 0.5; 1 is a and answered b at 0.75; 2 is b and answered c at 1.
    judge.add([0, 1, 2], 3, Float32Array.of(0.25, 0, 0, 0.25, 0.75, 0, 0.5, 0.25, 1), 3);
    const results = judge.results?.();
    assert.deepEqual(results?.classes, {
      names: classes,
      others: 0,
      confusion: [
        [0, 1, 0],
        [0, 0, 1],
        [0, 0, 1],
      ],
      perClass: [
        { precision: null, recall: 0, f1: 0, support: 1 },
        { precision: 0, recall: 0, f1: 0, support: 1 },
        { precision: 0.5, recall: 1, f1: 2 / 3, support: 1 },
      ],
    });
    assert.deepEqual(
      results?.mistakes?.map(({ sequence, truth, prediction, probability, title }) => [
        sequence,
        truth,
        prediction,
        probability,
        title,
      ]),
      [
        [2, 'b', 'c', 1, 'sequence 2'],
        [1, 'a', 'b', 0.75, 'sequence 1'],
      ],
    );
    // |1 − 0.5| + |0 − 0.75| + |0 − 1|, each a third of the answers.
    near(results?.calibration?.error, 2.25 / 3);
    assert.equal(results?.spans, undefined);
  });

  it('judges the spans of labels', () => {
    const names = ['O', 'B-x', 'I-x'];
    // Truth: one span over steps 0 and 1, one at step 3.
    const labels = [1, 2, 0, 1];
    const judge = judgeClasses({ classes: names, everyStep: true, labels: true }, (_, take) =>
      labels.forEach((truth, step) => {
        take(step, truth);
      }),
    );
    // Answers B I O O: the first span is found, the second is not.
    judge.add([0], 1, Float32Array.of(0, 1, 0, 0, 0, 1, 1, 0, 0, 1, 0, 0), 1);
    near(judge.metrics()['spanF1'], 2 / 3);
    assert.equal(judge.results?.().spans, 'iob');
    assert.equal(judge.results?.().mistakes?.[0]?.step, 3);
  });

  it('has nothing more to say before anything is judged', () => {
    assert.deepEqual(judgeClasses({ classes, everyStep: false }, visit).results?.(), {});
  });
});
