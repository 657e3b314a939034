import { UnrollError } from '../../protocol/errors';
import { type Builder, floatType } from '../graph/builder';
import type { Attributes, Node } from '../graph/graph';
import { Value } from '../graph/value';
import { at, inputOf, intOf, shapeOf } from '../ops/arguments';
import { floats } from '../tensor';
import type { Cell } from './cell';
import { fusedGates, hasPeepholes } from './fused';
import { gatesOf, type ParameterName } from './parameters';
import { recurrence, zeroState } from './recurrence';
import { cells } from './table';

export type FusedOp = 'RNN' | 'LSTM' | 'GRU';
export const isFused = (op: string): op is FusedOp => op === 'RNN' || op === 'LSTM' || op === 'GRU';

/** What one direction of a fused operator is, read from its attributes. */
export interface FusedDirection {
  readonly cell: Cell;
  readonly reverse: boolean;
}

/** The directions of a fused operator in the order of its weights; throws where it computes something that no cell of ours does. */
export function directionsOf(node: Pick<Node, 'op' | 'name' | 'attributes' | 'inputs'>): FusedDirection[] {
  if (!isFused(node.op)) throw new UnrollError('internal', '{0} is not a fused recurrent operator.', node.op);
  const { op, attributes } = node;
  const refuse = (what: string) => {
    throw new UnrollError(
      'model',
      'The {0} node "{1}" uses {2}, which cannot be taken apart yet.',
      op,
      node.name,
      what,
    );
  };
  if (attributes['clip'] !== undefined) refuse('clip');
  if (intOf(attributes, 'layout', 0) !== 0) refuse('layout=1');
  const direction = attributes['direction']?.kind === 'string' ? attributes['direction'].value : 'forward';
  const reversed = direction === 'bidirectional' ? [false, true] : [direction === 'reverse'];
  return reversed.map((reverse, i) => {
    const cell = cellOf(op, attributes, Boolean(node.inputs[7]), i, reversed.length);
    if (cell === null) refuse('a combination of activations, coupled gates or peepholes');
    return { cell: cell ?? cells.rnn, reverse };
  });
}

/** The cell that a fused operator computes in direction `i` of `count`, or null where it is none of ours. */
function cellOf(op: FusedOp, attributes: Attributes, peepholes: boolean, i: number, count: number): Cell | null {
  const share = <T>(values: readonly T[]) =>
    values.slice((i * values.length) / count, ((i + 1) * values.length) / count);
  const strings = attributes['activations'];
  const named = strings?.kind === 'strings' ? share(strings.value).map((name) => name.toLowerCase()) : [];
  const usual = { RNN: ['tanh'], LSTM: ['sigmoid', 'tanh', 'tanh'], GRU: ['sigmoid', 'tanh'] }[op];
  const wanted = named.length > 0 ? named : usual;
  /** Whether the constants of the activations are the cell's; where the file leaves them out, ONNX's own are 1 and 0. */
  const sameConstants = (name: string, ours: readonly number[] | undefined) => {
    const theirs = attributes[name];
    return ours === undefined || theirs?.kind !== 'floats' || share(theirs.value).join() === ours.join();
  };
  const fits = (cell: Cell) =>
    cell.fused !== null &&
    cell.fused.op === op &&
    (cell.fused.linearBeforeReset ?? 0) === (op === 'GRU' ? intOf(attributes, 'linear_before_reset', 0) : 0) &&
    (cell.fused.inputForget === true) === (op === 'LSTM' && intOf(attributes, 'input_forget', 0) !== 0) &&
    hasPeepholes(cell) === peepholes &&
    (cell.fused.activations?.map((name) => name.toLowerCase()) ?? usual).join() === wanted.join() &&
    sameConstants('activation_alpha', cell.fused.alpha) &&
    sameConstants('activation_beta', cell.fused.beta);
  return Object.values(cells).find(fits) ?? null;
}

