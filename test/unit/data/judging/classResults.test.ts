import assert from 'node:assert/strict';
import { classResults } from '../../../../extension/data/judging/classResults';

describe('the results of classes', () => {
  it('have the precision, recall and F1 of each class', () => {
    // Truth a: 3 as a, 1 as b. Truth b: 2 as a, 4 as b.
    const { perClass } = classResults(['a', 'b'], Float64Array.of(3, 1, 2, 4));
    assert.deepEqual(perClass, [
      { precision: 3 / 5, recall: 3 / 4, f1: 6 / 9, support: 4 },
      { precision: 4 / 5, recall: 4 / 6, f1: 8 / 11, support: 6 },
    ]);
  });

  it('say nothing of what was never there nor answered', () => {
    const { perClass } = classResults(['a', 'b', 'c'], Float64Array.of(1, 0, 0, 1, 0, 0, 0, 0, 0));
    assert.deepEqual(perClass[1], { precision: null, recall: 0, f1: 0, support: 1 });
    assert.deepEqual(perClass[2], { precision: null, recall: null, f1: null, support: 0 });
  });

  it('keep the hundred most frequent of many classes and put all others together', () => {
    const length = 103;
    const names = Array.from({ length }, (_, k) => `class ${k}`);
    const counts = new Float64Array(length * length);
    // Every class is told rightly twice, but for 5, 6 and 102, which are there once: 5 as 6, 6 as 6, 102 as 0.
    for (let k = 0; k < length; k++) if (![5, 6, 102].includes(k)) counts[k * length + k] = 2;
    counts[5 * length + 6] = 1;
    counts[6 * length + 6] = 1;
    counts[102 * length] = 1;
    const results = classResults(names, counts);
    assert.equal(results.names.length, 100);
    assert.equal(results.others, 3);
    assert.ok(!results.names.includes('class 5') && !results.names.includes('class 102'));
    assert.deepEqual(results.names.slice(4, 6), ['class 4', 'class 7']);
    assert.equal(results.confusion.length, 101);
    const last = results.confusion[100] ?? [];
    assert.equal(last[100], 2);
    assert.equal(last[0], 1);
    // Among the others one of three is right, of two that were answered.
    assert.deepEqual(results.perClass[100], { precision: 0.5, recall: 1 / 3, f1: 2 / 5, support: 3 });
    assert.equal(
      results.confusion.flat().reduce((a, b) => a + b),
      counts.reduce((a, b) => a + b),
    );
  });
});
