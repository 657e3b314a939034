import { type Expression, within } from '../../protocol/cellLanguage';
import { UnrollError } from '../../protocol/errors';
import type { Cell } from './cell';

/** What a parameter does in a cell, which decides how it starts. */
export type ParameterRole = 'input' | 'recurrent' | 'bias' | 'recurrentBias' | 'peephole' | 'gain' | 'normBias';

/** One parameter of a layer: the blocks of `hidden` rows of its gates, stacked. */
export interface CellParameter {
  readonly name: ParameterName;
  /** [gates·hidden, columns] */
  readonly shape: readonly [number, number];
  readonly role: ParameterRole;
  /** The gate that each block of `hidden` rows belongs to. */
  readonly gates: readonly string[];
}

/**
 * The names that parameters have in equations, in the order in which everything lists them. `W` multiplies the input, `R` the
 * state; `Wb` and `Rb` are added to those; `P` are peepholes; `Gw`, `Gr` and `G` are the gains of normalised W x, R h and
 * states, `B` the bias of a normalised state.
 */
const roles = {
  W: 'input',
  R: 'recurrent',
  Wb: 'bias',
  Rb: 'recurrentBias',
  P: 'peephole',
  Gw: 'gain',
  Gr: 'gain',
  G: 'gain',
  B: 'normBias',
} as const satisfies Record<string, ParameterRole>;
export type ParameterName = keyof typeof roles;

const isParameterName = (name: string): name is ParameterName => Object.hasOwn(roles, name);

/** The parameter and the gate that a word of an equation stands for; null where it is a signal. */
export function parameterOf(word: string): { readonly name: ParameterName; readonly gate: string } | null {
  const [name, gate] = [word.slice(0, -1), word.slice(-1)];
  return isParameterName(name) ? { name, gate } : null;
}

/** The parameters of a layer with `input` inputs and `hidden` units, read from the equations. */
export function cellParameters(cell: Cell, input: number, hidden: number): readonly CellParameter[] {
  const used = new Map<ParameterName, Set<string>>();
  for (const { value } of cell.steps) {
    for (const part of within(value)) {
      const found = parameterOf(wordOf(part));
      if (found !== null) used.set(found.name, (used.get(found.name) ?? new Set()).add(found.gate));
    }
  }
  const order = [...cell.gates, ...cell.signals.map(({ name }) => name).filter((name) => !cell.gates.includes(name))];
  return (Object.keys(roles) as ParameterName[]).flatMap((name) => {
    const gates = order.filter((gate) => used.get(name)?.has(gate));
    if (gates.length === 0) return [];
    const columns = name === 'W' ? input : name === 'R' ? hidden : 1;
    return [{ name, shape: [gates.length * hidden, columns], role: roles[name], gates } as const];
  });
}

const wordOf = (part: Expression) => (part.kind === 'name' ? part.name : part.kind === 'product' ? part.matrix : '');

/** The gates of one parameter of a cell, in the order of its rows. */
export function gatesOf(cell: Cell, name: ParameterName): readonly string[] {
  const found = cellParameters(cell, 1, 1).find((parameter) => parameter.name === name);
  if (found === undefined) throw new UnrollError('internal', 'The cell {0} has no parameter {1}.', cell.title, name);
  return found.gates;
}
