import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { describeOutline } from '../../core/describe/describeModel';
import { readOutline } from '../../core/onnx/read';
import type { Tensor } from '../../core/tensor';
import { traceModel } from '../../core/trace/traceModel';
import { UnrollError } from '../../protocol/errors';
import type { ModelDescription } from '../../protocol/model';
import type { Trace } from '../../protocol/trace';
import { runFiles } from '../runs/runFolder';
import { type Device, withSession } from '../session/session';
import { inOnePiece } from './externalFiles';
import { unreadable, withModelFile } from './fileBytes';
import { stillWanted } from './inspected';
import { namedFeeds } from './namedFeeds';
import type { FedSizes } from './stepValues';
import { runTraced } from './traced';
import { refuseTooLarge } from './traceMemory';

/** Where models are looked at: a GPU would be slower to start than these are to run. */
export const inspectionDevice: Device = { provider: 'cpu', threads: 1 };

/** The model file that a path means: the path itself, or the model.onnx of a run folder. */
export function modelPath(file: string): string {
  const isFolder = existsSync(file) && statSync(file).isDirectory();
  if (!isFolder) return file;
  const { model } = runFiles(file);
  if (existsSync(model)) return model;
  throw new UnrollError('run', 'The run {0} has no model.onnx yet; let its training end first.', path.resolve(file));
}

/** @throws UnrollError `model` where the file cannot be read. */
export function readModel(file: string): Uint8Array {
  try {
    // A plain array: slice() of a Buffer would be a view where every reader of a model expects a copy.
    return new Uint8Array(readFileSync(file));
  } catch (error) {
    throw unreadable(file, error);
  }
}

/** What is in a model file or in the model of a run folder. Its weights are not read. */
export function describeFile(file: string): ModelDescription {
  return withModelFile(modelPath(file), (source) => describeOutline(readOutline(source)));
}

/** What goes through the recurrences of a model for one item of a batch of given inputs. */
export async function traceFile(file: string, inputs: ReadonlyMap<string, Tensor>, item: number): Promise<Trace> {
  const model = modelPath(file);
  return traceWhole(inOnePiece(model, readModel(model)), inputs, item);
}

/**
 * The same of a model with all its weights. `signal` is looked at before the model runs, and `fed` says what it will be fed.
 * @throws UnrollError `model` where that is too much to be followed.
 */
export async function traceWhole(
  bytes: Uint8Array,
  inputs: ReadonlyMap<string, Tensor>,
  item: number,
  { signal, fed }: { readonly signal?: AbortSignal | undefined; readonly fed?: FedSizes } = {},
): Promise<Trace> {
  const traced = traceModel(bytes);
  if (fed !== undefined) refuseTooLarge(traced, fed);
  return withSession(traced.bytes, inspectionDevice, async (session) => {
    await stillWanted(signal);
    return { inputs: [], ...(await runTraced(session, traced, await namedFeeds(session, inputs), item)) };
  });
}
