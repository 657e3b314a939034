import { UnrollError } from '../../extension/protocol/errors';
import type { Trace, TraceLayer } from '../../extension/protocol/trace';
import { readInputs } from '../../extension/runtime/inspect/caseFile';
import { traceFile } from '../../extension/runtime/inspect/modelFile';
import { filesOf, readCase, type TraceCase } from './traceCase';

/** How the trace of one case compares with its source. */
export interface Followed {
  /** What is wrong, a sentence each; none where the case passed. */
  readonly failures: readonly string[];
  readonly summary: string;
}

/** Largest difference allowed; of numbers above 1, that part of them, since float32 holds no more. */
const tolerance = 1e-4;

/**
 * Traces a case as the product does, every item of its batch, and compares each output and each listed signal. A case that
 * onnxruntime itself refuses passes too where the trace ends in a sentence of ours that names the cause.
 */
export async function followCase(folder: string, name: string): Promise<Followed> {
  const spec = readCase(folder, name);
  const { model, description } = filesOf(folder, name);
  const inputs = readInputs(description);
  const batch = Math.max(1, ...spec.recurrent.map((layer) => layer.batch));
  const traces: Trace[] = [];
  try {
    for (let item = 0; item < batch; item++) traces.push(await traceFile(model, inputs, item));
  } catch (error) {
    if (!(error instanceof UnrollError)) throw error;
    if (spec.expect !== 'ok' && error.code === 'model' && !error.message.startsWith('onnxruntime')) {
      return { failures: [], summary: `onnxruntime refuses this model (${spec.expect}), said: ${error.message}` };
    }
    return { failures: [error.message], summary: '' };
  }
  const comparison = new Comparison();
  compareOutputs(comparison, spec, traces);
  compareSignals(comparison, spec, traces);
  const where =
    spec.expect === 'ok' ? '' : `onnxruntime refuses this model (${spec.expect}); through the lowered graph `;
  const { failures, compared, largest } = comparison;
  return { failures, summary: `${where}${compared} tensors, largest difference ${largest.toExponential(1)}` };
}

function compareOutputs(comparison: Comparison, spec: TraceCase, [trace]: readonly Trace[]): void {
  for (const [name, { data }] of Object.entries(spec.outputs)) {
    const output = trace?.outputs.find((found) => found.name === name);
    comparison.add(`the output ${name}`, output?.values, data.map(Number));
  }
}

function compareSignals(comparison: Comparison, spec: TraceCase, traces: readonly Trace[]): void {
  const listed = spec.recurrent.flatMap(({ directions, signals, node }) =>
    directions.map((direction) => ({ node, direction, signals: signals[direction] ?? {} })),
  );
  const found = traces[0]?.layers ?? [];
  if (found.length < listed.length) {
    const count = `${listed.length} recurrences are listed and ${found.length} were found`;
    comparison.fail(found.length === 0 ? `${count}: no layer of this model is known as recurrent` : count);
    return;
  }
  listed.forEach(({ node, direction, signals }, i) => {
    // By order, unless another layer has the name: nodes need not be named, nor named differently.
    const isIt = (layer: TraceLayer | undefined) => layer?.node === node && layer?.direction === direction;
    const at = isIt(found[i]) ? i : found.findIndex(isIt);
    const ofItems = traces.map(({ layers }) => layers[at < 0 ? i : at]);
    for (const [name, { data }] of Object.entries(signals)) {
      comparison.add(`${name} of ${node ?? `layer ${i}`} (${direction})`, stacked(ofItems, name), data.map(Number));
    }
  });
}

/** A signal of all items as [steps, batch, hidden]; undefined where a layer does not give it. */
function stacked(ofItems: readonly (TraceLayer | undefined)[], name: string): Float32Array | undefined {
  const items = ofItems.map((layer) => layer?.signals.find((signal) => signal.name === name));
  const [first] = items;
  if (first === undefined) return undefined;
  const { units, values } = first;
  const all = new Float32Array(values.length * items.length);
  items.forEach((signal, item) => {
    for (let step = 0; step * units < values.length; step++) {
      const row = signal?.values.subarray(step * units, (step + 1) * units) ?? [];
      all.set(row, (step * items.length + item) * units);
    }
  });
  return all;
}

class Comparison {
  readonly failures: string[] = [];
  compared = 0;
  /** As a part of 1, or of the number itself where it is larger. */
  largest = 0;

  fail(what: string): void {
    this.failures.push(what);
  }

  add(what: string, ours: ArrayLike<number> | undefined, theirs: readonly number[]): void {
    this.compared++;
    if (ours?.length !== theirs.length) {
      this.fail(ours === undefined ? `${what} is missing` : `${what} has ${ours.length} values, not ${theirs.length}`);
      return;
    }
    let [worst, place] = [0, 0];
    theirs.forEach((expected, i) => {
      const difference = Math.abs((ours[i] ?? Number.NaN) - expected) / Math.max(1, Math.abs(expected));
      // NaN is the largest difference there is.
      if (difference <= worst) return;
      [worst, place] = [Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference, i];
    });
    this.largest = Math.max(this.largest, worst);
    if (worst > tolerance) this.fail(`${what} is ${ours[place]} at ${place}, expected ${theirs[place]}`);
  }
}
