import { UnrollError } from '../../protocol/errors';
import { floats, type Tensor, toNumbers } from '../tensor';
import type { Cell } from './cell';
import { fusedGates } from './fused';
import { gatesOf, type ParameterName } from './parameters';

/** The parameters of one direction as `cellParameters` lists them. */
export type CellTensors = Readonly<Partial<Record<ParameterName, Tensor>>>;

/** The weights of a fused operator, float32. */
export interface FusedWeights {
  /** [directions, gates·hidden, input] */
  readonly W: Tensor;
  /** [directions, gates·hidden, hidden] */
  readonly R: Tensor;
  /** [directions, 2·gates·hidden] */
  readonly B: Tensor;
  /** [directions, 3·hidden] of the gates i, o and f; null without peepholes. */
  readonly P: Tensor | null;
}

/** Stacks the parameters of a cell as its fused operator reads them; zeros for a gate that the cell does not have. */
export function fusedWeights(cell: Cell, hidden: number, directions: readonly CellTensors[]): FusedWeights {
  const gates = fusedGates(cell);
  const input = directions[0]?.W?.shape[1] ?? 0;
  const stacked = (names: readonly ParameterName[], order: readonly string[], shape: readonly number[]) => {
    const numbers = () => directions.flatMap((tensors) => names.map((name) => rowsOf(cell, name, tensors, order)));
    return stackedLater([directions.length, ...shape], () => numbers().flat());
  };
  const rows = gates.length * hidden;
  const hasPeepholes = directions[0]?.P !== undefined;
  return {
    W: stacked(['W'], gates, [rows, input]),
    R: stacked(['R'], gates, [rows, hidden]),
    B: stacked(['Wb', 'Rb'], gates, [2 * rows]),
    P: hasPeepholes ? stacked(['P'], ['i', 'o', 'f'], [3 * hidden]) : null,
  };
}

/** A tensor whose numbers are put together when they are asked for: whoever only tries whether an operator fits does without. */
function stackedLater(shape: readonly number[], numbers: () => readonly number[]): Tensor {
  let made: Tensor | null = null;
  return {
    dtype: 'float32',
    shape,
    get data() {
      made ??= floats('float32', shape, numbers());
      return made.data;
    },
  };
}

/** A parameter's numbers, the rows of the gates in this order. */
function rowsOf(cell: Cell, name: ParameterName, tensors: CellTensors, order: readonly string[]): readonly number[] {
  const tensor = tensors[name];
  if (tensor === undefined) {
    throw new UnrollError('internal', 'The layer of the cell {0} lacks its parameter {1}.', cell.title, name);
  }
  const values = toNumbers(tensor);
  const ours = gatesOf(cell, name);
  const size = values.length / ours.length;
  return order.flatMap((gate) => {
    const from = ours.indexOf(gate);
    return from < 0 ? new Array<number>(size).fill(0) : values.slice(from * size, (from + 1) * size);
  });
}
