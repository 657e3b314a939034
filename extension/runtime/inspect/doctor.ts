import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Ailment, Surroundings } from '../../core/doctor/ailment';
import { ailments } from '../../core/doctor/ailments';
import { examineModel, isHopeless } from '../../core/doctor/examineModel';
import { repairModel } from '../../core/doctor/repairModel';
import { readModel as parse, readOutline } from '../../core/onnx/read';
import type { Tensor } from '../../core/tensor';
import { traceModel } from '../../core/trace/traceModel';
import type { Finding, FindingCode, Repair } from '../../protocol/doctor';
import { UnrollError } from '../../protocol/errors';
import { onDisk } from '../runs/storage';
import { withSession } from '../session/session';
import { externalPlace, inOnePiece } from './externalFiles';
import { withModelFile } from './fileBytes';
import { inputRoles } from './inputRoles';
import { inspectionDevice, modelPath, readModel } from './modelFile';
import { namedFeeds } from './namedFeeds';
import { noiseFor, sizesToTry } from './noise';
import { numbersOf } from './traced';

/** Of the largest output: a copy that differs by more computes something else. */
const tolerance = 1e-4;

/** Repairs after which the model is to run at other lengths than before. */
const freeing: ReadonlySet<FindingCode> = new Set(['declaredShape', 'fixedShape', 'frozenAxis']);

/** What is to be said about a model file; nothing is run, and of large weights only those are read that tell a cell. @throws UnrollError `model` where it is none. */
export function examineFile(file: string): readonly Finding[] {
  const model = modelPath(file);
  return withModelFile(model, (source) => {
    const outline = readOutline(source);
    const [problem] = outline.problems;
    if (problem !== undefined) throw new UnrollError('model', problem.template, ...problem.args);
    return examineModel(outline, surroundingsOf(model));
  });
}

function surroundingsOf(model: string): Surroundings {
  const folder = path.dirname(path.resolve(model));
  return {
    placeOf: ({ location }) => externalPlace(folder, location),
    axesOf: ({ graph }, name) => {
      const role = inputRoles(graph).find(({ input }) => input.name === name);
      const named = [[role?.steps, 'steps'] as const, [role?.batch, 'batch'] as const];
      return named.flatMap(([axis, dim]) => (axis === undefined || axis === null ? [] : [[axis, dim] as const]));
    },
  };
}

/**
 * Writes a repaired copy of a model to `out`, which is never the model itself. The copy and the original are run on the same inputs,
 * those given or noise: a repair after which the copy does not run, or gives something else where only the form was to change, is left
 * out. An original that onnxruntime refuses runs with its recurrences written out. `codes` says what to repair: null for every fault.
 * @throws UnrollError `usage` where `out` is there already, `model` where nothing could be repaired.
 */
export async function repairFile(
  file: string,
  out: string,
  given: ReadonlyMap<string, Tensor> | null,
  codes: readonly FindingCode[] | null = null,
): Promise<Repair> {
  if (existsSync(out))
    throw new UnrollError('usage', '{0} is there already; name a new file for the repaired copy.', out);
  const model = modelPath(file);
  const original = inOnePiece(model, readModel(model));
  const surroundings = surroundingsOf(model);
  if (isHopeless(parse(original), surroundings))
    throw new UnrollError('model', 'Nothing in {0} can be repaired.', file);
  const first = await firstRun(original, given);
  const wanted = ailments.filter(({ code, isFault }) => codes?.includes(code) ?? isFault);
  const all = await repaired(original, wanted, surroundings, first);
  const isFreed = all.repaired.some(({ code }) => freeing.has(code));
  const copy =
    isFreed && !(await runsLonger(all.bytes, first))
      ? await repaired(
          original,
          wanted.filter(({ code }) => !freeing.has(code)),
          surroundings,
          first,
        )
      : all;
  if (copy.repaired.length === 0) throw new UnrollError('model', 'Nothing in {0} can be repaired.', file);
  onDisk(out, () => writeFileSync(out, copy.bytes, { flag: 'wx' }));
  const done = new Set(copy.repaired.map(({ code, node }) => `${code} ${node}`));
  const left = [...all.repaired, ...all.left].filter(({ code, node }) => !done.has(`${code} ${node}`));
  return { repaired: copy.repaired, left, difference: copy.difference };
}

