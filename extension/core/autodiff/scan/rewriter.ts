import { Builder } from '../../graph/builder';
import { Graph, type Node } from '../../graph/graph';
import type { Value } from '../../graph/value';
import { only } from '../../ops/arguments';

const commutative = new Set(['Mul', 'Add']);

/**
 * Writes the gradient of a step anew, node by node. It knows the forward step too, so that nothing is computed twice that the
 * forward step has computed already.
 *
 * A *carried* value depends on a gradient that is carried from step to step; a *free* one does not.
 */
export class Rewriter {
  readonly b: Builder;
  private readonly carried: Set<Value>;
  private readonly made = new Map<Value, Node>();
  private readonly forward = new Map<Value, Node>();
  private readonly forwardSplits = new Map<Value, Node[]>();
  /** Values by the expression that makes them, for nodes of one output and no attributes. */
  private readonly expressions = new Map<string, Value>();

  constructor(outer: Builder, forward: readonly Node[], carriedInputs: Iterable<Value>) {
    this.b = new Builder(new Graph('gradient of a step', outer.graph.names), outer);
    this.carried = new Set(carriedInputs);
    for (const node of forward) {
      for (const output of node.outputs) if (output !== null) this.forward.set(output, node);
      this.remember(node);
      const [source] = node.inputs;
      if (node.op === 'Split' && source) this.forwardSplits.set(source, [...this.forwardSplitsOf(source), node]);
    }
  }

  isCarried(value: Value): boolean {
    return this.carried.has(value);
  }

  /** The rewritten node that makes `value`; undefined for what comes from the forward step or from outside. */
  maker(value: Value): Node | undefined {
    return this.made.get(value);
  }

  /** The node of the forward step that makes `value`. */
  forwardMaker(value: Value): Node | undefined {
    return this.forward.get(value);
  }

  /** Where the forward step cuts `value` into parts. */
  forwardSplitsOf(value: Value): readonly Node[] {
    return this.forwardSplits.get(value) ?? [];
  }

  /** What the forward step has made by this operator of these values. */
  forwardResult(op: string, ...inputs: readonly Value[]): Value | null {
    const known = this.expressions.get(keyOf(op, inputs));
    return known !== undefined && this.forward.has(known) ? known : null;
  }

  /** Applies an operator of one output and no attributes; what exists already is not made again. */
  op(op: string, ...inputs: readonly Value[]): Value {
    return this.expressions.get(keyOf(op, inputs)) ?? only(this.emit(() => this.b.apply(op, inputs)));
  }

  concat(values: readonly Value[], axis: number): Value {
    return only(this.emit(() => [this.b.concat(values, axis)]));
  }

  /** Runs `build`, which adds nodes to `b`, and takes note of them. */
  emit(build: () => Value[]): Value[] {
    const before = this.b.graph.nodes.length;
    const outputs = build();
    for (const node of this.b.graph.nodes.slice(before)) {
      const waits = node.inputs.some((input) => input !== null && this.carried.has(input));
      for (const output of node.outputs) {
        if (output === null) continue;
        this.made.set(output, node);
        if (waits) this.carried.add(output);
      }
      this.remember(node);
    }
    return outputs;
  }

  private remember(node: Node): void {
    const [output] = node.outputs;
    const inputs = node.inputs.filter((input) => input !== null);
    const plain = node.outputs.length === 1 && inputs.length === node.inputs.length;
    if (!plain || !output || Object.keys(node.attributes).length > 0) return;
    const key = keyOf(node.op, inputs);
    if (!this.expressions.has(key)) this.expressions.set(key, output);
  }
}

function keyOf(op: string, inputs: readonly Value[]): string {
  const names = inputs.map(({ name }) => name);
  return `${op} ${(commutative.has(op) ? names.sort() : names).join()}`;
}
