import type { Expression } from '../../../protocol/cellLanguage';
import type { Cell } from '../../cells/cell';
import { cellParameters, type ParameterName, parameterOf } from '../../cells/parameters';
import { NotNumeric } from '../numeric/numbers';
import { functionOf } from './functions';
import { each, mustBe } from './rows';

/** The parameters of a cell in float64, each stacked as `cellParameters` says. */
export type CellNumbers = Readonly<Partial<Record<ParameterName, Float64Array>>>;

/**
 * What a cell's equations make of rows of numbers: x [batch, input] and every state [batch, hidden] give every signal [batch, hidden].
 */
export function runCell(
  cell: Cell,
  parameters: CellNumbers,
  sizes: { readonly hidden: number; readonly input: number; readonly batch: number },
  x: Float64Array,
  states: readonly Float64Array[],
): ReadonlyMap<string, Float64Array> {
  const { hidden, input, batch } = sizes;
  const stacked = new Map(cellParameters(cell, input, hidden).map((parameter) => [parameter.name, parameter] as const));
  /** [hidden, columns] of one gate. */
  const block = (word: string): Float64Array => {
    const { name, gate } = mustBe(parameterOf(word));
    const { gates, shape } = mustBe(stacked.get(name));
    const size = hidden * shape[1];
    const at = gates.indexOf(gate);
    return mustBe(parameters[name]).subarray(at * size, (at + 1) * size);
  };
  const env = new Map<string, Float64Array>([['x', x]]);
  for (const [i, state] of cell.states.entries()) env.set(state, mustBe(states[i]));
  const size = batch * hidden;
  const read = (value: Expression): Float64Array => {
    switch (value.kind) {
      case 'number':
        return new Float64Array(size).fill(value.value);
      case 'name': {
        const word = value.next ? `${value.name}'` : value.name;
        const known = env.get(word);
        if (known !== undefined) return known;
        const vector = block(value.name);
        return each(size, (i) => vector[i % hidden] ?? 0);
      }
      case 'product': {
        const matrix = block(value.matrix);
        const operand = read(value.operand);
        const columns = operand.length / batch;
        return each(size, (i) => {
          const [row, unit] = [Math.floor(i / hidden), i % hidden];
          let sum = 0;
          for (let k = 0; k < columns; k++)
            sum += (matrix[unit * columns + k] ?? 0) * (operand[row * columns + k] ?? 0);
          return sum;
        });
      }
      case 'call':
        return read(value.operand).map(functionOf(value.fn));
      case 'binary': {
        const [left, right] = [read(value.left), read(value.right)];
        const { operator } = value;
        return each(size, (i) => {
          const [a, b] = [left[i] ?? 0, right[i] ?? 0];
          return operator === '+' ? a + b : operator === '−' ? a - b : operator === '⊙' ? a * b : a / b;
        });
      }
      default:
        throw new NotNumeric('an expression');
    }
  };
  const signals = new Map<string, Float64Array>();
  for (const { name, next, value } of cell.steps) {
    const result = read(value);
    env.set(next ? `${name}'` : name, result);
    signals.set(name, result);
  }
  return signals;
}
