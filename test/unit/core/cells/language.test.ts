import assert from 'node:assert/strict';
import { parseEquations, termsOf, within } from '../../../../extension/core/cells/language';
import { UnrollError } from '../../../../extension/protocol/errors';

const value = (source: string) => {
  const [equation] = parseEquations(source);
  assert.ok(equation);
  return equation.value;
};

describe('cells/language', () => {
  it('reads matrices before their operand, biases, and the product of elements before the sum', () => {
    assert.deepEqual(value('n = Wn x + r ⊙ (Rn h + Rbn)'), {
      kind: 'binary',
      operator: '+',
      left: { kind: 'product', matrix: 'Wn', operand: { kind: 'name', name: 'x', next: false } },
      right: {
        kind: 'binary',
        operator: '⊙',
        left: { kind: 'name', name: 'r', next: false },
        right: {
          kind: 'binary',
          operator: '+',
          left: { kind: 'product', matrix: 'Rn', operand: { kind: 'name', name: 'h', next: false } },
          right: { kind: 'name', name: 'Rbn', next: false },
        },
      },
    });
  });

  it('tells a next state from the present one', () => {
    const [equation] = parseEquations("h' = o ⊙ tanh(c')");
    assert.equal(equation?.name, 'h');
    assert.equal(equation?.next, true);
    assert.deepEqual([...within(value("h' = o ⊙ tanh(c')"))].at(-1), { kind: 'name', name: 'c', next: true });
  });

  it('subtracts from left to right', () => {
    const parsed = value('a = 3 − 2 − 1');
    assert.ok(parsed.kind === 'binary' && parsed.left.kind === 'binary');
    assert.deepEqual(parsed.right, { kind: 'number', value: 1 });
  });

  it('flattens sums only', () => {
    assert.equal(termsOf(value('a = b + c + d ⊙ e')).length, 3);
    assert.equal(termsOf(value('a = b − c')).length, 1);
  });

  for (const wrong of ['a', 'a = ', 'a = b +', 'a = (b', 'a = b)', '= b', 'a = b $ c', 'a = σ b']) {
    it(`refuses "${wrong}" and says where`, () => {
      assert.throws(
        () => parseEquations(wrong),
        (error) => error instanceof UnrollError && error.message.includes(wrong.trim()),
      );
    });
  }
});
