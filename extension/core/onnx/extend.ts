import { clone, toBinary } from '@bufbuild/protobuf';
import type { Graph } from '../graph/graph';
import { ModelProtoSchema } from './onnx_pb';
import type { Model } from './read';
import { writeTensor } from './tensors';
import { nodeProto, valueInfo } from './write';

/**
 * What a model's graph holds, so that what is added to it later can be told from what was read. Take it before adding.
 */
export interface Original {
  readonly nodes: number;
  readonly outputs: number;
  readonly initializers: number;
}

export function originalOf(graph: Graph): Original {
  return { nodes: graph.nodes.length, outputs: graph.outputs.length, initializers: graph.initializers.size };
}

/**
 * The model's bytes with what was added at the end of its graph. What was read is written as it was, to the last unknown field.
 */
export function writeExtended({ graph, proto }: Model, original: Original): Uint8Array {
  const copy = clone(ModelProtoSchema, proto);
  const target = copy.graph;
  if (target !== undefined) {
    target.node.push(...graph.nodes.slice(original.nodes).map(nodeProto));
    target.output.push(...graph.outputs.slice(original.outputs).map((value) => valueInfo(value, true)));
    for (const { name, constant } of [...graph.initializers].slice(original.initializers)) {
      if (constant !== null) target.initializer.push(writeTensor(name, constant));
    }
  }
  return toBinary(ModelProtoSchema, copy);
}
