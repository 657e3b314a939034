import assert from 'node:assert/strict';
import { nGramAnswers } from '../../../../extension/data/texts/nGrams';
import { cut } from '../../../../extension/data/texts/tokens';

describe('the n-gram regression', () => {
  const animals = ['cat', 'dog', 'cow', 'hen', 'pig'];
  const tools = ['saw', 'axe', 'awl', 'hoe', 'jig'];
  const sentence = (word: string, i: number) => cut(`number ${i} is a ${word} here`, 'words');
  const training = [...animals.map((w) => [w, 0] as const), ...tools.map((w) => [w, 1] as const)].flatMap(
    ([word, own]) => [1, 2, 3].map((i) => ({ tokens: sentence(word, i), class: own })),
  );

  it('learns which words tell classes apart, and gives probabilities', () => {
    const asked = [...animals, ...tools].map((word) => sentence(word, 9));
    const answers = nGramAnswers(training, asked, 2, 'words');
    answers.forEach((probabilities, i) => {
      assert.ok(Math.abs((probabilities[0] ?? 0) + (probabilities[1] ?? 0) - 1) < 1e-5);
      assert.ok((probabilities[i < 5 ? 0 : 1] ?? 0) > 0.7, `${i}: ${probabilities}`);
    });
  });

  it('gives what is frequent to a text of which it knows nothing', () => {
    const uneven = [...training.slice(0, 15), ...training.slice(0, 15), ...training.slice(15, 18)];
    const [answer] = nGramAnswers(uneven, [[]], 2, 'words');
    assert.ok((answer?.[0] ?? 0) > 0.5);
  });

  it('is the same at every time', () => {
    const [a, b] = [1, 2].map(() => nGramAnswers(training, [sentence('cat', 4)], 2, 'characters')[0]);
    assert.deepEqual(a, b);
  });
});
