import type { Value } from '../../core/graph/value';
import { readModel as readGraph } from '../../core/onnx/read';
import type { Tensor } from '../../core/tensor';
import type { Values } from '../session/session';
import { inOnePiece } from './externalFiles';
import { modelPath, readModel } from './modelFile';
import { namedFeeds } from './namedFeeds';

/**
 * A model file with all its weights, and what its inputs are fed out of named tensors.
 * @throws UnrollError `model` where the file cannot be read, `usage` where an input is missing.
 */
export async function fedFile(
  file: string,
  inputs: ReadonlyMap<string, Tensor>,
): Promise<{ readonly bytes: Uint8Array; readonly feeds: Values }> {
  const model = modelPath(file);
  const bytes = inOnePiece(model, readModel(model));
  const { graph } = readGraph(bytes);
  const names = (values: readonly Value[]) => values.map(({ name }) => name);
  const inputShapes = new Map(graph.inputs.map(({ name, type }) => [name, type.shape ?? []] as const));
  const asked = { inputs: names(graph.inputs), outputs: names(graph.outputs), inputShapes };
  return { bytes, feeds: await namedFeeds(asked, inputs) };
}
