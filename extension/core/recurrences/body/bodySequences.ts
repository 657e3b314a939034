import type { Builder } from '../../graph/builder';
import { type Node, usesOf } from '../../graph/graph';
import { type Dim, Value } from '../../graph/value';
import { axisOf, intOf, intsOf } from '../../ops/arguments';
import { toNumbers } from '../../tensor';
import type { LoopBody } from './loopBody';

/** A value from around a loop of which each step reads its own part. */
export interface WholeRead {
  readonly outer: Value;
  readonly inner: Value;
  readonly axis: number;
  /** Whether a step reads what lies along the axis without that axis, else as one place of it. */
  readonly removesAxis: boolean;
}

/** Operators that do with a sequence of values what they do with each of them. */
const elementwise: ReadonlySet<string> = new Set([
  'Identity',
  'Cast',
  'Tanh',
  'Relu',
  'Sigmoid',
  'Neg',
  'Exp',
  'Dropout',
]);

/** So many nodes one after the other prepare what a step reads. */
const deepest = 100;

/**
 * Writes what the steps of a body read and compute for all steps at once, [steps, …] by the places in what is read, as far as it does not
 * wait for a state.
 */
export class BodySequences {
  private readonly known = new Map<Value, Value | null>();
  private readonly makers = new Map<Value, Node>();
  private readonly inside: ReadonlySet<Value>;
  private depth = 0;

  constructor(
    private readonly b: Builder,
    loop: LoopBody,
    reads: readonly WholeRead[],
  ) {
    const { body } = loop;
    for (const node of body.nodes)
      for (const output of node.outputs) if (output !== null) this.makers.set(output, node);
    this.inside = new Set([...body.inputs, ...this.makers.keys()]);
    for (const read of reads) this.known.set(read.inner, this.wholeOf(read));
  }

  /** Says what a value is at all steps, such as the state of a cell. */
  give(value: Value, whole: Value): void {
    this.known.set(value, whole);
  }

  /** A value of the body at all steps; null where it is not known how to write that. */
  of(value: Value, rank: number | null = value.type.shape?.length ?? null): Value | null {
    const found = this.known.get(value);
    if (found !== undefined) return found;
    const node = this.makers.get(value);
    this.depth++;
    const made = node === undefined || this.depth > deepest ? null : this.made(node, rank);
    this.depth--;
    this.known.set(value, made);
    return made;
  }

  private wholeOf({ outer, inner, axis, removesAxis }: WholeRead): Value | null {
    const innerRank = inner.type.shape?.length;
    const rank = outer.type.shape?.length ?? (innerRank === undefined ? null : innerRank + (removesAxis ? 1 : 0));
    if (rank === null) return null;
    const value = withRank(outer, rank);
    const others = Array.from({ length: rank }, (_, i) => i).filter((i) => i !== axis);
    const whole = this.b.transpose(value, [axis, ...others]);
    return removesAxis ? whole : this.b.unsqueeze(whole, [axis + 1]);
  }

  private made(node: Node, rank: number | null): Value | null {
    const { op, domain, inputs, attributes } = node;
    const [first, second] = inputs;
    if (domain !== '' || !first || node.outputs.length !== 1) return null;
    if (elementwise.has(op)) {
      const whole = this.of(first, rank);
      return whole && (this.b.apply(op, [whole], attributes)[0] ?? null);
    }
    if (op === 'Gather') {
      // A table that is the same at every step, and the rows that each step looks up.
      const table = this.fromAround(first);
      const places = second ? this.of(second) : null;
      return table && places && intOf(attributes, 'axis', 0) === 0 ? this.b.gather(table, places, 0) : null;
    }
    if (op === 'MatMul') {
      const whole = this.of(first);
      const matrix = second ? this.fromAround(second) : null;
      return whole?.type.shape?.length === 3 && matrix?.type.shape?.length === 2 ? this.b.matMul(whole, matrix) : null;
    }
    if (op === 'Squeeze' || op === 'Unsqueeze') {
      const whole = this.of(first);
      const axes = second?.constant ? toNumbers(second.constant) : intsOf(attributes, 'axes');
      const wide = whole?.type.shape?.length;
      if (!whole || wide === undefined || axes === null) return null;
      const of = op === 'Squeeze' ? wide - 1 : wide - 1 + axes.length;
      const shifted = axes.map((axis) => axisOf(axis, of) + 1);
      return op === 'Squeeze' ? this.b.squeeze(whole, shifted) : this.b.unsqueeze(whole, shifted);
    }
    if (op === 'Transpose') {
      const whole = this.of(first);
      const perm = intsOf(attributes, 'perm');
      return whole && perm && this.b.transpose(whole, [0, ...perm.map((axis) => axis + 1)]);
    }
    return null;
  }

  /** A value that is no step's own, as the graph around the body has it. */
  private fromAround(value: Value): Value | null {
    if (value.constant !== null) return this.b.constant(value.constant, value.name);
    return this.inside.has(value) ? null : value;
  }
}

/** A value of a rank that the file does not say. */
function withRank(value: Value, rank: number): Value {
  if (value.type.shape !== null) return value;
  const shape = Array.from({ length: rank }, (_, i): Dim => `${value.name}_${i}`);
  return new Value(value.name, { dtype: value.type.dtype, shape });
}

/** The values of a graph that its outputs and its nodes read. */
export function readIn({ nodes, outputs }: { readonly nodes: readonly Node[]; readonly outputs: readonly Value[] }) {
  return new Set<Value>([...outputs, ...nodes.flatMap((node) => usesOf(node))]);
}
