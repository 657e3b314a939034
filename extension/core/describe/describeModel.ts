import type { DiagramEdge, DiagramNode, ModelDescription, RecurrentLayer } from '../../protocol/model';
import { type Graph, type Node, usesOf } from '../graph/graph';
import type { Value } from '../graph/value';
import { readModel } from '../onnx/read';
import { producer } from '../onnx/write';
import { findRecurrences } from '../recurrences/findRecurrences';
import type { FoundRecurrence } from '../recurrences/recurrence';
import { numbersIn } from '../recurrences/weights';
import { remarksOf } from './remarks';
import {
  attributesOf,
  cut,
  elements,
  initializerOf,
  isParameter,
  longestName,
  mostOfAKind,
  portOf,
  type ShapeWriter,
  shapeWriter,
} from './texts';

/** Says what an ONNX file is: its borders, its recurrences, its parameters, and a diagram of what stands between. */
export function describeModel(bytes: Uint8Array): ModelDescription {
  const { graph, proto, opset } = readModel(bytes);
  const recurrences = findRecurrences(graph);
  const said = proto.metadataProps.map(({ key, value }) => [key, value] as const);
  // What we wrote ourselves tells of nobody's machine.
  const ours = proto.producerName === producer;
  const remarks = remarksOf([...said, ['doc_string', proto.docString]]).map((remark) =>
    ours ? { ...remark, sensitive: false } : remark,
  );
  const sensitive = new Set(remarks.flatMap(({ name, sensitive }) => (sensitive ? [name] : [])));
  return {
    producer: [proto.producerName, proto.producerVersion].filter((part) => part !== '').join(' '),
    opset,
    parameters: [...graph.initializers].filter(isParameter).reduce((sum, value) => sum + elements(value), 0),
    inputs: graph.inputs.map(portOf),
    outputs: graph.outputs.map(portOf),
    recurrent: recurrences.flatMap(recurrentLayer),
    diagram: diagramOf(graph, recurrences, ours),
    metadata: Object.fromEntries(said.filter(([name]) => !sensitive.has(name))),
    remarks,
  };
}

/** A recurrence as it is listed; none for one whose size the file does not say. */
function recurrentLayer({ name, op, hidden, input, direction, parameters, gates }: FoundRecurrence): RecurrentLayer[] {
  if (hidden === null || input === null) return [];
  return [{ node: name, op, hidden, input, direction, parameters, gates }];
}

/** Operators that only lay numbers out anew: they are drawn as part of the arrow. */
const layoutOnly: ReadonlySet<string> = new Set(['Identity', 'Reshape', 'Squeeze', 'Transpose', 'Unsqueeze']);

/**
 * One box a node, constants and mere changes of layout left out; in a file of ours (`named`) the nodes of a part share a box. Edges
 * carry shapes. Boxes are in the order of execution.
 */
function diagramOf(graph: Graph, recurrences: readonly FoundRecurrence[], named: boolean): ModelDescription['diagram'] {
  const makers = new Map<Value, string>();
  const nodes: DiagramNode[] = [];
  const edges: DiagramEdge[] = [];
  const shape = shapeWriter(graph);
  const border = (id: string, kind: 'input' | 'output', value: Value) => {
    const none = { direction: null, units: null, parameters: 0, equations: [] };
    const port = kind === 'input' ? { outputs: [portOf(value)] } : { inputs: [portOf(value)] };
    nodes.push({ id, kind, title: cut(value.name, longestName), detail: shape(value), ...none, ...ofNoNode, ...port });
  };
  graph.inputs.forEach((input, i) => {
    const id = `input ${i}`;
    makers.set(input, id);
    border(id, 'input', input);
  });
  const connect = (value: Value, to: string) => {
    const from = makers.get(value);
    if (from === undefined || from === to) return;
    const label = shape(value);
    const known = edges.some((edge) => edge.from === from && edge.to === to && edge.label === label);
    if (!known) edges.push({ from, to, label });
  };
  // All that computes a recurrence is one box, which stands where its last node does.
  const around = new Map<Node, string>();
  const ofBox = new Map<string, FoundRecurrence>();
  const places = new Map(graph.nodes.map((node, i) => [node, i] as const));
  for (const recurrence of recurrences) {
    const id = `node ${Math.max(...[...recurrence.nodes].map((node) => places.get(node) ?? 0))}`;
    for (const node of recurrence.nodes) around.set(node, id);
    ofBox.set(id, recurrence);
  }
  const parts = named ? partsOf(graph) : new Map<Node, Part>();
  graph.nodes.forEach((node, i) => {
    if (node.op === 'Constant') return;
    const own = `node ${i}`;
    const part = around.has(node) ? undefined : parts.get(node);
    const id = around.get(node) ?? part?.id ?? own;
    const from = node.inputs[0] ? makers.get(node.inputs[0]) : undefined;
    if (id === own && !ofBox.has(id) && layoutOnly.has(node.op) && from !== undefined) {
      for (const output of node.outputs) if (output !== null) makers.set(output, from);
      return;
    }
    if (part?.nodes.at(-1) === node) nodes.push(boxOfPart(part, shape));
    else if (id === own) nodes.push(boxOf(ofBox.get(id), node, id, shape));
    for (const value of usesOf(node)) connect(value, id);
    for (const output of node.outputs) if (output !== null) makers.set(output, id);
  });
  graph.outputs.forEach((output, i) => {
    const id = `output ${i}`;
    border(id, 'output', output);
    connect(output, id);
  });
  return { nodes, edges, groups: [], notes: [] };
}

