import { UnrollError } from '../../protocol/errors';
import { type Builder, floatType } from '../graph/builder';
import type { Node } from '../graph/graph';
import { Value } from '../graph/value';
import { at, inputOf, intOf, shapeOf } from '../ops/arguments';
import { type DType, floats } from '../tensor';
import type { Cell } from './cell';
import { directionsOf, isFused, operatorGates } from './fusedCell';
import { gatesOf, type ParameterName } from './parameters';
import { recurrence, zeroState } from './recurrence';

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
 * float32 where it is float16.
 * @throws UnrollError `model` where its attributes or shapes make no cell.
 */
export function lowerFused(b: Builder, node: FusedNode): Lowered {
  if (!isFused(node.op)) throw new UnrollError('internal', '{0} is not a fused recurrent operator.', node.op);
  const directions = directionsOf(node);
  const operator = operatorGates[node.op];
  const { X, W, R, B, lengths, initial, P, given } = operandsOf(b, node);
  const hidden = intOf(node.attributes, 'hidden_size', Number(at(shapeOf(node.op, R), 2)));
  if (!(hidden > 0)) {
    throw new UnrollError('model', 'The {0} node "{1}" does not say how many units it has.', node.op, node.name);
  }
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
  const W = inputOf(node.op, node, 1);
  // A file need not say what type its inner values have; weights do.
  const type = W.type.dtype;
  const batchFirst = intOf(node.attributes, 'layout', 0) === 1;
  const wide = (value: Value) => (type === 'float16' ? b.cast(value, 'float32') : value);
  const read = (i: number) => {
    const value = node.inputs[i];
    return value ? wide(typed(value, type)) : null;
  };
  const inLayout = (value: Value) => (batchFirst ? b.transpose(ranked(value), [1, 0, 2]) : ranked(value));
  const state = (i: number) => {
    const value = read(i);
    return value === null ? null : inLayout(value);
  };
  return {
    X: inLayout(wide(typed(inputOf(node.op, node, 0), type))),
    W: ranked(wide(W)),
    R: ranked(wide(typed(inputOf(node.op, node, 2), type))),
    B: read(3),
    lengths: node.inputs[4] ?? null,
    initial: { h: state(5), c: state(6) },
    P: read(7),
    given(value) {
      const rank = shapeOf(node.op, value).length;
      const back = batchFirst ? b.transpose(value, rank === 4 ? [2, 0, 1, 3] : [1, 0, 2]) : value;
      return b.cast(back, type);
    },
  };
}

const typed = (value: Value, dtype: DType) =>
  value.type.dtype === dtype ? value : new Value(value.name, { dtype, shape: value.type.shape });

/** The value with three dimensions, which every tensor of a fused operator but its bias has, even where the file does not say so. */
function ranked(value: Value): Value {
  const shape = [0, 1, 2].map((axis) => `${value.name}_${axis}`);
  return value.type.shape === null ? new Value(value.name, { dtype: value.type.dtype, shape }) : value;
}

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