/** A fused operator written out as its cell. Shapes are the operator's own (ONNX RNN, LSTM, GRU; layout 0). */
export interface Lowered {
  readonly directions: readonly {
    readonly cell: Cell;
    readonly reverse: boolean;
    readonly hidden: number;
    /** Every signal of the cell as [steps, batch, hidden]. */
    readonly signals: ReadonlyMap<string, Value>;
  }[];
  /** [steps, directions, batch, hidden] */
  readonly Y: Value;
  /** The final states in the operator's order, [directions, batch, hidden] each. */
  readonly finals: readonly Value[];
}

/** Adds to `b` what the fused operator `node` computes, as its cell in plain operators. */
export function lowerFused(b: Builder, node: Pick<Node, 'op' | 'name' | 'attributes' | 'inputs'>): Lowered {
  const directions = directionsOf(node);
  const X = ranked(inputOf(node.op, node, 0));
  const R = ranked(inputOf(node.op, node, 2));
  const hidden = intOf(node.attributes, 'hidden_size', Number(at(shapeOf(node.op, R), 2)));
  const x = b.transpose(X, [0, 2, 1]);
  const ofDirection = (value: Value, i: number) => b.squeeze(b.slice(value, i, i + 1, 0), [0]);
  const mask = node.inputs[4] ? maskOf(b, x, node.inputs[4]) : null;
  const lowered = directions.map(({ cell, reverse }, i) => {
    const gates = fusedGates(cell);
    const own = (name: ParameterName, value: Value) => rowsOf(b, value, gates, gatesOf(cell, name), hidden);
    const rows = gates.length * hidden;
    const bias = node.inputs[3]
      ? b.transpose(b.slice(node.inputs[3], i, i + 1, 0), [1, 0])
      : b.zerosLike(R, [2 * rows, 1]);
    const peephole = node.inputs[7] ? b.transpose(b.slice(node.inputs[7], i, i + 1, 0), [1, 0]) : null;
    const { signals, finals } = recurrence(b, {
      cell,
      hidden,
      reverse,
      x,
      mask,
      parameters: {
        W: own('W', ofDirection(ranked(inputOf(node.op, node, 1)), i)),
        R: own('R', ofDirection(R, i)),
        Wb: own('Wb', b.slice(bias, 0, rows, 0)),
        Rb: own('Rb', b.slice(bias, rows, 2 * rows, 0)),
        ...(peephole && { P: peephole }),
      },
      initial: cell.states.map((state) => initialState(b, node, X, hidden, state, i)),
      signals: cell.signals.map(({ name }) => name),
    });
    // onnxruntime gives zeros at padded steps, while the final states are those of the last real steps.
    const shown = (value: Value) => (mask === null ? value : b.mul(value, mask));
    const batchFirst = new Map([...signals].map(([name, value]) => [name, b.transpose(shown(value), [0, 2, 1])]));
    return { cell, reverse, hidden, signals: batchFirst, finals };
  });
  const stateOrder = lowered.map(({ cell }) => ['h', ...cell.states.filter((state) => state !== 'h')]);
  return {
    directions: lowered,
    Y: b.concat(
      lowered.map(({ signals }) => b.unsqueeze(need(signals.get('h')), [1])),
      1,
    ),
    finals: at(stateOrder, 0).map((state) =>
      b.concat(
        lowered.map(({ cell, finals }) =>
          b.unsqueeze(b.transpose(at(finals, cell.states.indexOf(state)), [1, 0]), [0]),
        ),
        0,
      ),
    ),
  };
}

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

/** The initial value of a state as [hidden, batch]: the operator's input where it has one, else zeros. */
function initialState(
  b: Builder,
  node: Pick<Node, 'inputs'>,
  X: Value,
  hidden: number,
  state: string,
  direction: number,
): Value {
  const given = node.inputs[state === 'h' ? 5 : 6];
  if (given) return b.transpose(b.squeeze(b.slice(ranked(given), direction, direction + 1, 0), [0]), [1, 0]);
  return zeroState(b, X, hidden, 1);
}

function need(value: Value | undefined): Value {
  if (value === undefined) throw new UnrollError('internal', 'A cell gives out no h.');
  return value;
}
