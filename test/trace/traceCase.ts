import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

// A recurrent model with what its source computed inside it in float64, schema rnn-case/1: the inputs, the outputs, and every signal
// of every recurrent layer. The inputs are read by the product itself.

const values = z.object({ shape: z.array(z.int().min(0)), data: z.array(z.union([z.number(), z.boolean()])) });
const direction = z.enum(['forward', 'reverse']);

const layer = z.object({
  /** The ONNX node's name; null where the layer is no node. */
  node: z.string().nullish(),
  batch: z.int().min(1),
  directions: z.array(direction).min(1),
  /** By direction, then by signal, [steps, batch, hidden]. */
  signals: z.partialRecord(direction, z.record(z.string(), values)),
});

const traceCase = z.object({
  /** Whether onnxruntime loads and runs the model by itself. */
  expect: z.enum(['ok', 'load_error', 'run_error']),
  outputs: z.record(z.string(), values),
  recurrent: z.array(layer),
});

export type TraceCase = z.infer<typeof traceCase>;

/** The folder of the cases: what `UNROLL_ONNX_CASES_DIR` names, or the project's own. */
export const caseFolder = () => process.env['UNROLL_ONNX_CASES_DIR'] ?? path.resolve('test/fixtures/onnx');

const ending = '.case.json';

/** The names of the cases in a folder, without their ending. */
export const caseNames = (folder: string): readonly string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .map((name) => name.slice(0, -ending.length))
    .sort();

/** The model and the case of one name. */
export const filesOf = (folder: string, name: string) => ({
  model: path.join(folder, `${name}.onnx`),
  description: path.join(folder, `${name}${ending}`),
});

/** @throws Error that says what about the file is not a case. */
export function readCase(folder: string, name: string): TraceCase {
  const parsed = traceCase.safeParse(JSON.parse(readFileSync(filesOf(folder, name).description, 'utf8')));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Error(`This is not a case of rnn-case/1: "${issue?.path.join('.')}": ${issue?.message}.`);
}
