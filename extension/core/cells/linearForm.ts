import { type Expression, sumOf, termsOf, textOf, within } from '../../protocol/cellLanguage';
import type { Builder } from '../graph/builder';
import type { Value } from '../graph/value';
import { at, shapeOf } from '../ops/arguments';
import type { Cell } from './cell';
import { type Environment, evaluate } from './evaluate';
import { planCell } from './plan';

/** A cell whose only state follows h' = α ⊙ h + β, where neither α nor β depends on the state. */
export interface LinearForm {
  readonly alpha: Expression;
  readonly beta: Expression;
}

/** Finds the linear form of a cell in its equations; null where it has none. */
export function linearForm(cell: Cell): LinearForm | null {
  const bound = cell.steps.filter(({ name }) => planCell(cell).bound.some((step) => step.name === name));
  const [equation] = bound;
  if (equation === undefined || bound.length > 1 || !equation.next) return null;
  const state = equation.name;
  const reads = (part: Expression) => [...within(part)].some((inner) => inner.kind === 'name' && inner.name === state);
  const terms = termsOf(equation.value);
  const alphas = terms.filter(reads).map((term) => {
    const factors = factorsOf(term);
    const others = factors.filter((factor) => textOf(factor) !== state);
    if (others.length !== factors.length - 1 || others.some(reads)) return null;
    return productOf(others);
  });
  const betas = terms.filter((term) => !reads(term));
  if (alphas.length === 0 || betas.length === 0) return null;
  const known = alphas.filter((alpha) => alpha !== null);
  return known.length === alphas.length ? { alpha: sumOf(known), beta: sumOf(betas) } : null;
}

function factorsOf(expression: Expression): readonly Expression[] {
  if (expression.kind !== 'binary' || expression.operator !== '⊙') return [expression];
  return [...factorsOf(expression.left), ...factorsOf(expression.right)];
}

function productOf(factors: readonly Expression[]): Expression {
  if (factors.length === 0) return { kind: 'number', value: 1 };
  return factors.reduce((left, right) => ({ kind: 'binary', operator: '⊙', left, right }));
}

interface LinearProblem {
  readonly linear: LinearForm;
  /** What α and β are made of, for all steps. */
  readonly env: Environment;
  /** [hidden, batch] */
  readonly initial: Value;
  readonly reverse: boolean;
  readonly steps: number;
  /** [steps, 1, batch] each: 1 for real steps, and 1 for padded ones. */
  readonly padding: { readonly real: Value; readonly padded: Value } | null;
}

/** Every h of h' = α ⊙ h + β, [steps, hidden, batch]. A padded step has α = 1 and β = 0. */
export function solveLinear(b: Builder, problem: LinearProblem): Value {
  const { linear, env, initial, reverse, steps, padding } = problem;
  const masked = (value: Value) => (padding === null ? value : b.mul(value, padding.real));
  const alpha = masked(evaluate(b, linear.alpha, env));
  const beta = masked(evaluate(b, linear.beta, env));
  const kept = padding === null ? alpha : b.add(alpha, padding.padded);
  return solve(b, kept, beta, b.unsqueeze(initial, [0]), steps, reverse);
}

/**
 * Recursive doubling (Blelloch 1990): neighbouring steps are composed in pairs, (α₂, β₂) after (α₁, β₁) being
 * (α₂ ⊙ α₁, α₂ ⊙ β₁ + β₂); half as many steps are solved the same way; then the first step of every pair follows from the step
 * before the pair. log₂ steps rounds, and about four times the work of one pass.
 */
function solve(b: Builder, alpha: Value, beta: Value, initial: Value, steps: number, reverse: boolean): Value {
  if (steps === 1) return b.add(b.mul(alpha, initial), beta);
  const inner = shapeOf('Mul', beta).slice(1).map(Number);
  const pairs = Math.floor(steps / 2);
  const alone = steps - 2 * pairs;
  // An odd number of steps leaves over the one that is reached last.
  const sizes = reverse ? [alone, 2 * pairs] : [2 * pairs, alone];
  const cut = (value: Value) => (alone === 0 ? [value] : b.split(value, sizes, 0));
  const halves = (value: Value): [Value, Value] => {
    const [even, odd] = b.split(b.reshape(value, [pairs, 2, ...inner]), [1, 1], 1).map((half) => b.squeeze(half, [1]));
    if (even === undefined || odd === undefined) return [value, value];
    return reverse ? [odd, even] : [even, odd];
  };
  const [alphas, betas] = [cut(alpha), cut(beta)];
  const main = alone === 1 && reverse ? 1 : 0;
  const [alpha1, alpha2] = halves(at(alphas, main));
  const [beta1, beta2] = halves(at(betas, main));
  const seconds = solve(b, b.mul(alpha2, alpha1), b.add(b.mul(alpha2, beta1), beta2), initial, pairs, reverse);
  // What each pair starts from: the initial state, then what the pair before has left.
  const [start, last] = reverse ? [1, 0] : [0, pairs - 1];
  const before =
    pairs === 1
      ? initial
      : reverse
        ? b.concat([b.slice(seconds, start, pairs, 0), initial], 0)
        : b.concat([initial, b.slice(seconds, start, pairs - 1, 0)], 0);
  const firsts = b.add(b.mul(alpha1, before), beta1);
  const order = (reverse ? [seconds, firsts] : [firsts, seconds]).map((half) => b.unsqueeze(half, [1]));
  const whole = b.reshape(b.concat(order, 1), [2 * pairs, ...inner]);
  if (alone === 0) return whole;
  const rest = b.add(
    b.mul(at(alphas, 1 - main), pairs === 1 ? seconds : b.slice(seconds, last, last + 1, 0)),
    at(betas, 1 - main),
  );
  return b.concat(reverse ? [rest, whole] : [whole, rest], 0);
}
