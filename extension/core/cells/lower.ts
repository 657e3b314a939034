import { UnrollError } from '../../protocol/errors';
import { type Builder, floatType } from '../graph/builder';
import type { Node } from '../graph/graph';
import { type Dim, Value } from '../graph/value';
import { at, inputOf, intOf, shapeOf } from '../ops/arguments';
import { type DType, floats } from '../tensor';
import type { Cell } from './cell';
import { directionsOf, isFused, operatorGates } from './fusedCell';
import { gatesOf, type ParameterName } from './parameters';
import { recurrence, type StateChanges, zeroState } from './recurrence';

/** A fused operator written out as its cell. Shapes are the operator's own (ONNX RNN, LSTM, GRU). */
export interface Lowered {
  readonly directions: readonly {
    readonly cell: Cell;
    readonly reverse: boolean;
    readonly hidden: number;
    /** Every signal of the cell as [steps, batch, hidden], in whichever layout the operator is. */
    readonly signals: ReadonlyMap<string, Value>;
  }[];
  /** [steps, directions, batch, hidden], or in layout 1 [batch, steps, directions, hidden] */
  readonly Y: Value;
  /** The final states in the operator's order, [directions, batch, hidden] each, or in layout 1 [batch, directions, hidden]. */
  readonly finals: readonly Value[];
}

type FusedNode = Pick<Node, 'op' | 'name' | 'attributes' | 'inputs'>;

/**
 * Adds to `b` what the fused operator `node` computes, as its cell in plain operators: in float32 or float64 as the operator is, in
 * float32 where it is of 16 bits.
 * `changesOf` says what becomes of the states of a direction after each step.
 * @throws UnrollError `model` where its attributes or shapes make no cell.
 */
export function lowerFused(
  b: Builder,
  node: FusedNode,
  changesOf?: (direction: number, cell: Cell, hidden: number) => StateChanges,
): Lowered {
  if (!isFused(node.op)) throw new UnrollError('internal', '{0} is not a fused recurrent operator.', node.op);
  const directions = directionsOf(node);
  const operator = operatorGates[node.op];
  const { X, W, R, B, lengths, initial, P, given } = operandsOf(b, node);
  const hidden = unitsOf(node);
  refuseAbsurd(node, [...shapeOf(node.op, X).slice(0, 2), hidden]);
  const x = b.transpose(X, [0, 2, 1]);
  const ofDirection = (value: Value, i: number) => b.squeeze(b.slice(value, i, i + 1, 0), [0]);
  const mask = lengths === null ? null : maskOf(b, x, lengths);
  const lowered = directions.map(({ cell, reverse }, i) => {
    const own = (name: ParameterName, value: Value, gates = operator) =>
      rowsOf(b, value, gates, gatesOf(cell, name), hidden);
    const rows = operator.length * hidden;
    const column = (value: Value) => b.transpose(b.slice(value, i, i + 1, 0), [1, 0]);
    const bias = B === null ? b.zerosLike(R, [2 * rows, 1]) : column(B);
    const { signals, finals } = recurrence(b, {
      cell,
      hidden,
      fewItems: true,
      reverse,
      x,
      mask,
      parameters: {
        W: own('W', ofDirection(W, i)),
        R: own('R', ofDirection(R, i)),
        Wb: own('Wb', b.slice(bias, 0, rows, 0)),
        Rb: own('Rb', b.slice(bias, rows, 2 * rows, 0)),
        ...(P !== null && { P: own('P', column(P), ['i', 'o', 'f']) }),
      },
      initial: cell.states.map((state) => {
        const value = state === 'h' ? initial.h : initial.c;
        return value === null ? zeroState(b, X, hidden, 1) : b.transpose(ofDirection(value, i), [1, 0]);
      }),
      signals: cell.signals.map(({ name }) => name),
      ...(changesOf && { changes: changesOf(i, cell, hidden) }),
    });
    // onnxruntime gives zeros at padded steps, while the final states are those of the last real steps.
    const shown = (value: Value) => (mask === null ? value : b.mul(value, mask));
    const batchFirst = new Map([...signals].map(([name, value]) => [name, b.transpose(shown(value), [0, 2, 1])]));
    return { cell, reverse, hidden, signals: batchFirst, finals };
  });
  const stateOrder = lowered.map(({ cell }) => ['h', ...cell.states.filter((state) => state !== 'h')]);
  const Y = b.concat(
    lowered.map(({ signals }) => b.unsqueeze(need(signals.get('h')), [1])),
    1,
  );
  const finals = at(stateOrder, 0).map((state) =>
    b.concat(
      lowered.map(({ cell, finals }) => b.unsqueeze(b.transpose(at(finals, cell.states.indexOf(state)), [1, 0]), [0])),
      0,
    ),
  );
  return { directions: lowered, Y: given(Y), finals: finals.map(given) };
}

/** More numbers than this are no state of one step, nor are there so many steps. */
const most = 2 ** 24;

/** Refuses sizes that a file declares and nobody could hold, before anything of that size is made. */
function refuseAbsurd({ op, name }: FusedNode, [steps = 0, batch = 0, hidden = 0]: readonly Dim[]): void {
  const numbers = (typeof batch === 'number' ? Math.max(1, batch) : 1) * Number(hidden);
  if (numbers <= most && !(typeof steps === 'number' && steps > most)) return;
  throw new UnrollError(
    'model',
    'The {0} node "{1}" is declared for {2} steps and a state of {3} numbers, which is more than can be traced.',
    op,
    name,
    steps,
    numbers,
  );
}

