import { clone, toBinary } from '@bufbuild/protobuf';
import { bodiesOf, type Graph, type Node } from '../graph/graph';
import { grownNode } from './grown';
import { axesAsInputs } from './newerReductions';
import { ModelProtoSchema } from './onnx_pb';
import type { Model } from './read';
import { writeTensor } from './tensors';
import { nodeProto, valueInfo } from './write';

/**
 * What a model's graph holds, so that what is added to it later can be told from what was read. Take it before adding.
 */
export interface Original {
  /** The nodes with their places in the file. */
  readonly nodes: ReadonlyMap<Node, number>;
  readonly inputs: number;
  readonly outputs: number;
  readonly initializers: number;
}

export function originalOf(graph: Graph): Original {
  const nodes = new Map(graph.nodes.map((node, i) => [node, i] as const));
  return { nodes, inputs: graph.inputs.length, outputs: graph.outputs.length, initializers: graph.initializers.size };
}

/**
 * The model's bytes with the nodes that its graph now has, in their order, and the inputs, outputs and constants that were added at
 * its end.
 * What was read is written as it was, to the last unknown field.
 */
export function writeExtended({ graph, proto, opset }: Model, original: Original): Uint8Array {
  axesAsInputs(graph, opset);
  const copy = clone(ModelProtoSchema, proto);
  const target = copy.graph;
  if (target !== undefined) {
    const read = target.node;
    target.node = graph.nodes.map((node) => {
      const own = read[original.nodes.get(node) ?? -1];
      return own === undefined ? nodeProto(node) : grownNode(own, node);
    });
    target.input.push(...graph.inputs.slice(original.inputs).map((value) => valueInfo(value, true)));
    target.output.push(...graph.outputs.slice(original.outputs).map((value) => valueInfo(value, true)));
    for (const { name, constant } of [...graph.initializers].slice(original.initializers)) {
      if (constant !== null) target.initializer.push(writeTensor(name, constant));
    }
  }
  return toBinary(ModelProtoSchema, copy);
}

/**
 * The same where inputs were renamed and bodies rewritten: inputs, and nodes that hold a body, are written as the graph has them now.
 */
export function writeChanged({ graph, proto, opset }: Model, original: Original): Uint8Array {
  axesAsInputs(graph, opset);
  const copy = clone(ModelProtoSchema, proto);
  const target = copy.graph;
  if (target !== undefined) {
    const read = target.node;
    target.node = graph.nodes.map((node) => {
      const same = bodiesOf(node).length === 0 ? read[original.nodes.get(node) ?? -1] : undefined;
      return same ?? nodeProto(node);
    });
    target.input = graph.inputs.map((value) => valueInfo(value, true));
    target.output.push(...graph.outputs.slice(original.outputs).map((value) => valueInfo(value, true)));
    for (const { name, constant } of [...graph.initializers].slice(original.initializers)) {
      if (constant !== null) target.initializer.push(writeTensor(name, constant));
    }
  }
  return toBinary(ModelProtoSchema, copy);
}
