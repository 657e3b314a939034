import type { Cell } from '../cells/cell';
import { fusedAttributes } from '../cells/fused';
import { fusedWeights } from '../cells/fusedWeights';
import { gru, gruResetBefore } from '../cells/gru';
import { type Builder, text } from '../graph/builder';
import type { Graph, Node } from '../graph/graph';
import type { Value } from '../graph/value';
import { at } from '../ops/arguments';
import { floats, toNumbers } from '../tensor';
import type { Axes, MatchedCell } from './match/contract';
import type { CellRun } from './tracedCell';

/** The fused operator of a cell, written out. */
export interface OperatorForm {
  /** [steps, batch, hidden] */
  readonly Y: Value;
  /** [batch, hidden] each, in the order of `cell.states`. */
  readonly finals: readonly Value[];
}

/** What takes the place of values of a graph. */
export type Replacements = ReadonlyMap<Value, Value>;

/** Whether onnxruntime has an operator for a cell. */
export const hasOperator = (matched: Matched): boolean => asFused(matched).cell.fused !== null;

type Matched = Pick<MatchedCell, 'cell' | 'hidden' | 'parameters'>;

/**
 * A GRU whose z says how much is new is one whose z says how much is kept, with the sum before z turned around: 1 − σ(a) = σ(−a). Every
 * other cell is itself.
 */
function asFused(matched: Matched): Matched {
  const { cell, hidden, parameters } = matched;
  const texts = (of: Cell) => of.steps.map(({ text }) => text);
  const kept = [gru, gruResetBefore].find((each) => {
    const [z, r, n] = texts(each);
    return [z, r, n, "h' = (1 − z) ⊙ h + z ⊙ n"].join() === texts(cell).join();
  });
  if (kept === undefined) return matched;
  const turned = Object.entries(parameters).map(([name, tensor]) => {
    const numbers = toNumbers(tensor);
    const rows = (hidden * numbers.length) / Math.max(1, tensor.shape[0] ?? 1);
    const signed = numbers.map((number, i) => (i < rows ? -number : number));
    return [name, floats('float32', tensor.shape, signed)] as const;
  });
  return { cell: kept, hidden, parameters: Object.fromEntries(turned) };
}

/** What a cell reads, for its operator: a state that begins with zeros is null. */
export interface OperatorRun extends Omit<CellRun, 'initial'> {
  readonly initial: readonly (Value | null)[];
}

/** Writes a matched cell as one `RNN`, `LSTM` or `GRU` node. The cell must have one: see {@link hasOperator}. */
export function operatorForm(b: Builder, { matched, x, initial, reverse }: OperatorRun): OperatorForm {
  const { cell, hidden, parameters } = asFused(matched);
  const op = cell.fused?.op ?? '';
  const weights = fusedWeights(cell, hidden, [parameters]);
  const begins = (state: string) => {
    const value = initial[cell.states.indexOf(state)] ?? null;
    return value && b.unsqueeze(value, [0]);
  };
  const inputs: (Value | null)[] = [
    b.concat(x, 2),
    b.graph.initializer(`${op}.W`, weights.W),
    b.graph.initializer(`${op}.R`, weights.R),
    b.graph.initializer(`${op}.B`, weights.B),
    null,
    begins('h'),
    begins('c'),
    weights.P && b.graph.initializer(`${op}.P`, weights.P),
  ];
  while (inputs.at(-1) === null) inputs.pop();
  const attributes = { ...fusedAttributes(cell, hidden), direction: text(reverse ? 'reverse' : 'forward') };
  const outputs = b.apply(op, inputs, attributes, [`${op}.Y`, `${op}.Y_h`, `${op}.Y_c`]);
  return {
    Y: b.squeeze(at(outputs, 0), [1]),
    finals: cell.states.map((state) => b.squeeze(at(outputs, state === 'h' ? 1 : 2), [0])),
  };
}

/** [batch, units] as the model lays a state out. */
export function laidOutAs(b: Builder, value: Value, axes: Axes): Value {
  const kept =
    axes.batch === null ? b.squeeze(value, [0]) : axes.batch < axes.units ? value : b.transpose(value, [1, 0]);
  const others = otherAxes(axes);
  return others.length === 0 ? kept : b.unsqueeze(kept, others);
}

/** The axes of one element. */
export const otherAxes = ({ rank, units, batch }: Axes): readonly number[] =>
  Array.from({ length: rank }, (_, axis) => axis).filter((axis) => axis !== units && axis !== batch);

/** [steps, batch, units] as [steps, …] with the axes of a state behind the steps. */
export function stepsLaidOutAs(b: Builder, value: Value, axes: Axes): Value {
  const { units, batch } = axes;
  const kept = batch === null ? b.squeeze(value, [1]) : batch < units ? value : b.transpose(value, [0, 2, 1]);
  const others = otherAxes(axes).map((axis) => axis + 1);
  return others.length === 0 ? kept : b.unsqueeze(kept, others);
}

/** Operators that make zeros of zeros. */
const keepsZeros: ReadonlySet<string> = new Set([
  'Cast',
  'Expand',
  'Gather',
  'Identity',
  'Reshape',
  'Slice',
  'Squeeze',
  'Transpose',
  'Unsqueeze',
]);

/** Whether a value of the graph holds nothing but zeros, of whatever size. */
export function isZeros({ nodes }: Graph, value: Value): boolean {
  let now: Value = value;
  for (;;) {
    if (now.constant !== null) return toNumbers(now.constant).every((number) => number === 0);
    const node: Node | undefined = nodes.find(({ outputs }) => outputs.includes(now));
    if (node === undefined || node.domain !== '') return false;
    if (node.op === 'ConstantOfShape') {
      const filler = node.attributes['value'];
      return filler?.kind !== 'tensor' || toNumbers(filler.value).every((number) => number === 0);
    }
    const [before] = node.inputs;
    if (!before || !keepsZeros.has(node.op)) return false;
    now = before;
  }
}