/** The inputs of a fused operator in layout 0 and in a type that cells are computed in. */
interface Operands {
  /** [steps, batch, input] */
  readonly X: Value;
  /** [directions, gates·hidden, input] */
  readonly W: Value;
  /** [directions, gates·hidden, hidden] */
  readonly R: Value;
  /** [directions, 2·gates·hidden] */
  readonly B: Value | null;
  /** [batch] */
  readonly lengths: Value | null;
  /** [directions, batch, hidden] each */
  readonly initial: { readonly h: Value | null; readonly c: Value | null };
  /** [directions, 3·hidden] */
  readonly P: Value | null;
  /** A result in layout 0, Y or a final state, as the operator gives it. */
  readonly given: (value: Value) => Value;
}

export function operandsOf(b: Builder, node: FusedNode): Operands {
  const directions = directionsOf(node).length;
  const W = inputOf(node.op, node, 1);
  // A file need not say what type its inner values have; weights do.
  const type = W.type.dtype;
  const batchFirst = intOf(node.attributes, 'layout', 0) === 1;
  const hidden = unitsOf(node);
  const rows = hidden * (isFused(node.op) ? operatorGates[node.op].length : 0);
  const read = (i: number, shape: readonly Dim[]) => {
    const given = node.inputs[i];
    if (!given) return null;
    const value = typed(given, type, fitting(node, given, shape));
    return type === 'float16' || type === 'bfloat16' ? b.cast(value, 'float32') : value;
  };
  const needed = (i: number, shape: readonly Dim[]) => read(i, shape) ?? inputOf(node.op, node, i);
  const inLayout = (value: Value) => (batchFirst ? b.transpose(value, [1, 0, 2]) : value);
  const input = W.type.shape?.[2] ?? 'input';
  const state = (i: number) => {
    const value = read(i, batchFirst ? ['batch', directions, hidden] : [directions, 'batch', hidden]);
    return value === null ? null : inLayout(value);
  };
  const lengths = node.inputs[4] ?? null;
  return {
    X: inLayout(needed(0, batchFirst ? ['batch', 'steps', input] : ['steps', 'batch', input])),
    W: needed(1, [directions, rows, input]),
    R: needed(2, [directions, rows, hidden]),
    B: read(3, [directions, 2 * rows]),
    lengths:
      lengths && new Value(lengths.name, { dtype: lengths.type.dtype, shape: fitting(node, lengths, ['batch']) }),
    initial: { h: state(5), c: state(6) },
    P: read(7, [directions, 3 * hidden]),
    given(value) {
      const rank = shapeOf(node.op, value).length;
      const back = batchFirst ? b.transpose(value, rank === 4 ? [2, 0, 1, 3] : [1, 0, 2]) : value;
      return b.cast(back, type);
    },
  };
}

/** How many units a fused operator has. */
function unitsOf(node: FusedNode): number {
  const hidden = intOf(node.attributes, 'hidden_size', Number(node.inputs[2]?.type.shape?.[2]));
  if (hidden > 0) return hidden;
  throw new UnrollError('model', 'The {0} node "{1}" does not say how many units it has.', node.op, node.name);
}

/** The shape of an operand, the expected one where the file does not say it; refuses one that cannot be that. */
function fitting({ op, name }: FusedNode, { type, name: operand }: Value, expected: readonly Dim[]): readonly Dim[] {
  const shape = type.shape ?? expected;
  const differs = (size: Dim, i: number) =>
    typeof size === 'number' && typeof shape[i] === 'number' && size !== shape[i];
  if (shape.length === expected.length && !expected.some(differs)) return shape;
  throw new UnrollError(
    'model',
    'The {0} node "{1}" reads "{2}" of shape [{3}] where it needs [{4}].',
    op,
    name,
    operand,
    shape.join(', '),
    expected.join(', '),
  );
}

const typed = (value: Value, dtype: DType, shape: readonly Dim[]) =>
  value.type.dtype === dtype && value.type.shape === shape
    ? value
    : new Value(value.name, { dtype, shape }, value.constant);

/** The blocks of rows of `wanted` gates out of those of `gates`, in their order. */
function rowsOf(b: Builder, value: Value, gates: readonly string[], wanted: readonly string[], hidden: number): Value {
  if (gates.join() === wanted.join()) return value;
  const block = (gate: string) => b.slice(value, gates.indexOf(gate) * hidden, (gates.indexOf(gate) + 1) * hidden, 0);
  return b.concat(wanted.map(block), 0);
}

/** 1 for the steps within each sequence's length and 0 after it, as [steps, 1, batch]. */
function maskOf(b: Builder, x: Value, lengths: Value): Value {
  const steps = at(shapeOf('Scan', x), 0);
  const type = floatType(x);
  // The steps by their number, the first being half: no sequence ends between two steps.
  const counted = (): Value => {
    if (typeof steps === 'number') {
      return b.constant(
        floats(
          type,
          [steps],
          Array.from({ length: steps }, (_, t) => t + 0.5),
        ),
      );
    }
    const size = b.slice(at(b.apply('Shape', [x]), 0), 0, 1, 0);
    const ones = b.apply('ConstantOfShape', [size], { value: { kind: 'tensor', value: floats(type, [1], [1]) } });
    return b.sub(b.cumSum(at(ones, 0), 0), b.scalarLike(x, 0.5));
  };
  const real = b.less(b.unsqueeze(counted(), [1, 2]), b.cast(lengths, type));
  return b.cast(real, type);
}

function need(value: Value | undefined): Value {
  if (value === undefined) throw new UnrollError('internal', 'A cell gives out no h.');
  return value;
}
