import { UnrollError } from '../../protocol/errors';
import type { Cell } from '../cells/cell';
import { fusedAttributes, fusedGates } from '../cells/fused';
import { gatesOf, type ParameterName } from '../cells/parameters';
import type { LayerParameters } from '../cells/step';
import { type Builder, text } from '../graph/builder';
import type { Value } from '../graph/value';
import { at } from '../ops/arguments';
import { floats, toNumbers } from '../tensor';
import type { LinearWriter, RecurrentCall, RecurrentResult, RecurrentWriter } from './context';

/** Writes a recurrence as the fused operator of its cell, or by `otherwise` where the cell has none. Parameters are constants. */
export const fusedWhereThereIsOne =
  (otherwise: RecurrentWriter): RecurrentWriter =>
  (b, call) =>
    call.cell.fused === null ? otherwise(b, call) : fused(b, call, call.cell.fused.op);

function fused(b: Builder, call: RecurrentCall, op: string): RecurrentResult {
  const { cell, hidden, x, mask, directions } = call;
  const gates = fusedGates(cell).length * hidden;
  const count = directions.length;
  const name = at(directions, 0).name;
  const weights = (wanted: ParameterName, columns: number) =>
    b.graph.initializer(
      `${name}.${wanted}`,
      floats(
        'float32',
        [count, gates, columns],
        joined(call, (parameters) => rowsOf(cell, wanted, parameters)),
      ),
    );
  const input = Number(at(directions, 0).parameters.W?.type.shape?.[1]);
  const W = weights('W', input);
  const R = weights('R', hidden);
  const biases = joined(call, (parameters) => [...rowsOf(cell, 'Wb', parameters), ...rowsOf(cell, 'Rb', parameters)]);
  const B = b.graph.initializer(`${name}.B`, floats('float32', [count, 2 * gates], biases));
  const lengths =
    mask === null ? null : b.inPart('Lengths', () => b.cast(b.squeeze(b.reduceSum(mask, [0], false), [0]), 'int32'));
  const peepholes = at(directions, 0).parameters.P === undefined ? null : peepholesOf(b, call, name);
  // A layer of two directions starts from zeros: what goes on from call to call reads forwards.
  const begins = (state: string) => {
    const value = count === 1 ? (at(directions, 0).initial?.[cell.states.indexOf(state)] ?? null) : null;
    return value === null ? null : b.unsqueeze(b.transpose(value, [1, 0]), [0]);
  };
  const inputs = [b.transpose(x, [0, 2, 1]), W, R, B, lengths, begins('h'), begins('c'), peepholes];
  while (inputs.at(-1) === null) inputs.pop();
  const outputs = b.apply(
    op,
    inputs,
    { ...fusedAttributes(cell, hidden, count), direction: text(count === 2 ? 'bidirectional' : 'forward') },
    [`${name}.Y`, `${name}.Y_h`, `${name}.Y_c`],
  );
  const [Y] = outputs;
  if (Y === undefined) throw new UnrollError('internal', '{0} has no outputs.', op);
  // [steps, directions, batch, hidden] to [steps, directions·hidden, batch]
  const steps =
    count === 1
      ? b.transpose(b.squeeze(Y, [1]), [0, 2, 1])
      : b.reshape(b.transpose(Y, [0, 1, 3, 2]), [Number(x.type.shape?.[0]), count * hidden, -1]);
  const finals = directions.map((_, i) =>
    cell.states.map((state) => {
      const final = at(outputs, state === 'h' ? 1 : 2);
      const own = count === 1 ? final : b.slice(final, i, i + 1, 0);
      return b.transpose(b.squeeze(own, [0]), [1, 0]);
    }),
  );
  return { steps: call.everyStep ? steps : null, finals, endsBeforePadding: true };
}

/** The numbers of all directions, one after another. */
const joined = ({ directions }: RecurrentCall, of: (parameters: LayerParameters) => readonly number[]) =>
  directions.flatMap(({ parameters }) => of(parameters));

/** A parameter's numbers in the order of the operator's gates; zeros for a gate that the cell does not have. */
function rowsOf(cell: Cell, name: ParameterName, parameters: LayerParameters): readonly number[] {
  const values = toNumbers(tensorOf(parameters[name]));
  const ours = gatesOf(cell, name);
  const size = values.length / ours.length;
  return fusedGates(cell).flatMap((gate) => {
    const from = ours.indexOf(gate);
    return from < 0 ? new Array<number>(size).fill(0) : values.slice(from * size, (from + 1) * size);
  });
}

/** Peepholes as [directions, 3·hidden], of the gates i, o and f. */
function peepholesOf(b: Builder, call: RecurrentCall, name: string): Value {
  const { cell, hidden, directions } = call;
  const ours = gatesOf(cell, 'P');
  const values = joined(call, (parameters) => {
    const numbers = toNumbers(tensorOf(parameters.P));
    return ['i', 'o', 'f'].flatMap((gate) => {
      const from = ours.indexOf(gate) * hidden;
      return numbers.slice(from, from + hidden);
    });
  });
  return b.graph.initializer(`${name}.P`, floats('float32', [directions.length, 3 * hidden], values));
}

function tensorOf(value: Value | undefined) {
  if (value?.constant) return value.constant;
  throw new UnrollError('internal', 'A fused operator is written from weights that are known.');
}

/** Linear layers as files usually have them: rows of the batch times the transposed weights. W and the bias are constants. */
export const batchFirst: LinearWriter = (b, W, x, bias) => {
  const rank = x.type.shape?.length ?? 2;
  const [out = 0, units = 0] = W.type.shape?.map(Number) ?? [];
  const flatBias = replaced(b, bias, [out], toNumbers(tensorOf(bias)));
  if (rank === 2) {
    const product = b.apply('Gemm', [b.transpose(x, [1, 0]), W, flatBias], { transB: { kind: 'int', value: 1 } });
    return b.transpose(at(product, 0), [1, 0]);
  }
  const numbers = toNumbers(tensorOf(W));
  const turned = Array.from({ length: units * out }, (_, i) => numbers[(i % out) * units + Math.floor(i / out)] ?? 0);
  const rows = b.matMul(b.transpose(x, [0, 2, 1]), replaced(b, W, [units, out], turned));
  return b.transpose(b.add(rows, flatBias), [0, 2, 1]);
};

/** The same constant in another shape. */
function replaced(b: Builder, value: Value, shape: readonly number[], numbers: readonly number[]): Value {
  return b.graph.initializer(value.name, floats('float32', shape, numbers));
}
