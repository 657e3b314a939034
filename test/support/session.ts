import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { dtypes, type Tensor } from '../../extension/core/tensor';

/** Runs a model once on one thread and returns every output. */
export async function run(model: Uint8Array, feeds: Readonly<Record<string, Tensor>>): Promise<Record<string, Tensor>> {
  const session = await InferenceSession.create(model, { intraOpNumThreads: 1, logSeverityLevel: 3 });
  try {
    const inputs = Object.fromEntries(Object.entries(feeds).map(([name, tensor]) => [name, toOrt(tensor)]));
    const outputs = await session.run(inputs);
    return Object.fromEntries(Object.entries(outputs).map(([name, tensor]) => [name, fromOrt(tensor)]));
  } finally {
    await session.release();
  }
}

/** A session kept open for many runs. */
export async function open(model: Uint8Array) {
  const session = await InferenceSession.create(model, { intraOpNumThreads: 1, logSeverityLevel: 3 });
  return async (feeds: Readonly<Record<string, Tensor>>): Promise<Record<string, Tensor>> => {
    const inputs = Object.fromEntries(Object.entries(feeds).map(([name, tensor]) => [name, toOrt(tensor)]));
    const outputs = await session.run(inputs);
    return Object.fromEntries(Object.entries(outputs).map(([name, tensor]) => [name, fromOrt(tensor)]));
  };
}

function toOrt({ dtype, data, shape }: Tensor): OrtTensor {
  return new OrtTensor(dtype as Exclude<typeof dtype, 'bfloat16'>, data as never, [...shape]);
}

function fromOrt(tensor: OrtTensor): Tensor {
  const { type, dims, data } = tensor;
  if (!(type in dtypes) || Array.isArray(data)) throw new Error(`A model gave ${type}, which tests do not read.`);
  return { dtype: type as Tensor['dtype'], shape: dims, data: data as Tensor['data'] };
}
