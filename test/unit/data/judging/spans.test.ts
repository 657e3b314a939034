import assert from 'node:assert/strict';
import { Spans, spanRuleOf } from '../../../../extension/data/judging/spans';

/** F1 of labels that are written one after the other. */
function f1Of(names: readonly string[], truth: string, answer: string, steps?: readonly number[]): number | null {
  const numbers = (labels: string) => labels.split(' ').map((label) => names.indexOf(label));
  const spans = new Spans(names);
  const truths = numbers(truth);
  spans.add(steps ?? truths.map((_, step) => step), truths, numbers(answer));
  return spans.f1();
}

const tags = ['O', 'B-per', 'I-per', 'B-loc', 'I-loc'];

describe('spans of labels', () => {
  it('are told by prefixes where all labels have them', () => {
    assert.equal(spanRuleOf(tags), 'iob');
    assert.equal(spanRuleOf(['I-per', 'O']), 'iob');
    assert.equal(spanRuleOf(['O', 'walk']), 'runs');
    assert.equal(spanRuleOf(['O']), 'runs');
    assert.equal(spanRuleOf(['B-', 'O']), 'runs');
  });

  it('are found where kind, beginning and end are right', () => {
    // Three spans are there; two are answered, one of them rightly: precision 1/2, recall 1/3, F1 2/5.
    assert.equal(f1Of(tags, 'B-per I-per O B-loc B-loc', 'B-per I-per O B-loc I-loc'), 2 / 5);
    assert.equal(f1Of(tags, 'B-per I-per O', 'B-loc I-loc O'), 0);
    assert.equal(f1Of(tags, 'B-per I-per O', 'B-per I-per I-per'), 0);
  });

  it('begin with an I- after O or after another kind', () => {
    assert.equal(f1Of(tags, 'O I-per I-loc', 'O B-per B-loc'), 1);
    assert.equal(f1Of(tags, 'B-per I-per', 'B-per B-per'), 0);
  });

  it('are runs of equal labels elsewhere', () => {
    // Truth: a over 0-1, b over 2. Answer: a over 0, b over 1-2.
    assert.equal(f1Of(['a', 'b'], 'a a b', 'a b b'), 0);
    assert.equal(f1Of(['a', 'b'], 'a a b', 'a a a'), 0);
    // Three runs are there; two are answered, one of them rightly.
    assert.equal(f1Of(['a', 'b'], 'a a b a', 'a a b b'), 2 / 5);
  });

  it('end where steps are left out', () => {
    const names = ['a', 'b'];
    assert.equal(f1Of(names, 'a a a', 'a a b', [0, 1, 3]), 0.5);
  });

  it('have no F1 where there are none', () => {
    assert.equal(f1Of(tags, 'O O', 'O O'), null);
  });
});
