import type { Builder } from '../../graph/builder';
import type { Node } from '../../graph/graph';
import { type Dim, Value } from '../../graph/value';
import { intsOf } from '../../ops/arguments';
import { toNumbers } from '../../tensor';
import type { Axes, CellInput } from '../match/contract';
import type { StepSequence } from './stepInputs';
import type { Term } from './terms';

/** The value of a term in the graph, of a rank that is known where the file does not say its shape. */
export function ranked({ value }: Term, rank: number): Value {
  const { dtype, shape } = value.type;
  if (shape !== null) return value;
  return new Value(value.name, { dtype, shape: Array.from({ length: rank }, (_, i): Dim => `unrolled_${i}`) });
}

/** Values of all steps one after the other, as [steps, batch, units]. */
export function stacked(b: Builder, terms: readonly Term[], axes: Axes): Value {
  const each = terms.map((term) => b.unsqueeze(ranked(term, axes.rank), [0]));
  return inOrder(b, b.concat(each, 0), 0, axes);
}

/** One value of the graph as [batch, units]. */
export function laidOut(b: Builder, term: Term, axes: Axes): Value {
  const value = inOrder(b, b.unsqueeze(ranked(term, axes.rank), [0]), 0, axes);
  return b.squeeze(value, [0]);
}

/**
 * Steps along `steps` as [steps, batch, units]. `axes` are those of one step, without the axis of the steps.
 */
function inOrder(b: Builder, value: Value, steps: number, { rank, units, batch }: Axes): Value {
  const whole = (axis: number) => (axis < steps ? axis : axis + 1);
  const others = Array.from({ length: rank }, (_, axis) => axis).filter((axis) => axis !== units && axis !== batch);
  const kept = [...(batch === null ? [] : [batch]), units];
  const ordered = b.transpose(value, [steps, ...kept.map(whole), ...others.map(whole)]);
  const first = 1 + kept.length;
  const bare =
    others.length === 0
      ? ordered
      : b.squeeze(
          ordered,
          others.map((_, i) => first + i),
        );
  return batch === null ? b.unsqueeze(bare, [1]) : bare;
}

/** What a cell reads of all steps: see {@link sequenceOf}. */
export interface Inputs {
  readonly sequences: readonly StepSequence[];
  /** The nodes of the step that its inputs go through. */
  readonly nodes: readonly Node[];
  /** The step of each place in time. */
  readonly order: readonly number[];
}

/**
 * What a cell reads of all steps, in the order of time, as [steps, batch, units]; null where the step itself works it out in a way
 * that is not known for all steps at once.
 */
export function sequenceOf(b: Builder, { sequences, nodes, order }: Inputs, { value, axes }: CellInput): Value | null {
  const sequence = sequences.find(({ input }) => input === value);
  if (sequence !== undefined) return wholeOf(b, sequence, axes, order);
  const node = nodes.find(({ outputs }) => outputs.includes(value));
  const [first] = node?.inputs ?? [];
  if (!node || !first || (node.op !== 'Squeeze' && node.op !== 'Unsqueeze')) return null;
  const listed = node.inputs[1]?.constant;
  const changed = listed ? toNumbers(listed) : intsOf(node.attributes, 'axes');
  if (changed === null) return null;
  const rank = axes.rank + (node.op === 'Squeeze' ? changed.length : -changed.length);
  const there = new Set(changed.map((axis) => (axis < 0 ? axis + Math.max(rank, axes.rank) : axis)));
  const kept = Array.from({ length: Math.max(rank, axes.rank) }, (_, axis) => axis).filter((axis) => !there.has(axis));
  const before = (axis: number) => (node.op === 'Squeeze' ? kept[axis] : kept.indexOf(axis));
  const units = before(axes.units);
  const batch = axes.batch === null ? null : before(axes.batch);
  if (units === undefined || units < 0 || batch === undefined || batch === -1) return null;
  return sequenceOf(b, { sequences, nodes, order }, { value: first, size: 0, axes: { rank, units, batch } });
}

function wholeOf(b: Builder, { from }: StepSequence, axes: Axes, order: readonly number[]): Value | null {
  // A damaged file says one thing here and another there.
  const isOf = (rank: number) => (term: Term) => (term.value.type.shape?.length ?? rank) === rank;
  if (!(from.kind === 'terms' ? from.terms.every(isOf(axes.rank)) : isOf(axes.rank + 1)(from.source))) return null;
  if (from.kind === 'terms') {
    return stacked(
      b,
      order.map((step) => from.terms[step] as Term),
      axes,
    );
  }
  const { source, axis } = from;
  const places = order.map((step) => from.places[step] ?? 0);
  const [first = 0, second] = places;
  const value = ranked(source, axes.rank + 1);
  const size = value.type.shape?.[axis];
  // Steps are put in the order of their places, so neighbours are neighbours.
  const whole = first === 0 && size === places.length;
  const read = whole
    ? value
    : second === first + 1
      ? b.slice(value, first, first + places.length, axis)
      : b.gather(value, b.int64s(places), axis);
  return inOrder(b, read, axis, axes);
}
