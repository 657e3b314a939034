import os from 'node:os';
import process from 'node:process';
import { cellOfLayer, unitsOf } from '../../core/layers/recurrentLayer';
import { answeredPlaces } from '../../core/model/feeds';
import { parameterShapes } from '../../core/model/parameters';
import type { ModelSpec } from '../../core/model/spec';
import { sizeOf } from '../../core/tensor';
import { UnrollError } from '../../protocol/errors';

/** How a model is trained, as far as that takes memory. */
export interface MemoryUse {
  /** Sequences of a batch. */
  readonly batch: number;
  /** Sequences that are evaluated at a time, of `evaluatedSteps` steps. */
  readonly evaluated: number;
  readonly evaluatedSteps: number;
  /** What the optimiser keeps for each parameter. */
  readonly moments: number;
  readonly accumulates: boolean;
}

const float = 4;
/** Sessions and graphs, whatever the size. */
const fixed = 35e6;
/** Numbers that a training holds for each parameter beside the two sets that it alternates: gradients, their sums, parts of updates. */
const perParameter = 11;
const perMoment = 1.5;
/** Numbers for each step and unit: what is kept of each signal for the way back, and its gradient. */
const perSignal = 6;
/** Numbers for each step and input of a layer, and for each step and output. */
const perInput = 3;
const perOutput = 12;

/**
 * About how many bytes training takes at its most, beside the data and the program itself:
 *
 *     4 · (parameters · (2 sets · (1 + moments + sum) + best + 11 + 1.5 · moments)
 *          + batch · Σ layers  steps · (directions · hidden · signals · 6 + inputs · 3)
 *          + batch · answered places · outputs · 12
 *          + what the widest layer reads and hands on where it is evaluated)  + 35 MB
 *
 * The factors are measured (largest resident set with onnxruntime 1.30 on x64, less that of the process before); onnxruntime's allocator
 * takes memory in growing pieces, so the truth lies within a factor of about 1.5.
 */
export function estimateBytes(
  spec: ModelSpec,
  { batch, evaluated, evaluatedSteps, moments, accumulates }: MemoryUse,
): number {
  const parameters = parameterShapes(spec).reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const kept = 2 * (1 + moments + (accumulates ? 1 : 0)) + 1 + perParameter + perMoment * moments;
  let [all, widest] = [0, 0];
  let steps = 1;
  let input = spec.input.kind === 'values' ? spec.input.features : (spec.embedding ?? spec.input.vocabulary);
  if (spec.convolution !== null) input = spec.convolution.filters;
  for (const layer of spec.layers) {
    steps /= layer.every;
    const cell = cellOfLayer(layer);
    const inside = unitsOf(layer) * cell.signals.length;
    all += steps * (inside * perSignal + input * perInput);
    widest = Math.max(widest, steps * (unitsOf(layer) + input) * 3);
    input = unitsOf(layer);
  }
  const [places = 1] = answeredPlaces(spec);
  const outputs = (spec.outputs * places) / spec.steps;
  if (spec.target === 'tokens') all += decoderNumbers(spec, input) / spec.steps;
  const trained = batch * spec.steps * (all + outputs * perOutput);
  const judged = evaluated * evaluatedSteps * (widest + outputs * 3);
  return fixed + float * (parameters * kept + trained + judged);
}

/** Numbers that a decoder keeps for the way back: of each token it writes its cells' signals, and what it made of each step it looked at. */
function decoderNumbers({ layers, longest, steps, attention }: ModelSpec, units: number): number {
  const cells = layers.reduce((sum, layer) => sum + layer.hidden * cellOfLayer(layer).signals.length, 0);
  const looked = attention === 'none' ? 0 : steps * (units + (layers.at(-1)?.hidden ?? 0));
  return longest * (cells * perSignal + looked * perInput);
}

/** As people read an estimate: a few megabytes more or less mean nothing. */
export const memoryInMegabytes = (bytes: number) => Number((bytes / 1e6).toPrecision(2));

/** Memory that this process may have. */
export const available = () => Math.min(os.totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);

/** @throws UnrollError `experiment` where a training needs more than the machine has. */
export function refuseTooMuch(bytes: number, machine = available()): void {
  if (bytes <= machine) return;
  throw new UnrollError(
    'experiment',
    'Training this model needs about {0} MB of memory and this machine has {1} MB; make training.batch, data.lookback or the layers smaller.',
    memoryInMegabytes(bytes),
    memoryInMegabytes(machine),
  );
}

/** Runs `act`; where memory runs out in it, that is said together with the estimate. */
export async function withinMemory<T>(bytes: number, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    if (!/bad_alloc|allocat|out of memory/i.test(said)) throw error;
    throw new UnrollError(
      'device',
      'Memory ran out: training this model needs about {0} MB; make training.batch, data.lookback or the layers smaller, or close other programs.',
      memoryInMegabytes(bytes),
    );
  }
}
