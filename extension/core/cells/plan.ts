import {
  type Equation,
  type Expression,
  type FunctionName,
  rewrite,
  sumOf,
  termsOf,
  textOf,
  within,
} from '../../protocol/cellLanguage';
import type { Cell } from './cell';
import { gatesOf, parameterOf } from './parameters';

/** How a cell's equations are best computed: what can be stacked, and what belongs outside the loop over time. */
export interface CellPlan {
  /** The gates with `W x` and `R h` in one sum: the first ones in the cell's order. One product makes the sums of all of them. */
  readonly common: readonly string[];
  /** The gates whose R multiplies the state h itself: `common`, then others, whose R is one product. */
  readonly onState: readonly string[];
  /** The biases that are part of the product of `common`. */
  readonly folded: readonly ('Wb' | 'Rb')[];
  /**
   * Neighbours in `common` that are one function of that sum and nothing else, with the function; a gate that is something else
   * stands alone, without one. Together they are `common`.
   */
  readonly runs: readonly { readonly fn: FunctionName | null; readonly gates: readonly string[] }[];
  /** The equations that do not depend on the states: computed for all steps at once. */
  readonly free: readonly Equation[];
  /**
   * The other equations, rewritten for the step: `sum i` stands for the sum of a common gate, `Rn h` for a product with the
   * state, `read h` for h as matrices see it, and `given 1` for what `given` holds.
   */
  readonly bound: readonly Equation[];
  /** The parts of them that do not depend on the states; each is computed for all steps at once. */
  readonly given: readonly { readonly name: string; readonly value: Expression; readonly varies: boolean }[];
}

/** Names of the values that a step finds ready. */
export const readyNames = {
  sum: (gate: string) => `sum ${gate}`,
  product: (gate: string) => `R${gate} h`,
  read: 'read h',
} as const;

export function planCell(cell: Cell): CellPlan {
  const waiting = waitingSignals(cell);
  const isFree = (part: Expression) =>
    ![...within(part)].some((inner) => inner.kind === 'name' && waiting.has(inner.name));
  const free = cell.steps.filter(({ name }) => !waiting.has(name));
  const bound = cell.steps.filter(({ name }) => waiting.has(name));
  const varying = new Set(['x', ...free.map(({ name }) => name)]);
  const parts = bound.flatMap(({ value }) => [...within(value)]);

  const commonSum = (gate: string) =>
    parts
      .map((part) => termsOf(part).map((term) => textOf(term)))
      .find((terms) => terms.includes(`W${gate} x`) && terms.includes(`R${gate} h`));
  const readsState = (gate: string) => parts.some((part) => textOf(part) === `R${gate} h`);
  const common = leading(cell.gates, (gate) => commonSum(gate) !== undefined);
  const stateGates = parts.some((part) => part.kind === 'product' && part.matrix.startsWith('R'))
    ? gatesOf(cell, 'R')
    : [];
  const onState = [...common, ...stateGates.filter((gate) => !common.includes(gate) && readsState(gate))];
  const folded = (['Wb', 'Rb'] as const).filter(
    (bias) => common.length > 0 && common.every((gate) => commonSum(gate)?.includes(`${bias}${gate}`)),
  );
  const stacked = new Map(
    common.flatMap((gate) =>
      [`W${gate} x`, `R${gate} h`, ...folded.map((bias) => `${bias}${gate}`)].map((text) => [text, gate] as const),
    ),
  );

  const given = new Map<string, CellPlan['given'][number]>();
  const outside = (value: Expression): Expression => {
    const varies = [...within(value)].some((part) => part.kind === 'name' && varying.has(part.name));
    if (value.kind === 'number' || (value.kind === 'name' && !varies)) return value;
    const text = textOf(value);
    const entry = given.get(text) ?? { name: `given ${given.size + 1}`, value, varies };
    given.set(text, entry);
    return named(entry.name);
  };
  const change = (part: Expression): Expression | null => {
    if (isFree(part)) return outside(part);
    if (part.kind === 'product') {
      const gate = parameterOf(part.matrix)?.gate ?? '';
      if (onState.includes(gate) && textOf(part) === readyNames.product(gate)) return named(readyNames.product(gate));
      const read = (inner: Expression) => (textOf(inner) === 'h' ? named(readyNames.read) : change(inner));
      return { ...part, operand: rewrite(part.operand, read) };
    }
    if (part.kind !== 'binary' || part.operator !== '+') return null;
    const terms = termsOf(part);
    const gate = terms.map((term) => stacked.get(textOf(term))).find((found) => found !== undefined);
    const rest = gate === undefined ? terms : terms.filter((term) => stacked.get(textOf(term)) !== gate);
    const ready = rest.filter(isFree);
    return sumOf([
      ...(gate === undefined ? [] : [named(readyNames.sum(gate))]),
      ...(ready.length === 0 ? [] : [outside(sumOf(ready))]),
      ...rest.filter((term) => !isFree(term)).map((term) => rewrite(term, change)),
    ]);
  };
  const rewritten = bound.map((step) => ({ ...step, value: rewrite(step.value, change) }));

  const runs: { fn: FunctionName | null; gates: string[] }[] = [];
  for (const gate of common) {
    const value = rewritten.find(({ name }) => name === gate)?.value;
    const pure = value?.kind === 'call' && textOf(value.operand) === readyNames.sum(gate);
    const fn = pure ? value.fn : null;
    const last = runs.at(-1);
    if (fn !== null && fn !== 'norm' && last?.fn === fn) last.gates.push(gate);
    else runs.push({ fn: fn === 'norm' ? null : fn, gates: [gate] });
  }
  return { common, onState, folded, runs, free, bound: rewritten, given: [...given.values()] };
}

const named = (name: string): Expression => ({ kind: 'name', name, next: false });

/** The states and the signals that depend on them. */
function waitingSignals(cell: Cell): ReadonlySet<string> {
  const waiting = new Set(cell.states);
  for (const { name, value } of cell.steps) {
    const waits = [...within(value)].some((part) => part.kind === 'name' && waiting.has(part.name));
    if (waits) waiting.add(name);
  }
  return waiting;
}

function leading<T>(items: readonly T[], test: (item: T) => boolean): T[] {
  const end = items.findIndex((item) => !test(item));
  return end < 0 ? [...items] : items.slice(0, end);
}
