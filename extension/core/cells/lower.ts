import { UnrollError } from '../../protocol/errors';
import type { Builder } from '../graph/builder';
import type { Attributes, Node } from '../graph/graph';
import { Value } from '../graph/value';
import { at, inputOf, intOf, shapeOf } from '../ops/arguments';
import { knownShape } from '../ops/operator';
import type { Cell } from './cell';
import { recurrence } from './recurrence';
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
  if (intOf(attributes, 'input_forget', 0) !== 0) refuse('input_forget');
  if (node.inputs[4]) refuse('sequence_lens');
  if (node.inputs[7]) refuse('peepholes');
  const direction = attributes['direction']?.kind === 'string' ? attributes['direction'].value : 'forward';
  const reversed = direction === 'bidirectional' ? [false, true] : [direction === 'reverse'];
  return reversed.map((reverse, i) => {
    const cell = cellOf(op, attributes, i, reversed.length);
    if (cell === null) refuse('other activations than its own');
    return { cell: cell ?? cells.rnn, reverse };
  });
}

/** The cell that a fused operator computes in direction `i` of `count`, or null where its activations are no cell's. */
function cellOf(op: FusedOp, attributes: Attributes, i: number, count: number): Cell | null {
  const attribute = attributes['activations'];
  const named = attribute?.kind === 'strings' && attribute.value.length > 0 ? attribute.value : null;
  const each =
    named === null
      ? null
      : named.slice((i * named.length) / count, ((i + 1) * named.length) / count).map((name) => name.toLowerCase());
  const usual = { RNN: ['tanh'], LSTM: ['sigmoid', 'tanh', 'tanh'], GRU: ['sigmoid', 'tanh'] }[op];
  const wanted = each ?? usual;
  const linearBeforeReset = intOf(attributes, 'linear_before_reset', 0);
  const fits = ({ fused }: Cell) =>
    fused.op === op &&
    (fused.linearBeforeReset ?? 0) === (op === 'GRU' ? linearBeforeReset : 0) &&
    (fused.activations?.map((name) => name.toLowerCase()) ?? usual).join() === wanted.join();
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
  const lowered = directions.map(({ cell, reverse }, i) => {
    const rows = cell.gates.length * hidden;
    const bias = node.inputs[3]
      ? b.transpose(b.slice(node.inputs[3], i, i + 1, 0), [1, 0])
      : b.zerosLike(R, [2 * rows, 1]);
    const { signals, finals } = recurrence(b, {
      cell,
      hidden,
      reverse,
      x,
      parameters: {
        W: ofDirection(ranked(inputOf(node.op, node, 1)), i),
        R: ofDirection(R, i),
        Wb: b.slice(bias, 0, rows, 0),
        Rb: b.slice(bias, rows, 2 * rows, 0),
      },
      initial: cell.states.map((state) => initialState(b, node, X, hidden, state, i)),
      signals: cell.signals.map(({ name }) => name),
    });
    const batchFirst = new Map([...signals].map(([name, value]) => [name, b.transpose(value, [0, 2, 1])]));
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
  const shape = knownShape(X.type.shape);
  if (shape !== null) return b.zerosLike(X, [hidden, at(shape, 1)]);
  const batch = b.slice(at(b.apply('Shape', [X]), 0), 1, 2, 0);
  const value = b.zerosLike(X, [1]).constant;
  const size = b.concat([b.int64s([hidden]), batch], 0);
  return at(b.apply('ConstantOfShape', [size], value === null ? {} : { value: { kind: 'tensor', value } }), 0);
}

function need(value: Value | undefined): Value {
  if (value === undefined) throw new UnrollError('internal', 'A cell gives out no h.');
  return value;
}
