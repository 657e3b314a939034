import { UnrollError } from '../../protocol/errors';
import { fusedAttributes } from '../cells/fused';
import { type CellTensors, type FusedWeights, fusedWeights } from '../cells/fusedWeights';
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
  const count = directions.length;
  const name = at(directions, 0).name;
  const weights = fusedWeights(
    cell,
    hidden,
    directions.map(({ parameters }) => tensorsOf(parameters)),
  );
  const weight = (wanted: keyof FusedWeights) => {
    const tensor = weights[wanted];
    return tensor && b.graph.initializer(`${name}.${wanted}`, tensor);
  };
  const [W, R, B, P] = [weight('W'), weight('R'), weight('B'), weight('P')];
  const lengths =
    mask === null ? null : b.inPart('Lengths', () => b.cast(b.squeeze(b.reduceSum(mask, [0], false), [0]), 'int32'));
  // A layer of two directions starts from zeros: what goes on from call to call reads forwards.
  const begins = (state: string) => {
    const value = count === 1 ? (at(directions, 0).initial?.[cell.states.indexOf(state)] ?? null) : null;
    return value === null ? null : b.unsqueeze(b.transpose(value, [1, 0]), [0]);
  };
  const inputs = [b.transpose(x, [0, 2, 1]), W, R, B, lengths, begins('h'), begins('c'), P];
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
  const finals = directions.map(({ initial }, i) =>
    cell.states.map((state, k) => {
      const final = at(outputs, state === 'h' ? 1 : 2);
      const own = count === 1 ? final : b.slice(final, i, i + 1, 0);
      const ends = b.transpose(b.squeeze(own, [0]), [1, 0]);
      const before = initial?.[k];
      // Of a stretch that is padding alone the operator gives zeros.
      if (lengths === null || before === undefined) return ends;
      return b.inPart('Lengths', () => b.where(b.greater(lengths, b.int32s([], [0])), ends, before));
    }),
  );
  return { steps: call.everyStep ? steps : null, finals, endsBeforePadding: true };
}

const tensorsOf = (parameters: LayerParameters): CellTensors =>
  Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, tensorOf(value)]));

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
