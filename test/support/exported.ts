import { Tensor as OrtTensor } from 'onnxruntime-node';
import { statePrefix } from '../../extension/core/graph/carried';
import type { Parameters } from '../../extension/core/model/parameters';
import { readModel } from '../../extension/core/onnx/read';
import { RandomStream } from '../../extension/core/random';
import { floats, sizeOf, type Tensor, toNumbers, zeros } from '../../extension/core/tensor';

/** The states that a file takes, by the names of their inputs: zeros, as before the first step. */
export const zeroStates = (file: Uint8Array, items: number): Record<string, Tensor> =>
  Object.fromEntries(
    readModel(file)
      .graph.inputs.filter(({ name }) => name.startsWith(statePrefix))
      .map(({ name, type }) => [name, zeros('float32', [items, ...(type.shape ?? []).slice(1).map(Number)])]),
  );

/** The same as they are fed. */
export const zeroFeeds = (file: Uint8Array, items = 1): Record<string, OrtTensor> =>
  Object.fromEntries(
    Object.entries(zeroStates(file, items)).map(([name, { shape, data }]) => [
      name,
      new OrtTensor('float32', data as Float32Array, [...shape]),
    ]),
  );

/** Initial biases, peepholes and gains are all alike; here every number differs. */
export function shifted(parameters: Parameters): Parameters {
  const random = new RandomStream(4, 0, 0);
  return new Map(
    [...parameters].map(([name, { shape, ...tensor }]) => [
      name,
      floats(
        'float32',
        shape,
        toNumbers({ shape, ...tensor }).map((value) => value + 0.3 * random.normal()),
      ),
    ]),
  );
}

export function someTokens(shape: readonly number[], vocabulary: number, random: RandomStream): Tensor {
  return { dtype: 'int32', shape, data: Int32Array.from({ length: sizeOf(shape) }, () => random.below(vocabulary)) };
}
