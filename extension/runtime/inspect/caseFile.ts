import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { numberToBfloat, numberToHalf } from '../../core/half';
import { type DType, dtypes, sizeOf, type Tensor } from '../../core/tensor';
import { UnrollError } from '../../protocol/errors';

const tensorSchema = z.object({
  dtype: z.enum(Object.keys(dtypes) as [DType, ...DType[]]),
  shape: z.array(z.int().min(0)),
  /** Flat, row-major. */
  data: z.array(z.union([z.number(), z.boolean()])),
});
const caseSchema = z.object({ inputs: z.record(z.string(), tensorSchema) });

/**
 * The input tensors of a model, by name, from a JSON file `{"inputs": {NAME: {"dtype", "shape", "data"}}}`; whatever else the file
 * holds is left alone.
 * @throws UnrollError `data` where the file is not of that form.
 */
export function readInputs(file: string): Map<string, Tensor> {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw new UnrollError(
      'data',
      '{0} cannot be read as JSON ({1}); give a file with the inputs of the model.',
      file,
      reason,
    );
  }
  const parsed = caseSchema.safeParse(content);
  if (!parsed.success) {
    const { path = [], message = '' } = parsed.error.issues[0] ?? {};
    throw new UnrollError(
      'data',
      '{0} does not hold inputs: {1} ({2}); it must be {"inputs": {NAME: {"dtype", "shape", "data"}}}.',
      file,
      path.join('.'),
      message,
    );
  }
  const inputs = new Map<string, Tensor>();
  for (const [name, { dtype, shape, data }] of Object.entries(parsed.data.inputs)) {
    if (data.length !== sizeOf(shape)) {
      throw new UnrollError(
        'data',
        'The input {0} in {1} has {2} values, which do not fill the shape [{3}].',
        name,
        file,
        data.length,
        shape.join(', '),
      );
    }
    inputs.set(name, { dtype, shape, data: arrayOf(dtype, data.map(Number)) });
  }
  return inputs;
}

/** Numbers as an array of their type. */
export function arrayOf(dtype: DType, values: readonly number[]): Tensor['data'] {
  const { array } = dtypes[dtype];
  if (dtype === 'float16') return Uint16Array.from(values, numberToHalf);
  if (dtype === 'bfloat16') return Uint16Array.from(values, numberToBfloat);
  if (array === BigInt64Array || array === BigUint64Array)
    return array.from(values.map((value) => BigInt(Math.trunc(value))));
  return (array as Exclude<typeof array, BigInt64ArrayConstructor | BigUint64ArrayConstructor>).from(values);
}
