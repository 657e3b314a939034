import type { StateChange } from '../cells/recurrence';
import { Builder, int, ints } from '../graph/builder';
import type { Node } from '../graph/graph';
import { first, interpose } from '../graph/interpose';
import { Value } from '../graph/value';
import { at, axisOf, intOf, intsOf } from '../ops/arguments';
import { type LoopBody, scansBackwards } from '../recurrences/body/loopBody';
import type { Axes } from '../recurrences/match/contract';
import { type DType, toNumbers } from '../tensor';
import { turned } from './plainLoops';

// Changes of states where they stand: in the body of a Scan or a Loop, or step by step in an unrolled graph. Whatever reads a state
// there reads what it has become.

/** A value that a step computes, with what becomes of it. */
export interface ChangedValue {
  readonly value: Value;
  /** How [steps, units, batch] lies as [steps, …] with the axes of the value behind the steps. */
  readonly layout: (b: Builder, whole: Value) => Value;
  readonly change: StateChange;
}

/** Lays [steps, units, batch] out for a value of these axes. */
export const layoutOf =
  ({ rank, units, batch }: Axes): ChangedValue['layout'] =>
  (b, whole) => {
    const kept = batch === null ? b.squeeze(whole, [2]) : batch < units ? b.transpose(whole, [0, 2, 1]) : whole;
    const others = Array.from({ length: rank }, (_, axis) => axis + 1).filter(
      (axis) => axis !== units + 1 && axis !== (batch ?? -1) + 1,
    );
    return others.length === 0 ? kept : b.unsqueeze(kept, others);
  };

/** A value whose units and sequences lie on these axes. */
interface Placed {
  readonly value: Value;
  readonly axes: Axes;
}

/** Where a state is best changed: at the first value that it only lies otherwise than, so that whatever else is made of that follows too. */
export function sourceOf(nodes: readonly Node[], after: Placed): Placed {
  const makers = new Map(nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)));
  let found = after;
  for (;;) {
    const node = makers.get(found.value);
    const before = node === undefined ? null : beforeLayout(node, found.axes);
    if (before === null) return found;
    found = before;
  }
}

/** The value that another is a mere copy of. */
export function copiedFrom(nodes: readonly Node[], copy: Value): Value {
  const maker = nodes.find(({ op, outputs }) => op === 'Identity' && outputs.includes(copy));
  const source = maker?.inputs[0];
  return source ? copiedFrom(nodes, source) : copy;
}

/** What a node only lays out otherwise, with its axes; null for other nodes. */
function beforeLayout({ op, domain, inputs, attributes }: Node, axes: Axes): Placed | null {
  const [value] = inputs;
  if (!value || domain !== '') return null;
  if (op === 'Identity') return { value, axes };
  const from = (rank: number, place: (axis: number) => number | null): Placed | null => {
    const units = place(axes.units);
    const batch = axes.batch === null ? null : place(axes.batch);
    return units === null ? null : { value, axes: { rank, units, batch } };
  };
  if (op === 'Transpose') {
    const perm = intsOf(attributes, 'perm') ?? Array.from({ length: axes.rank }, (_, i) => axes.rank - 1 - i);
    return from(axes.rank, (axis) => perm[axis] ?? null);
  }
  const listed = inputs[1]?.constant;
  if ((op !== 'Unsqueeze' && op !== 'Squeeze') || !listed) return null;
  const rank = op === 'Squeeze' ? axes.rank + listed.data.length : axes.rank;
  const changed = new Set(toNumbers(listed).map((axis) => axisOf(axis, rank)));
  const others = Array.from({ length: rank }, (_, axis) => axis).filter((axis) => !changed.has(axis));
  if (op === 'Squeeze') return from(rank, (axis) => others[axis] ?? null);
  return from(others.length, (axis) => (changed.has(axis) ? null : others.indexOf(axis)));
}

/** Changes values that the body of a Scan or a Loop makes at each step; `reverse` where later steps read what stands earlier. */
export function changeInBody(b: Builder, loop: LoopBody, changed: readonly ChangedValue[], reverse: boolean): void {
  const inner = new Builder(loop.body, b);
  for (const { value, layout, change } of changed) {
    const part = (whole: Value): ((b: Builder) => Value) => {
      const stacked = ofType(b, layout(b, whole), value.type.dtype);
      if (loop.kind === 'scan') {
        const slice = scanned(loop, stacked);
        return () => slice;
      }
      const inOrder = reverse ? turned(b, stacked) : stacked;
      const { iteration } = loop;
      return (step) => (iteration === null ? inOrder : step.gather(inOrder, iteration, 0));
    };
    const [keep, set] = first(b, () => [change.keep === null ? null : part(change.keep), part(change.set)] as const);
    interpose(inner, value, (before) => {
      const kept = keep === null ? before : inner.mul(before, keep(inner));
      return inner.add(kept, set(inner));
    });
  }
}

/** Whether a body makes a value at each step, so that it can be changed there. */
export const isMadeIn = (nodes: readonly Node[], value: Value) => nodes.some(({ outputs }) => outputs.includes(value));

/** Gives a Scan one more value to read a slice of at every step. */
function scanned(loop: LoopBody, stacked: Value): Value {
  const { node, body } = loop;
  const { dtype, shape } = stacked.type;
  const slice = new Value(body.names.claim(`${stacked.name}_step`), { dtype, shape: shape?.slice(1) ?? null });
  const count = intOf(node.attributes, 'num_scan_inputs', 0);
  body.inputs.push(slice);
  node.inputs.push(stacked);
  const grown = (name: string, entry: number) => {
    const given = intsOf(node.attributes, name);
    if (given === null && entry === 0) return {};
    return { [name]: ints(Array.from({ length: count + 1 }, (_, i) => (i === count ? entry : (given?.[i] ?? 0)))) };
  };
  node.attributes = {
    ...node.attributes,
    num_scan_inputs: int(count + 1),
    ...grown('scan_input_axes', 0),
    ...grown('scan_input_directions', scansBackwards(loop) ? 1 : 0),
  };
  return slice;
}

/** Changes values that stand one a step in the graph: `values` are lists of copies of one value, in the order of time. */
export function changeSteps(
  b: Builder,
  values: readonly (readonly Value[])[],
  { layout, change }: Omit<ChangedValue, 'value'>,
): void {
  const dtype = values[0]?.[0]?.type.dtype ?? 'float32';
  const parts = (whole: Value) =>
    b
      .split(
        ofType(b, layout(b, whole), dtype),
        values.map(() => 1),
        0,
      )
      .map((part) => b.squeeze(part, [0]));
  const [keep, set] = first(b, () => [change.keep === null ? null : parts(change.keep), parts(change.set)] as const);
  values.forEach((copies, step) => {
    for (const value of copies) {
      interpose(b, value, (before) => {
        const kept = keep === null ? before : b.mul(before, at(keep, step));
        return b.add(kept, at(set, step));
      });
    }
  });
}

const ofType = (b: Builder, value: Value, dtype: DType) => (dtype.startsWith('float') ? b.cast(value, dtype) : value);
