import assert from 'node:assert/strict';
import { judgeLanguage } from '../../../../extension/data/judging/language';

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
});
