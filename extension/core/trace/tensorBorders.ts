import { UnrollError } from '../../protocol/errors';
import type { GraphProto, ValueInfoProto } from '../onnx/onnx_pb';

/**
 * Sees to it that what goes into a model and comes out of it are tensors, all that onnxruntime takes and hands out in JavaScript.
 * @throws UnrollError `model` with the first that is none.
 */
export function requireTensors(graph: GraphProto | undefined): void {
  const weights = new Set(graph?.initializer.map(({ name }) => name));
  const other = ({ type, name }: ValueInfoProto) =>
    type !== undefined && type.tensorType === undefined && !weights.has(name);
  const [input, output] = [graph?.input.find(other), graph?.output.find(other)];
  if (input !== undefined) {
    throw new UnrollError(
      'model',
      'The input {0} of this model is a sequence or an optional value, and only tensors can be given; export the model with tensors as its inputs.',
      input.name,
    );
  }
  if (output !== undefined) {
    throw new UnrollError(
      'model',
      'The output {0} of this model is a sequence or an optional value, and only tensors can be taken out; export the model with tensors as its outputs.',
      output.name,
    );
  }
}
