import assert from 'node:assert/strict';
import { parseEquations, rewrite, sumOf, termsOf, textOf, within } from '../../../extension/protocol/cellLanguage';
import { UnrollError } from '../../../extension/protocol/errors';

const value = (source: string) => {
  const [equation] = parseEquations(source);
  assert.ok(equation);
  return equation.value;
};

describe('protocol/cellLanguage', () => {
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

  it('divides and multiplies from left to right', () => {
    const parsed = value('a = f / g ⊙ h');
    assert.ok(parsed.kind === 'binary' && parsed.operator === '⊙' && parsed.left.kind === 'binary');
    assert.equal(parsed.left.operator, '/');
  });

  it('takes matrices and vectors apart by what follows their first letter', () => {
    assert.equal(value('a = Wi x').kind, 'product');
    assert.equal(value('a = Wbi').kind, 'name');
    assert.equal(value('a = Pi ⊙ c').kind, 'binary');
  });

  for (const text of [
    'σ(Wi x + Wbi + Ri (r ⊙ h) + Pi ⊙ c)',
    "o ⊙ tanh(Gc ⊙ norm(c') + Bc)",
    '(1 − z) ⊙ n + z ⊙ h',
    'a − (b − c)',
    'a + (b + c)',
    'f / (f + i) ⊙ h',
    'a ⊙ (b / c)',
  ]) {
    it(`writes "${text}" as it was read`, () => assert.equal(textOf(value(`y = ${text}`)), text));
  }

  it('rewrites parts from the outside in', () => {
    const changed = rewrite(value('a = tanh(b) + b'), (part) =>
      part.kind === 'call' ? { kind: 'number', value: 2 } : textOf(part) === 'b' ? { kind: 'number', value: 1 } : null,
    );
    assert.equal(textOf(changed), '2 + 1');
    assert.equal(textOf(sumOf(termsOf(value('a = b + c + d')))), 'b + c + d');
  });

  for (const wrong of ['a', 'a = ', 'a = b +', 'a = (b', 'a = b)', '= b', 'a = b $ c', 'a = σ b', 'a = b /']) {
    it(`refuses "${wrong}" and says where`, () => {
      assert.throws(
        () => parseEquations(wrong),
        (error) => error instanceof UnrollError && error.message.includes(wrong.trim()),
      );
    });
  }
});
