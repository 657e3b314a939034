import type { DiagramEdge, DiagramNode, ModelDescription, ModelPort, RecurrentLayer } from '../../protocol/model';
import type { Cell } from '../cells/cell';
import { directionsOf, isFused } from '../cells/lower';
import { readStepForm } from '../cells/stepForm';
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
    recurrent: graph.nodes.flatMap((node) => recurrentLayer(graph, node) ?? []),
    diagram: diagramOf(graph),
    metadata: Object.fromEntries(proto.metadataProps.map(({ key, value }) => [key, value])),
  };
}

/** Float weights are parameters; whole numbers are shapes and axes, and lone numbers the constants of formulas. */
const isParameter = ({ type }: Value) => type.dtype.startsWith('float') && type.shape?.length !== 0;
const elements = ({ type }: Value) => sizeOf((type.shape ?? []).filter((dim) => typeof dim === 'number'));
const portOf = ({ name, type }: Value): ModelPort => ({ name, dtype: type.dtype, shape: type.shape });

function recurrentLayer(graph: Graph, node: Node): RecurrentLayer | null {
  const stepForm = readStepForm(graph, node);
  if (stepForm !== null) {
    const { cell, hidden, input, reverse, parameters } = stepForm;
    return {
      node: node.name,
      op: cell.title,
      hidden,
      input,
      direction: reverse ? 'reverse' : 'forward',
      parameters: Object.values(parameters).reduce((sum, value) => sum + elements(value), 0),
      gates: cell.gates,
    };
  }
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
    gates: cellOf(graph, node)?.gates ?? [],
  };
}

const weightsOf = (node: Node) =>
  node.inputs.slice(1).filter((value) => value !== null && value.constant !== null && isParameter(value)) as Value[];

/** The cell that a node computes; null where it is not one of ours. */
function cellOf(graph: Graph, node: Node): Cell | null {
  if (!isFused(node.op)) return readStepForm(graph, node)?.cell ?? null;
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
    if (
      from !== undefined &&
      from !== to &&
      !edges.some((edge) => edge.from === from && edge.to === to && edge.label === label)
    ) {
      edges.push({ from, to, label });
    }
  };
  // What only prepares a Scan of ours is part of its box.
  const boxes = new Map<Node, string>();
  graph.nodes.forEach((node, i) => {
    for (const part of readStepForm(graph, node)?.preparation ?? []) boxes.set(part, `node ${i}`);
  });
  graph.nodes.forEach((node, i) => {
    if (node.op === 'Constant') return;
    const around = boxes.get(node);
    if (around !== undefined) {
      for (const value of usesOf(node)) connect(value, around);
      for (const output of node.outputs) if (output !== null) makers.set(output, around);
      return;
    }
    const from = node.inputs[0] ? makers.get(node.inputs[0]) : undefined;
    if (layoutOnly.has(node.op) && from !== undefined) {
      for (const output of node.outputs) if (output !== null) makers.set(output, from);
      return;
    }
    const id = `node ${i}`;
    box(boxOf(graph, node, id));
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

function boxOf(graph: Graph, node: Node, id: string): DiagramNode {
  const parameters = weightsOf(node).reduce((sum, value) => sum + elements(value), 0);
  const layer = recurrentLayer(graph, node);
  if (layer !== null) {
    const cell = cellOf(graph, node);
    return {
      id,
      kind: 'recurrent',
      title: cell?.title ?? node.op,
      units: layer.hidden,
      detail: '',
      parameters: layer.parameters,
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
