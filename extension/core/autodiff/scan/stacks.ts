import { UnrollError } from '../../../protocol/errors';
import type { Builder } from '../../graph/builder';
import type { Node } from '../../graph/graph';
import type { Value } from '../../graph/value';
import { at, staticShape } from '../../ops/arguments';
import { contraction } from '../../ops/linear';
import { summedAxes } from '../../ops/reduction';
import { operator } from '../../ops/table';

/** A per-step value seen from outside the Scan: all its steps in one tensor, or one value that is the same in every step. */
export interface Stack {
  readonly value: Value;
  readonly stacked: boolean;
}

/** Where a stack comes from that is not computed from other stacks; null where it is. */
export type Leaf = (value: Value) => Stack | null;

/** Computes per-step values for all steps at once, outside the Scan, each once and only when asked for. */
export class Stacks {
  private readonly known = new Map<Value, Stack>();
  private readonly producers = new Map<Value, Node>();

  constructor(
    private readonly b: Builder,
    nodes: readonly Node[],
    private readonly leaf: Leaf,
  ) {
    for (const node of nodes) for (const output of node.outputs) if (output !== null) this.producers.set(output, node);
  }

  /** All steps of `value`. */
  of(value: Value): Stack {
    const known = this.known.get(value) ?? this.leaf(value);
    if (known !== null) {
      this.known.set(value, known);
      return known;
    }
    const node = this.producer(value);
    const inputs = node.inputs.filter((input) => input !== null).map((input) => this.of(input));
    const stacked = inputs.some((input) => input.stacked);
    const outputs = stacked
      ? this.lift(node, inputs)
      : this.b.apply(
          node.op,
          inputs.map((input) => input.value),
          node.attributes,
        );
    node.outputs.forEach((output, i) => {
      if (output !== null) this.known.set(output, { value: at(outputs, i), stacked });
    });
    return this.of(value);
  }

  /** Σ over the steps of `value`, which varies from step to step. Products of matrices become one product over all steps. */
  sum(value: Value): Value {
    const node = this.producers.get(value);
    const isLeaf = this.known.has(value) || this.leaf(value) !== null;
    if (node !== undefined && !isLeaf) {
      const [x, y] = node.inputs;
      if (node.op === 'MatMul' && x && y) {
        const [left, right] = [this.of(x), this.of(y)];
        if (left.stacked && right.stacked) return contraction(this.b, left.value, right.value);
      }
      if (node.op === 'Transpose' && x) return at(this.b.apply('Transpose', [this.sum(x)], node.attributes), 0);
      if (node.op === 'Add' && x && y && this.of(x).stacked && this.of(y).stacked && sameRank(x, y)) {
        return this.b.add(this.sum(x), this.sum(y));
      }
      if (node.op === 'ReduceSum' && x && this.of(x).stacked) {
        const stack = this.of(x).value;
        return this.b.reshape(this.b.reduceSum(stack, summedAxes(node, stack), false), staticShape('ReduceSum', value));
      }
      if (node.op === 'Reshape' && x && this.of(x).stacked) {
        return this.b.reshape(this.sum(x), staticShape('Reshape', value));
      }
    }
    const { value: stack, stacked } = this.of(value);
    if (!stacked) throw new UnrollError('internal', 'The gradient "{0}" is the same in every step.', value.name);
    return this.b.reduceSum(stack, [0], false);
  }

  private producer(value: Value): Node {
    const node = this.producers.get(value);
    if (node === undefined) throw new UnrollError('internal', 'Nothing in the step makes "{0}".', value.name);
    return node;
  }

  private lift(node: Node, inputs: readonly Stack[]): readonly Value[] {
    const { lift } = operator(node.op);
    if (lift === undefined) throw new UnrollError('internal', '{0} cannot run for all steps at once.', node.op);
    return lift({ b: this.b, node, inputs });
  }
}

const sameRank = (x: Value, y: Value) => x.type.shape?.join() === y.type.shape?.join();
