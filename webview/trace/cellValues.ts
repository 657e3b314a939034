import { type Equation, type Expression, nameOf, textOf } from '../../extension/protocol/cellLanguage';
import type { LayerOutline } from '../../extension/protocol/inspection';
import { applied, inverted } from './cellFunctions';
import { type CellNode, isWeighted } from './cellGraph';
import type { StepValues } from './source';

/** The number of one unit under a name as equations have it, `c'` for a state after the step; NaN for what is not known. */
export type ValueOf = (name: string) => number;

/**
 * The numbers of a unit by the names of equations: a state without a prime is that of the step before.
 * @param past the values of that step; null at the beginning, where they are not known.
 */
export function knownAt(
  { signals, states, direction }: LayerOutline,
  layer: number,
  unit: number,
  now: Pick<StepValues, 'of'>,
  past: Pick<StepValues, 'of'> | null,
): ValueOf {
  const all = (values: Pick<StepValues, 'of'>, signal: number) => values.of({ of: 'layer', layer, signal });
  // A layer that reads a shorter sequence backwards begins where its padding ends, which is all zeros, and not with these.
  const isPadding =
    direction === 'reverse' && past !== null && signals.every((_, i) => all(past, i).every((value) => value === 0));
  const before = isPadding ? null : past;
  const found = (values: Pick<StepValues, 'of'> | null, name: string) => {
    const signal = signals.findIndex((each) => each.name === name);
    return signal < 0 || values === null ? Number.NaN : (all(values, signal)[unit] ?? Number.NaN);
  };
  return (name) => {
    if (name.endsWith("'")) return found(now, name.slice(0, -1));
    return found(states.includes(name) ? before : now, name);
  };
}

/** What an expression comes to for one unit; NaN where weights or other units have a part in it. */
export function unitValue(expression: Expression, known: ValueOf): number {
  switch (expression.kind) {
    case 'number':
      return expression.value;
    case 'name':
      return known(nameOf(expression));
    case 'call':
      return applied(expression.fn, unitValue(expression.operand, known));
    case 'product':
      return Number.NaN;
    case 'binary': {
      const [left, right] = [unitValue(expression.left, known), unitValue(expression.right, known)];
      switch (expression.operator) {
        case '+':
          return left + right;
        case '−':
          return left - right;
        case '⊙':
          return left * right;
        case '/':
          return left / right;
      }
    }
  }
}

/** What a node gives. */
export const nodeValue = ({ name, value }: CellNode, known: ValueOf): number =>
  name === null ? unitValue(value, known) : known(name);

/** An equation with numbers in place of names. */
export interface FilledEquation {
  /** What stands on the right of the equation with the values put in, such as `0.912 ⊙ −0.321 + …` or `σ(2.31)`; may be empty. */
  readonly filled: string;
  /** The value that the trace has. */
  readonly result: number;
  /** What the right side comes to, where that is known and is not what the trace has; else null. */
  readonly departs: number | null;
}

/** Signals have 32 bits, and operators may compute a function by an approximation. */
const tolerance = 1e-3;

/** Puts the values of one unit into an equation. Of a sum with weights it is what a function made of it, inverted, where that is known. */
export function fillEquation(equation: Equation, known: ValueOf, write: (value: number) => string): FilledEquation {
  const result = known(nameOf(equation));
  const { value } = equation;
  const computed = unitValue(value, known);
  if (Number.isFinite(computed)) {
    const off = Math.abs(computed - result) > tolerance * Math.max(1, Math.abs(result));
    return { filled: substituted(value, known, write), result, departs: off ? computed : null };
  }
  if (value.kind === 'call' && isWeighted(value.operand)) {
    const sum = inverted(value.fn, result);
    return { filled: Number.isFinite(sum) ? `${value.fn}(${write(sum)})` : '', result, departs: null };
  }
  const filled = isWeighted(value) ? '' : substituted(value, known, write);
  return { filled, result, departs: null };
}

/** What stands for a name that has no number stays the name; a negative number behind a plus or minus stands in brackets. */
function substituted(value: Expression, known: ValueOf, write: (value: number) => string): string {
  const text = textOf(value, (name) => {
    const number = known(nameOf(name));
    return Number.isFinite(number) ? write(number) : nameOf(name);
  });
  return text.replace(/ ([+−]) (−[^\s()]+)/g, ' $1 ($2)');
}
