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
  const names = readGraph(bytes).graph.inputs.map(({ name }) => name);
  return { bytes, feeds: await namedFeeds({ inputs: names }, inputs) };
}
