import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { examineModel } from '../../core/doctor/examineModel';
import { repairModel } from '../../core/doctor/repairModel';
import type { Tensor } from '../../core/tensor';
import { traceModel } from '../../core/trace/traceModel';
import type { Finding, Repair } from '../../protocol/doctor';
import { UnrollError } from '../../protocol/errors';
import { onDisk } from '../runs/storage';
import { withSession } from '../session/session';
import { externalPlace, inOnePiece } from './externalFiles';
import { inspectionDevice, modelPath, readModel } from './modelFile';
import { namedFeeds } from './namedFeeds';
import { numbersOf } from './traced';

/** Of the largest output: a copy that differs by more computes something else. */
const tolerance = 1e-4;

/** What is to be said about a model file. @throws UnrollError `model` where it is none. */
export function examineFile(file: string): readonly Finding[] {
  const model = modelPath(file);
  const folder = path.dirname(path.resolve(model));
  return examineModel(readModel(model), ({ location }) => externalPlace(folder, location));
}

/**
 * Writes a repaired copy of a model to `out`. With inputs, the copy and the original are run: where only the form was repaired they must
 * give the same. An original that onnxruntime refuses runs with its recurrences written out.
 * @throws UnrollError `usage` where `out` is there already, `model` where there is nothing to repair or the copy computes something else.
 */
export async function repairFile(
  file: string,
  out: string,
  inputs: ReadonlyMap<string, Tensor> | null,
): Promise<Repair> {
  if (existsSync(out))
    throw new UnrollError('usage', '{0} is there already; name a new file for the repaired copy.', out);
  const model = modelPath(file);
  const original = inOnePiece(model, readModel(model));
  const { bytes, repaired } = repairModel(original, ['layout', 'gruReset']);
  if (repaired.length === 0) throw new UnrollError('model', 'Nothing in {0} can be repaired.', file);
  let difference: number | null = null;
  if (inputs !== null) {
    const before = await outputsOf(traceModel(original), inputs);
    const turned = await outputsOf({ bytes: repairModel(original, ['layout']).bytes, outputs: before.names }, inputs);
    const form = largestDifference(before, turned);
    if (!(form.difference <= tolerance * Math.max(1, form.largest))) {
      throw new UnrollError(
        'model',
        'The repaired copy of {0} differs by {1} from the original, so it was not written; please report this model.',
        file,
        form.difference,
      );
    }
    difference = largestDifference(before, await outputsOf({ bytes, outputs: before.names }, inputs)).difference;
  }
  onDisk(out, () => writeFileSync(out, bytes, { flag: 'wx' }));
  return { repaired, difference };
}

interface Outputs {
  readonly names: readonly string[];
  readonly values: ReadonlyMap<string, Float32Array>;
}

async function outputsOf(
  { bytes, outputs }: { readonly bytes: Uint8Array; readonly outputs: readonly string[] },
  inputs: ReadonlyMap<string, Tensor>,
): Promise<Outputs> {
  return withSession(bytes, inspectionDevice, async (session) => {
    const values = await session.run(await namedFeeds(session, inputs), outputs);
    return { names: outputs, values: new Map(outputs.map((name) => [name, numbersOf(values[name])] as const)) };
  });
}

function largestDifference(a: Outputs, b: Outputs): { readonly difference: number; readonly largest: number } {
  let [difference, largest] = [0, 0];
  for (const [name, values] of a.values) {
    const others = b.values.get(name);
    if (others?.length !== values.length) return { difference: Number.NaN, largest };
    values.forEach((value, i) => {
      // NaN must not pass for agreement; Math.max keeps it.
      difference = Math.max(difference, Math.abs(value - (others[i] ?? Number.NaN)));
      largest = Math.max(largest, Math.abs(value));
    });
  }
  return { difference, largest };
}
