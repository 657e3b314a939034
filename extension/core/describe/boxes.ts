import type { DiagramNode, ModelPort } from '../../protocol/model';
import { type Node, usesOf } from '../graph/graph';
import type { Value } from '../graph/value';
import type { Outline } from '../onnx/read';
import type { Fold } from './folds';
import { remarksOf } from './remarks';
import { attributesOf, cut, dimsOf, elements, longestName, mostOfAKind, type ShapeWriter } from './texts';

/** Beside all nodes together so many characters are told: exporters write a page beside each. Stack traces leave room for the rest. */
const mostPlain = 2 ** 21;
const mostSensitive = 2 ** 20;

/** What boxes have nothing of that stand for no node of the file. */
const ofNoNode = {
  group: null,
  name: '',
  op: '',
  domain: '',
  attributes: [],
  inputs: [],
  outputs: [],
  initializers: [],
  bodies: [],
  remarks: [],
} as const satisfies Partial<DiagramNode>;

const plain = { direction: null, units: null, parameters: 0, equations: [] } as const;

/** Makes the boxes of a model's diagram; `group` is the one that they lie in. */
export class Boxes {
  private readonly room = { plain: mostPlain, sensitive: mostSensitive };
  private readonly fixed: ReadonlySet<Value>;

  /** @param fixed the weights and constants of all graphs of the model. */
  constructor(
    private readonly outline: Pick<Outline, 'otherTypes' | 'read'>,
    fixed: Iterable<Value>,
  ) {
    this.fixed = new Set(fixed);
  }

  /** A value at the border of a graph. */
  border(id: string, kind: 'input' | 'output', value: Value, group: string | null, shape: ShapeWriter): DiagramNode {
    const port = kind === 'input' ? { outputs: [this.port(value)] } : { inputs: [this.port(value)] };
    const title = cut(value.name, longestName);
    return { ...ofNoNode, ...plain, id, kind, group, title, detail: shape(value), ...port };
  }

  /** One node. `fold` is for a node that is all of a recurrence or of a part of a model of ours. */
  node(id: string, node: Node, group: string | null, shape: ShapeWriter, fold: Fold | null): DiagramNode {
    const facts = { ...this.facts(node), group };
    if (fold !== null) return { ...facts, ...this.whole(id, fold, shape) };
    const parameters = this.parameters([node]);
    const dense = (node.op === 'Gemm' || node.op === 'MatMul') && parameters > 0;
    const title = dense ? 'Linear' : cut(node.op, longestName);
    const kind = dense ? 'dense' : 'operator';
    return { ...plain, ...facts, id, kind, title, detail: detailOf(node, shape), parameters };
  }

  /** Several nodes as one box. What they read from each other is not told. */
  fold(id: string, fold: Fold, group: string | null, shape: ShapeWriter): DiagramNode {
    const made = new Set([...fold.nodes].flatMap(({ outputs }) => outputs));
    const uses = [...new Set([...fold.nodes].flatMap(usesOf))].filter((value) => !made.has(value));
    return { ...ofNoNode, ...this.values(uses, []), group, ...this.whole(id, fold, shape) };
  }

  port(value: Value): ModelPort {
    const dtype = this.outline.otherTypes.get(value) ?? value.type.dtype;
    return { name: cut(value.name, longestName), dtype, shape: dimsOf(value) };
  }

  /** How many numbers of weights there are among values; each counts once. */
  private parameters(nodes: Iterable<Node>): number {
    const weights = new Set([...nodes].flatMap(usesOf).filter((value) => this.isParameter(value)));
    return [...weights].reduce((sum, value) => sum + elements(value), 0);
  }

  /** Float weights are parameters; whole numbers are shapes and axes, and lone numbers the constants of formulas. */
  isParameter(value: Value): boolean {
    const dtype = this.outline.otherTypes.get(value) ?? value.type.dtype;
    return this.fixed.has(value) && dtype.includes('float') && value.type.shape?.length !== 0;
  }

  private whole(id: string, { title, nodes, recurrences }: Fold, shape: ShapeWriter) {
    const [first] = recurrences;
    const last = [...nodes].at(-1);
    if (first === undefined) {
      const kind = title === 'Linear' ? ('dense' as const) : ('operator' as const);
      const parameters = this.parameters(nodes);
      return { ...plain, id, kind, title, detail: last ? detailOf(last, shape) : '', parameters };
    }
    const equations = [...new Set(recurrences.flatMap((recurrence) => recurrence.equations))];
    const parameters = recurrences.reduce((sum, recurrence) => sum + recurrence.parameters, 0);
    const { direction, hidden: units } = first;
    return { id, kind: 'recurrent' as const, title, direction, units, detail: '', parameters, equations };
  }

  /** What the file says of a node. */
  private facts(node: Node) {
    const inputs = node.inputs.filter((value) => value !== null);
    const outputs = node.outputs.filter((value) => value !== null);
    return {
      ...ofNoNode,
      ...this.values(inputs, outputs),
      name: cut(node.name, longestName),
      op: cut(node.op, longestName),
      domain: cut(node.domain, longestName),
      attributes: attributesOf(node),
      remarks: this.remarks(node),
    };
  }

  private values(uses: readonly Value[], made: readonly Value[]) {
    const isFixed = (value: Value) => this.fixed.has(value);
    const some = (values: readonly Value[]) => values.slice(0, mostOfAKind);
    return {
      inputs: some(uses.filter((value) => !isFixed(value))).map((value) => this.port(value)),
      outputs: some(made).map((value) => this.port(value)),
      initializers: some(uses.filter(isFixed)).map((value) => ({ ...this.port(value), parameters: elements(value) })),
    };
  }

  private remarks(node: Node): DiagramNode['remarks'] {
    const read = this.outline.read.get(node);
    if (read === undefined) return [];
    const pairs = read.metadataProps.slice(0, mostOfAKind).map(({ key, value }) => [key, value] as const);
    const remarks = remarksOf(read.docString === '' ? pairs : [...pairs, ['doc_string', read.docString]]);
    return remarks.filter(({ name, value, sensitive }) => {
      const kind = sensitive ? 'sensitive' : 'plain';
      this.room[kind] -= name.length + value.length;
      return this.room[kind] >= 0;
    });
  }
}

function detailOf({ outputs }: Node, shape: ShapeWriter): string {
  const first = outputs.find((value) => value !== null);
  return first ? shape(first) : '';
}
