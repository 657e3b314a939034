import { type Graph, type Node, usesOf } from '../../graph/graph';
import type { Value } from '../../graph/value';
import type { Term, Terms } from './terms';

/** Operators that lay numbers out anew. */
const layout: ReadonlySet<string> = new Set([
  'Cast',
  'ConstantOfShape',
  'Constant',
  'Expand',
  'Flatten',
  'Gather',
  'Identity',
  'Reshape',
  'Shape',
  'Slice',
  'Split',
  'Squeeze',
  'Transpose',
  'Unsqueeze',
  'Where',
]);
/** Those of them that put the outputs of steps together. */
const collecting: ReadonlySet<string> = new Set(['Cast', 'Concat', 'Identity', 'Squeeze', 'Unsqueeze']);

/** Says which nodes of a graph compute some terms and nothing else. No node is given to two recurrences. */
export class OwnNodes {
  private readonly taken = new Set<Node>();
  private readonly readers = new Map<Value, Node[]>();
  private readonly makers = new Map<Value, Node>();
  private readonly outputs: ReadonlySet<Value>;

  constructor(
    graph: Graph,
    private readonly terms: Terms,
  ) {
    this.outputs = new Set(graph.outputs);
    for (const node of graph.nodes) {
      for (const value of new Set(usesOf(node))) {
        const readers = this.readers.get(value) ?? [];
        this.readers.set(value, readers);
        readers.push(node);
      }
      for (const output of node.outputs) if (output !== null) this.makers.set(output, node);
    }
  }

  /** The nodes that make `computed`, what only prepares them, and what only puts their outputs together. */
  of(computed: Iterable<Term>): ReadonlySet<Node> {
    const own = new Set<Node>();
    for (const term of computed) {
      for (const node of this.terms.makers.get(term) ?? []) if (!this.taken.has(node)) own.add(node);
    }
    this.addAfter(own);
    this.addBefore(own);
    for (const node of own) this.taken.add(node);
    return own;
  }

  private addAfter(own: Set<Node>): void {
    const open = [...own];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      for (const reader of this.readersOf(node)) {
        if (own.has(reader) || this.taken.has(reader) || !collecting.has(reader.op) || reader.domain !== '') continue;
        const wholly = reader.inputs.every((input) => {
          const maker = input && this.makers.get(input);
          return !maker || own.has(maker) || maker.op === 'Constant';
        });
        if (!wholly) continue;
        own.add(reader);
        open.push(reader);
      }
    }
  }

  private addBefore(own: Set<Node>): void {
    const open = [...own];
    // Of what only has its shape asked for, the numbers do not matter: some exporters compute a step once more for that.
    const measured = new Set<Node>();
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      for (const input of node.inputs) {
        const maker = input === null ? undefined : this.makers.get(input);
        if (!maker || own.has(maker) || this.taken.has(maker) || maker.domain !== '') continue;
        if (maker.outputs.some((value) => value !== null && this.outputs.has(value))) continue;
        const readers = this.readersOf(maker);
        if (!readers.every((reader) => own.has(reader))) continue;
        const unseen = readers.every((reader) => reader.op === 'Shape' || measured.has(reader));
        const preparing =
          layout.has(maker.op) || maker.outputs.every((value) => !value?.type.dtype.startsWith('float'));
        if (!unseen && !preparing) continue;
        if (unseen) measured.add(maker);
        own.add(maker);
        open.push(maker);
      }
    }
  }

  private readersOf = ({ outputs }: Node) =>
    outputs.flatMap((value) => (value === null ? [] : (this.readers.get(value) ?? [])));
}