/** How a model ran: null where nothing that was tried made it run. */
interface Ran {
  readonly inputs: ReadonlyMap<string, Tensor>;
  readonly outputs: Outputs;
  readonly steps: number;
}

type Outputs = ReadonlyMap<string, Float32Array>;

/** Runs the original on the inputs that were given, or on noise of a length that it takes. */
async function firstRun(bytes: Uint8Array, given: ReadonlyMap<string, Tensor> | null): Promise<Ran | null> {
  const traced = traceModel(bytes);
  if (given !== null) {
    const outputs = await outputsOf(traced.bytes, traced.outputs, given);
    return { inputs: given, outputs, steps: 0 };
  }
  const model = parse(bytes);
  for (const steps of sizesToTry(model)) {
    const inputs = noiseFor(model.graph, steps);
    const outputs = inputs && (await outputsOf(traced.bytes, traced.outputs, inputs).catch(() => null));
    if (inputs && outputs) return { inputs, outputs, steps };
  }
  return null;
}

/** Repairs one ailment after the other; what does not stand up to being run is left out. */
async function repaired(
  original: Uint8Array,
  wanted: readonly Ailment[],
  surroundings: Surroundings,
  first: Ran | null,
): Promise<Repair & { readonly bytes: Uint8Array }> {
  let bytes = original;
  let expected = first?.outputs ?? null;
  let difference: number | null = null;
  const done: Repair['repaired'][number][] = [];
  const left: Repair['left'][number][] = [];
  for (const ailment of wanted) {
    const next = repairModel(bytes, ailment, surroundings);
    if (next.repaired.length === 0) continue;
    const outputs = first && (await outputsAgain(next.bytes, first).catch(() => null));
    const same = expected && outputs && largestDifference(expected, outputs);
    const stands = same
      ? !ailment.keepsNumbers || same.difference <= tolerance * Math.max(1, same.largest)
      : expected === null;
    if (!stands) {
      left.push(...next.repaired);
      continue;
    }
    bytes = next.bytes;
    done.push(...next.repaired);
    if (same) difference = Math.max(difference ?? 0, same.difference);
    expected = outputs ?? expected;
  }
  return { bytes, repaired: done, left, difference };
}

/** The outputs that the original has, of a copy: what it reads beside is zero. */
function outputsAgain(bytes: Uint8Array, { inputs, outputs }: Ran): Promise<Outputs> {
  const fresh = noiseFor(parse(bytes).graph, 1, inputs);
  // A layout or type that there is no kernel for may be repaired later.
  const traced = traceModel(bytes);
  return outputsOf(traced.bytes, [...outputs.keys()], fresh ?? inputs);
}

async function runsLonger(bytes: Uint8Array, first: Ran | null): Promise<boolean> {
  const traced = traceModel(bytes);
  const inputs = noiseFor(parse(bytes).graph, (first?.steps ?? 0) + 3);
  if (inputs === null) return false;
  return outputsOf(traced.bytes, traced.outputs, inputs).then(
    () => true,
    () => false,
  );
}

async function outputsOf(
  bytes: Uint8Array,
  names: readonly string[],
  inputs: ReadonlyMap<string, Tensor>,
): Promise<Outputs> {
  return withSession(bytes, inspectionDevice, async (session) => {
    const values = await session.run(await namedFeeds(session, inputs), names);
    return new Map(names.map((name) => [name, numbersOf(values[name])] as const));
  });
}

function largestDifference(a: Outputs, b: Outputs): { readonly difference: number; readonly largest: number } {
  let [difference, largest] = [0, 0];
  for (const [name, values] of a) {
    const others = b.get(name);
    if (others?.length !== values.length) return { difference: Number.NaN, largest };
    for (let i = 0; i < values.length; i++) {
      // NaN must not pass for agreement; Math.max keeps it.
      difference = Math.max(difference, Math.abs((values[i] ?? 0) - (others[i] ?? Number.NaN)));
      largest = Math.max(largest, Math.abs(values[i] ?? 0));
    }
  }
  return { difference, largest };
}
