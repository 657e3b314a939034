import assert from 'node:assert/strict';
import { RandomStream } from '../../../../extension/core/random';
import { KneserNey } from '../../../../extension/data/text/kneserNey';

const tokensOf = (text: string) => Array.from(text, (character) => character.charCodeAt(0) - 97);

describe('n-grams with Kneser-Ney smoothing', () => {
  const training = tokensOf('abracadabraabracadabra');

  it('give every token a probability, and all of them together 1, after any tokens', () => {
    const model = new KneserNey(training, 26, 4);
    for (const before of ['', 'a', 'br', 'abr', 'zzz', 'rab']) {
      const sums = new Float64Array(4);
      for (let token = 0; token < 26; token++) {
        const tokens = [...tokensOf(before), token];
        const nats = model.nats(tokens, tokens.length - 1, tokens.length);
        for (const [n, value] of nats.entries()) sums[n] = (sums[n] ?? 0) + Math.exp(-value);
      }
      for (const sum of sums) assert.ok(Math.abs(sum - 1) < 1e-9, `after "${before}": ${sum}`);
    }
  });

  it('are what the formula says of two tokens', () => {
    // Of a, b in "aabab": bigrams aa 1, ab 2, ba 1; one follows a once and one twice, and two kinds stand before a, one before b.
    const model = new KneserNey(tokensOf('aabab'), 2, 2);
    const y = (n1: number, n2: number) => n1 / (n1 + 2 * n2);
    const bound = (k: number, value: number) => Math.min(k - 0.05, Math.max(0.05, value));
    const y2 = y(2, 1);
    const [d1, d2] = [bound(1, 1 - (2 * y2 * 1) / 2), bound(2, 2 - (3 * y2 * 0) / 1)];
    const y1 = y(1, 1);
    const [e1, e2] = [bound(1, 1 - (2 * y1 * 1) / 1), bound(2, 2 - 0)];
    const unigram = (2 - e2 + (e1 + e2) / 2) / 3;
    const bigram = (1 - d1 + (d1 + d2) * unigram) / 3;
    const nats = model.nats(tokensOf('aa'), 1, 2);
    // Three a and two b as they were seen: none once, so y is 0 and the discounts are as large as they may be.
    assert.ok(Math.abs(Math.exp(-(nats[0] ?? 0)) - (3 - 2.95 + (1.95 + 2.95) / 2) / 5) < 1e-12);
    assert.ok(Math.abs(Math.exp(-(nats[1] ?? 0)) - bigram) < 1e-12);
  });

  it('know a text better that goes on as it began, the longer the better', () => {
    const random = new RandomStream(3, 0, 0);
    const words = ['the', 'cat', 'sat', 'on', 'mats', 'and', 'dogs'];
    const text = Array.from({ length: 3000 }, () => words[random.below(words.length)] ?? '').join('z');
    const tokens = tokensOf(text);
    const end = Math.floor(tokens.length * 0.9);
    const nats = new KneserNey(tokens.slice(0, end), 26, 4).nats(tokens, end, tokens.length);
    for (let n = 1; n < 4; n++) assert.ok((nats[n] ?? 0) < (nats[n - 1] ?? 0), `${nats}`);
  });
});
