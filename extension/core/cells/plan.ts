import { UnrollError } from '../../protocol/errors';
import type { Cell } from './cell';
import { type Expression, type FunctionName, termsOf, within } from './language';

/** How a cell's equations are best computed: what can be stacked, and what belongs outside the loop over time. */
export interface CellPlan {
  /**
   * The gates of the common form `fn(W x + Wb + R h + Rb)`: the first ones in the cell's order. One product makes all of them.
   */
  readonly common: readonly string[];
  /** The other gates. */
  readonly others: readonly string[];
  /** The gates whose R multiplies the state h itself: `common`, then others; their R is one product. */
  readonly onState: readonly string[];
  /** Neighbours in `common` that share a function. */
  readonly runs: readonly { readonly fn: FunctionName; readonly gates: readonly string[] }[];
  /** Biases that stand in the same sum as W x, and so are added outside the loop. */
  readonly folded: ReadonlySet<string>;
  foldsRecurrentBias(gate: string): boolean;
}

export function planCell(cell: Cell): CellPlan {
  const equations = new Map(cell.steps.map((step) => [step.name, step.value]));
  const ofGate = (gate: string): Expression => {
    const value = equations.get(gate);
    if (value === undefined)
      throw new UnrollError('model', 'The cell {0} does not define its gate {1}.', cell.title, gate);
    return value;
  };
  const common = leading(cell.gates, (gate) => isCommon(gate, ofGate(gate)));
  const others = cell.gates.slice(common.length);
  const onState = [...common, ...leading(others, (gate) => usesStateDirectly(gate, ofGate(gate)))];
  const folded = new Set(cell.gates.flatMap((gate) => [...biasesBesideInput(gate, ofGate(gate))]));
  const runs: { fn: FunctionName; gates: string[] }[] = [];
  for (const gate of common) {
    const value = ofGate(gate);
    if (value.kind !== 'call') continue;
    const last = runs.at(-1);
    if (last?.fn === value.fn) last.gates.push(gate);
    else runs.push({ fn: value.fn, gates: [gate] });
  }
  return { common, others, onState, runs, folded, foldsRecurrentBias: (gate) => folded.has(`Rb${gate}`) };
}

function leading<T>(items: readonly T[], test: (item: T) => boolean): T[] {
  const end = items.findIndex((item) => !test(item));
  return end < 0 ? [...items] : items.slice(0, end);
}

const show = (term: Expression): string => {
  if (term.kind === 'name') return term.next ? `${term.name}'` : term.name;
  return term.kind === 'product' ? `${term.matrix} ${show(term.operand)}` : term.kind;
};

function isCommon(gate: string, value: Expression): boolean {
  if (value.kind !== 'call') return false;
  const terms = termsOf(value.operand).map(show).sort();
  return terms.join() === [`W${gate} x`, `Wb${gate}`, `R${gate} h`, `Rb${gate}`].sort().join();
}

function usesStateDirectly(gate: string, value: Expression): boolean {
  return [...within(value)].some((inner) => inner.kind === 'product' && show(inner) === `R${gate} h`);
}

function* biasesBesideInput(gate: string, value: Expression): Generator<string> {
  for (const inner of within(value)) {
    const terms = termsOf(inner).map(show);
    if (!terms.includes(`W${gate} x`)) continue;
    for (const bias of [`Wb${gate}`, `Rb${gate}`]) if (terms.includes(bias)) yield bias;
  }
}
