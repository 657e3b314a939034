import { clone, create } from '@bufbuild/protobuf';
import type { Graph, Node } from '../graph/graph';
import { type GraphProto, type NodeProto, NodeProtoSchema, ValueInfoProtoSchema } from './onnx_pb';
import { attributeProto, nodeProto } from './write';

/**
 * A node that was read, as it was to the last unknown field, with the outputs, the lists of whole numbers and the parts of its bodies that it
 * was given since. Outputs of bodies that were added are written without a type, which follows from what makes them.
 */
export function grownNode(read: NodeProto, node: Node): NodeProto {
  const bodies = Object.values(node.attributes).some((attribute) => attribute.kind === 'graph');
  if (!bodies) return read;
  const copy = clone(NodeProtoSchema, read);
  while (copy.output.length < node.outputs.length) copy.output.push(node.outputs[copy.output.length]?.name ?? '');
  for (const [name, attribute] of Object.entries(node.attributes)) {
    const found = copy.attribute.find((each) => each.name === name);
    if (attribute.kind === 'graph' && found?.g !== undefined) grow(found.g, attribute.value);
    if (attribute.kind !== 'ints' || (found?.ints.map(Number).join() ?? null) === attribute.value.join()) continue;
    copy.attribute = [...copy.attribute.filter((each) => each !== found), attributeProto(name, attribute)];
  }
  return copy;
}

function grow(read: GraphProto, graph: Graph): void {
  read.node.push(...graph.nodes.slice(read.node.length).map(nodeProto));
  const added = graph.outputs.slice(read.output.length);
  read.output.push(...added.map(({ name }) => create(ValueInfoProtoSchema, { name })));
}
