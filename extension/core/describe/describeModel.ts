import type { DiagramEdge, DiagramNode, ModelDescription, ModelPort, RecurrentLayer } from '../../protocol/model';
import { directionsOf, isFused } from '../cells/lower';
import { type Graph, type Node, usesOf } from '../graph/graph';
import type { Value } from '../graph/value';
import { readModel } from '../onnx/read';
import { sizeOf } from '../tensor';

/** Says what an ONNX file is: its borders, its recurrences, its parameters, and a diagram of what stands between. */
export function describeModel(bytes: Uint8Array): ModelDescription {
  const { graph, proto, opset } = readModel(bytes);
  return {
    producer: [proto.producerName, proto.producerVersion].filter((part) => part !== '').join(' '),
    opset,
    parameters: [...graph.initializers].filter(isParameter).reduce((sum, value) => sum + elements(value), 0),
    inputs: graph.inputs.map(portOf),
    outputs: graph.outputs.map(portOf),
    recurrent: graph.nodes.flatMap((node) => recurrentLayer(node) ?? []),
    diagram: diagramOf(graph),
    metadata: Object.fromEntries(proto.metadataProps.map(({ key, value }) => [key, value])),
  };
}

/** Float weights are parameters; whole numbers are shapes and axes. */
const isParameter = ({ type }: Value) => type.dtype.startsWith('float');
const elements = ({ type }: Value) => sizeOf((type.shape ?? []).filter((dim) => typeof dim === 'number'));
const portOf = ({ name, type }: Value): ModelPort => ({ name, dtype: type.dtype, shape: type.shape });

function recurrentLayer(node: Node): RecurrentLayer | null {
  if (node.domain !== '' || !isFused(node.op)) return null;
  const [directions, rows, input] = (node.inputs[1]?.type.shape ?? []).map(Number);
  const hidden = Number(node.inputs[2]?.type.shape?.[2]);
  if (directions === undefined || rows === undefined || input === undefined || Number.isNaN(hidden)) return null;
  const attribute = node.attributes['direction'];
  const direction = attribute?.kind === 'string' ? attribute.value : 'forward';
  return {
    node: node.name,
    op: node.op,
    hidden,
    input,
    direction: direction === 'bidirectional' || direction === 'reverse' ? direction : 'forward',
    parameters: weightsOf(node).reduce((sum, value) => sum + elements(value), 0),
    gates: gatesOf(node) ?? [],
  };
}

const weightsOf = (node: Node) =>
  node.inputs.slice(1).filter((value) => value !== null && value.constant !== null && isParameter(value)) as Value[];

/** The gates in the order of the node's weights; null where the node is not one of our cells. */
function gatesOf(node: Node): readonly string[] | null {
  return cellOf(node)?.gates ?? null;
}

function cellOf(node: Node) {
  try {
    return directionsOf(node)[0]?.cell ?? null;
  } catch {
    return null;
  }
}

/** Operators that only lay numbers out anew: they are drawn as part of the arrow. */
const layoutOnly: ReadonlySet<string> = new Set(['Identity', 'Reshape', 'Squeeze', 'Transpose', 'Unsqueeze']);

/** One box a node, constants and mere changes of layout left out; edges carry shapes. Boxes are in the order of execution. */
function diagramOf(graph: Graph): ModelDescription['diagram'] {
  const makers = new Map<Value, string>();
  const nodes: DiagramNode[] = [];
  const edges: DiagramEdge[] = [];
  const box = (node: DiagramNode) => nodes.push(node);
  graph.inputs.forEach((input, i) => {
    const id = `input ${i}`;
    makers.set(input, id);
    box({ id, kind: 'input', title: input.name, units: null, detail: shapeText(input), parameters: 0, equations: [] });
  });
  const connect = (value: Value, to: string) => {
    const from = makers.get(value);
    const label = shapeText(value);
    if (from !== undefined && !edges.some((edge) => edge.from === from && edge.to === to && edge.label === label)) {
      edges.push({ from, to, label });
    }
  };
  graph.nodes.forEach((node, i) => {
    if (node.op === 'Constant') return;
    const from = node.inputs[0] ? makers.get(node.inputs[0]) : undefined;
    if (layoutOnly.has(node.op) && from !== undefined) {
      for (const output of node.outputs) if (output !== null) makers.set(output, from);
      return;
    }
    const id = `node ${i}`;
    box(boxOf(node, id));
    for (const value of usesOf(node)) connect(value, id);
    for (const output of node.outputs) if (output !== null) makers.set(output, id);
  });
  graph.outputs.forEach((output, i) => {
    const id = `output ${i}`;
    box({
      id,
      kind: 'output',
      title: output.name,
      units: null,
      detail: shapeText(output),
      parameters: 0,
      equations: [],
    });
    connect(output, id);
  });
  return { nodes, edges };
}

function boxOf(node: Node, id: string): DiagramNode {
  const parameters = weightsOf(node).reduce((sum, value) => sum + elements(value), 0);
  const layer = recurrentLayer(node);
  if (layer !== null) {
    const cell = cellOf(node);
    return {
      id,
      kind: 'recurrent',
      title: cell?.title ?? node.op,
      units: layer.hidden,
      detail: '',
      parameters,
      equations: cell?.steps.map(({ text }) => text) ?? [],
    };
  }
  const dense = (node.op === 'Gemm' || node.op === 'MatMul') && parameters > 0;
  const output = node.outputs.find((value) => value !== null);
  return {
    id,
    kind: dense ? 'dense' : 'operator',
    title: dense ? 'Linear' : node.op,
    units: null,
    detail: output ? shapeText(output) : '',
    parameters,
    equations: [],
  };
}

function shapeText({ type }: Value): string {
  return type.shape === null ? '' : `[${type.shape.join(', ')}]`;
}
