import assert from 'node:assert/strict';
import { judgedStretches, judgeLanguage } from '../../../../extension/data/judging/language';

describe('the judge of language', () => {
  // Two steps, of which the second sequence answers only the last.
  const visit = (index: number, take: (step: number, truth: number) => void) => {
    if (index === 0) take(0, 2);
    take(1, 0);
  };

  it('finds the perplexity of a fair die to be its number of faces', () => {
    const judge = judgeLanguage(6, visit);
    judge.add([0, 1], 2, new Float32Array(2 * 6 * 2).fill(1 / 6), 2);
    assert.ok(Math.abs((judge.metrics()['perplexity'] ?? 0) - 6) < 1e-5);
    assert.ok(Math.abs((judge.metrics()['nats'] ?? 0) - Math.log(6)) < 1e-6);
  });

  it('reads the probability of what really followed', () => {
    const judge = judgeLanguage(3, visit);
    // [steps, vocabulary, batch]
    judge.add([1, 0], 2, Float32Array.of(0, 0.2, 0, 0.3, 0, 0.5, 0.25, 0.125, 0, 0, 0, 0), 2);
    const expected = -(Math.log(0.5) + Math.log(0.25) + Math.log(0.125)) / 3;
    assert.ok(Math.abs((judge.metrics()['nats'] ?? 0) - expected) < 1e-6);
  });

  it('stays finite where the impossible happened, and is nothing before', () => {
    const judge = judgeLanguage(3, visit);
    assert.deepEqual(judge.metrics(), {});
    judge.add([1], 1, new Float32Array(6), 1);
    assert.ok(Number.isFinite(judge.metrics()['nats']) && (judge.metrics()['nats'] ?? 0) > 80);
  });

  it('keeps a row for every hundred steps, as the baselines have them', () => {
    assert.deepEqual(judgedStretches(30, 250), [
      [30, 100],
      [100, 200],
      [200, 250],
    ]);
    const from = [30, 0, 200];
    const judge = judgeLanguage(2, (index, take) => {
      for (let step = from[index] ?? 0; step < 250; step++) take(step, step % 2);
    });
    const answers = Float32Array.from({ length: 250 * 2 * 3 }, (_, i) => 0.2 + ((i * 7) % 11) / 20);
    judge.add([0, 1, 2], 3, answers, 3);
    const { rows, of } = judge.tally?.() ?? assert.fail();
    const characters = [...rows].filter((_, i) => i % 2 === 1);
    assert.deepEqual(
      characters,
      from.flatMap((first) => judgedStretches(first, 250).map(([start, end]) => end - start)),
    );
    const sums = [0, 1].map((k) => [...rows].reduce((sum, value, i) => sum + (i % 2 === k ? value : 0), 0));
    assert.ok(Math.abs(of(Float64Array.from(sums)) - (judge.metrics()['nats'] ?? 0)) < 1e-9);
  });
});