/** Nodes that are one part of a model of ours together, such as an attention pooling. */
interface Part {
  readonly id: string;
  readonly title: string;
  readonly nodes: readonly Node[];
}

/** The part of each node that belongs to one, by the nodes' names: see `Builder.inPart`. */
function partsOf(graph: Graph): ReadonlyMap<Node, Part> {
  const members = new Map<string, Node[]>();
  for (const node of graph.nodes) {
    const end = node.name.indexOf('/');
    if (end < 0) continue;
    const name = node.name.slice(0, end);
    members.set(name, [...(members.get(name) ?? []), node]);
  }
  const parts = new Map<Node, Part>();
  for (const [name, nodes] of members) {
    const part = { id: `part ${name}`, title: name.replace(/_\d+$/, ''), nodes };
    for (const node of nodes) parts.set(node, part);
  }
  return parts;
}

function boxOfPart({ id, title, nodes }: Part, shape: ShapeWriter): DiagramNode {
  const used = nodes.flatMap((node) => usesOf(node));
  const weights = new Set(used.filter((value) => value.constant !== null && isParameter(value)));
  const output = nodes.at(-1)?.outputs.find((value) => value !== null);
  return {
    id,
    kind: title === 'Linear' ? 'dense' : 'operator',
    title,
    direction: null,
    units: null,
    detail: output ? shape(output) : '',
    parameters: [...weights].reduce((sum, value) => sum + elements(value), 0),
    equations: [],
    ...ofNoNode,
  };
}

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

/** What the file says of a node. */
function factsOf(node: Node): Pick<DiagramNode, keyof typeof ofNoNode> {
  const read = node.inputs.filter((value) => value !== null);
  return {
    ...ofNoNode,
    name: cut(node.name, longestName),
    op: cut(node.op, longestName),
    domain: cut(node.domain, longestName),
    attributes: attributesOf(node),
    inputs: read
      .filter(({ constant }) => constant === null)
      .slice(0, mostOfAKind)
      .map(portOf),
    outputs: node.outputs
      .filter((value) => value !== null)
      .slice(0, mostOfAKind)
      .map(portOf),
    initializers: read
      .filter(({ constant }) => constant !== null)
      .slice(0, mostOfAKind)
      .map(initializerOf),
  };
}

function boxOf(recurrence: FoundRecurrence | undefined, node: Node, id: string, shape: ShapeWriter): DiagramNode {
  if (recurrence !== undefined) {
    const { title, direction, hidden, parameters, equations } = recurrence;
    return {
      id,
      kind: 'recurrent',
      title,
      direction,
      units: hidden,
      detail: '',
      parameters,
      equations,
      ...factsOf(node),
    };
  }
  const parameters = numbersIn(node.inputs.slice(1));
  const dense = (node.op === 'Gemm' || node.op === 'MatMul') && parameters > 0;
  const output = node.outputs.find((value) => value !== null);
  return {
    id,
    kind: dense ? 'dense' : 'operator',
    title: dense ? 'Linear' : cut(node.op, longestName),
    direction: null,
    units: null,
    detail: output ? shape(output) : '',
    parameters,
    equations: [],
    ...factsOf(node),
  };
}
