import type { Builder } from '../../graph/builder';
import type { Node } from '../../graph/graph';
import { Value } from '../../graph/value';
import type { Term } from './terms';

/** Writes terms as the nodes of one step, each once. */
export class StepWriter {
  /** What stands for each term in the step, and the other way round. */
  readonly values = new Map<Term, Value>();
  readonly terms = new Map<Value, Term>();
  /** Terms of any step that are computed in the step and are none of the pattern's. */
  readonly pulled = new Set<Term>();
  private readonly nodes = new Map<Node, Node>();

  constructor(private readonly b: Builder) {}

  /** Adds the node of a term, or the term to the outputs of the node where it is there already. */
  write(term: Term, inputs: (Value | null)[]): Value {
    const known = this.values.get(term);
    if (known !== undefined) return known;
    const value = new Value(this.b.graph.names.claim(term.value.name), term.value.type);
    this.values.set(term, value);
    this.terms.set(value, term);
    const { node, output } = term;
    if (node === null) return value;
    const written = this.nodes.get(node) ?? this.added(node, inputs);
    written.outputs[output] = value;
    return value;
  }

  private added(node: Node, inputs: (Value | null)[]): Node {
    const outputs = node.outputs.map(() => null);
    const written: Node = { ...node, inputs, outputs };
    this.nodes.set(node, written);
    this.b.graph.nodes.push(written);
    return written;
  }
}
