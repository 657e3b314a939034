import assert from 'node:assert/strict';
import { type Choices, isTranscript, largest, score, transcriptOf } from '../../../webview/trace/choices';
import { measureOf, sharesOf } from '../../../webview/trace/shares';

const choices: Choices = {
  names: ['', 'a', 'b'],
  truth: ['ab'],
  everyStep: true,
  likeliest: [0, 1, 1, 0, 1, 2, 2],
};

describe('what is chosen among names', () => {
  it('are the largest, the largest first, and nothing that is no number', () => {
    assert.deepEqual(largest([3, Number.NaN, 7, -1, 7, 5], 3), [2, 4, 5]);
    assert.deepEqual(largest([Number.NaN], 5), []);
    assert.deepEqual(largest([1, 2], 5), [1, 0]);
    const many = Float32Array.from({ length: 1000 }, (_, i) => Math.sin(i * 12.9898) * 43758.5453);
    const sorted = [...many.keys()].sort((a, b) => (many[b] ?? 0) - (many[a] ?? 0)).slice(0, 5);
    assert.deepEqual(largest(many, 5), sorted);
  });

  it('are read as a transcript without repeats and blanks', () => {
    assert.equal(isTranscript(choices), true);
    assert.equal(transcriptOf(choices), 'aab');
  });

  it('are right where they are asked for', () => {
    const asked = { ...choices, names: ['x', 'a', 'b'], truth: ['x', null, 'b', 'x', 'a', 'b', 'a'] };
    assert.deepEqual(score(asked), { right: 4, asked: 6 });
  });
});

describe('the shares of an output', () => {
  const sum = (values: Float32Array) => values.reduce((total, value) => total + value, 0);

  it('are its numbers where these are probabilities, or what logarithms come to', () => {
    const p = Float32Array.of(0.2, 0.5, 0.3);
    assert.equal(measureOf(p), 'probabilities');
    assert.equal(sharesOf(p, 'probabilities'), p);
    const logs = p.map(Math.log);
    assert.equal(measureOf(logs), 'logarithms');
    assert.ok(sharesOf(logs, 'logarithms').every((value, i) => Math.abs(value - (p[i] ?? 0)) < 1e-6));
  });

  it('are the softmax of everything else, however large', () => {
    const logits = Float32Array.of(1000, 1001, -1000);
    assert.equal(measureOf(logits), 'logits');
    const shares = sharesOf(logits, 'logits');
    assert.ok(Math.abs(sum(shares) - 1) < 1e-6);
    assert.ok(Math.abs((shares[1] ?? 0) - 1 / (1 + Math.exp(-1))) < 1e-6);
    const infinite = sharesOf(Float32Array.of(Number.POSITIVE_INFINITY, 1), 'logits');
    assert.deepEqual([...infinite], [1, 0]);
    const holed = sharesOf(Float32Array.of(0, Number.NaN, 0), 'logits');
    assert.deepEqual([holed[0], holed[2]], [0.5, 0.5]);
  });
});
