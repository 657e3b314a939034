import { bindInputs, bound, measuring, type Size } from '../../core/onnx/boundModel';
import { readModel } from '../../core/onnx/read';
import { hasHalves, widened } from '../../core/onnx/widened';
import { dtypes, floats, sizeOf, type Tensor } from '../../core/tensor';
import { type GradientModel, type GradientSource, gradientModel } from '../../core/trace/gradientModel';
import { type IntervenedModel, interveneModel } from '../../core/trace/intervention';
import { traceModel } from '../../core/trace/traceModel';
import { UnrollError } from '../../protocol/errors';
import type { Gradients, OutputChoice, StateEdit } from '../../protocol/inspection';
import type { Trace } from '../../protocol/trace';
import { type Session, toOrt, type Values, withSession } from '../session/session';
import { changesOf, toFeeds } from './edited';
import { fedFile } from './fedFile';
import { inputRoles } from './inputRoles';
import { type LayerSizes, layerSizes } from './layerSizes';
import { inspectionDevice } from './modelFile';
import { spread } from './stepAxis';
import { type FedSizes, type ItemAxes, itemOf, outputAxes, placeOf, unitsOf } from './stepValues';
import { numbersOf, runTraced } from './traced';

/**
 * How one number among a model's outputs hangs on the states of its recurrent layers after each step, and on what it reads, for one item of
 * the batch. `integrated` is the number of points between nothing (zeros, of tokens the numbers that the model makes of them) and what is
 * read at which the gradient is averaged (Sundararajan, Taly & Yan 2017); null for the gradient at what is read. Of tokens there is one number
 * each: the norm of the gradient, or their attribution. `steps` is how many steps the trace shows: a layer of every k-th step keeps its
 * norm until the next one. `edits` are what is changed in the states first: of a unit that is set, nothing before matters any more.
 * @throws UnrollError `model` where an operator on the way has no gradient, `usage` where there is no such number.
 */
export async function gradientsOf(
  model: Uint8Array,
  given: Values,
  item: number,
  choice: OutputChoice,
  integrated: number | null,
  { steps, edits = [] }: { readonly steps?: number; readonly edits?: readonly StateEdit[] } = {},
): Promise<Gradients> {
  refusePoints(integrated);
  const { bytes, feeds } = await inSingles(model, given);
  return gradientsInSingles(bytes, feeds, item, choice, integrated, steps, edits);
}

/** A model that computes in floats of 16 bits as one in float32, with what it is fed. */
async function inSingles(bytes: Uint8Array, feeds: Values): Promise<{ bytes: Uint8Array; feeds: Values }> {
  const model = readModel(bytes);
  if (!hasHalves(model)) return { bytes, feeds };
  const wide = Object.entries(feeds).map(async ([name, value]) => {
    const tensor = tensorOf(value);
    if (!/float16/.test(tensor.dtype)) return [name, value] as const;
    return [name, await toOrt(floats('float32', tensor.shape, numbersOf(value)))] as const;
  });
  return { bytes: widened(model), feeds: Object.fromEntries(await Promise.all(wide)) };
}

async function gradientsInSingles(
  bytes: Uint8Array,
  feeds: Values,
  item: number,
  choice: OutputChoice,
  integrated: number | null,
  steps: number | undefined,
  edits: readonly StateEdit[],
): Promise<Gradients> {
  const traced = traceModel(bytes);
  const sizes = await withSession(traced.bytes, inspectionDevice, (session) => layerSizes(session, traced, feeds));
  const intervened = interveneModel(bytes, { overwrites: edits.length > 0 });
  const changes = changesOf(intervened, sizes, edits, { item, steps: steps ?? null, inFull: true });
  const sets = await toFeeds(changes);
  const model = await derived(bytes, intervened, feeds, sets, item, choice.output);
  const fed = fedSizesOf(sizes, steps);
  const place = placeOf(model.output.shape, choice, item, fed);
  return withSession(model.bytes, inspectionDevice, async (session) => {
    const weights = new dtypes[model.output.dtype].array(sizeOf(model.output.shape));
    weights[place] = 1;
    const { dtype, shape } = model.output;
    const all = { ...feeds, ...sets, [model.weights]: await toOrt({ dtype, shape, data: weights }) };
    const fixed = feedsFor(session, all, model);
    const at = async (along: number) => {
      const values = await session.run({ ...fixed, [model.along]: await toOrt(floats('float32', [], [along])) });
      return { values, value: Number(values[model.output.name]?.data[place]) };
    };
    const here = await at(1);
    return {
      // Whole numbers that a loop carries have no gradient.
      layers: intervened.layers.map((_, layer) =>
        model.states
          .filter((state) => state.layer === layer)
          .map(({ state, norms }) => ({
            state,
            norms: normsOf(norms, here.values, sizes[layer]?.steps ?? 0, fed.steps),
          })),
      ),
      inputs: await attributions(model, here.values, integrated, at, item),
      value: here.value,
      baseline: integrated === null ? null : (await at(0)).value,
    };
  });
}

/** The gradient of an output of a model, written out for the sizes of what it and its hooks are fed. */
async function derived(
  bytes: Uint8Array,
  { bytes: hooked, hooks }: IntervenedModel,
  feeds: Values,
  sets: Values,
  item: number,
  output: string,
): Promise<GradientModel> {
  const reads = inputRoles(readModel(bytes).graph).flatMap(({ input, kind, steps, batch }) =>
    kind === 'values' || kind === 'tokens' ? [{ name: input.name, kind, steps, batch }] : [],
  );
  const all = { ...feeds, ...sets };
  const fed = Object.entries(all).map(([name, value]): [string, Size] => [name, tensorOf(value)]);
  const half = bindInputs(readModel(hooked), new Map(fed));
  const measured = await withSession(measuring(half), inspectionDevice, async (session) => {
    const values = half.missing.length === 0 ? {} : await session.run(all, half.missing);
    return new Map(Object.entries(values).map(([name, value]) => [name, tensorOf(value)] as const));
  });
  const varying = new Set([...reads.map(({ name }) => name), ...Object.keys(sets)]);
  return gradientModel(bound(half, measured, varying, [output]), hooks, reads, output, item);
}

const tensorOf = ({ type, dims, data }: Values[string]): Tensor => ({
  dtype: type as Tensor['dtype'],
  shape: dims,
  data: data as Tensor['data'],
});

/** Feeds by the names that the inputs have in the gradient's model. */
function feedsFor(session: Session, feeds: Values, { sources }: GradientModel): Values {
  return Object.fromEntries(
    Object.entries(feeds).flatMap(([name, value]) => {
      const fed = sources.find((source) => source.name === name)?.fed ?? name;
      return session.inputs.includes(fed) ? [[fed, value] as const] : [];
    }),
  );
}

/** [steps], zeros where nothing hangs on the state; a layer of `own` steps is shown at `steps` of them. */
function normsOf(norms: string | null, values: Values, own: number, steps: number): Float32Array {
  const found = norms === null ? new Float32Array(own) : numbersOf(values[norms]);
  return spread({ name: '', range: 'value', units: 1, values: found }, steps).values;
}

/** What is read, step by step, as gradients or attributions. */
async function attributions(
  { sources }: GradientModel,
  here: Values,
  integrated: number | null,
  at: (along: number) => Promise<{ readonly values: Values }>,
  item: number,
): Promise<Gradients['inputs']> {
  const sums = new Map<string, Float64Array>();
  const add = (values: Values, weight: number) => {
    for (const { gradient, shape } of sources) {
      if (gradient === null) continue;
      const sum = sums.get(gradient) ?? new Float64Array(sizeOf(shape));
      const part = numbersOf(values[gradient]);
      for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] ?? 0) + weight * (part[i] ?? Number.NaN);
      sums.set(gradient, sum);
    }
  };
  if (integrated === null) add(here, 1);
  else for (let i = 0; i < integrated; i++) add((await at((i + 0.5) / integrated)).values, 1 / integrated);

  return sources.flatMap((source) => {
    const { name, kind, shape, gradient, value } = source;
    const sum = (gradient === null ? undefined : sums.get(gradient)) ?? new Float64Array(sizeOf(shape));
    const read = numbersOf(here[value]);
    const whole =
      integrated === null ? Float32Array.from(sum) : Float32Array.from(sum, (number, i) => number * (read[i] ?? 0));
    const axes = axesOf(source);
    if (axes === null) return [];
    const { units, values } = itemOf(shape, whole, axes, item);
    if (kind === 'values') return [{ name, units, values }];
    const tokens = Float32Array.from({ length: values.length / Math.max(1, units) }, (_, step) => {
      const own = values.subarray(step * units, (step + 1) * units);
      return integrated === null ? Math.hypot(...own) : own.reduce((total, number) => total + number, 0);
    });
    return [{ name, units: 1, values: tokens }];
  });
}

const axesOf = ({ steps, batch }: GradientSource): ItemAxes | null => (steps === null ? null : { steps, batch });

/** @throws UnrollError `usage` for a number of points that is none. */
function refusePoints(integrated: number | null): void {
  if (integrated === null || (Number.isInteger(integrated) && integrated >= 1 && integrated <= 1000)) return;
  throw new UnrollError('usage', 'Gradients are averaged at 1 to 1000 points, not at {0}.', integrated);
}

/** What gradients can be of: those outputs that hold floats. `outputs` are a trace's. */
export function gradientChoicesOf(
  outputs: Trace['outputs'],
  fed: FedSizes,
): readonly { readonly output: string; readonly everyStep: boolean; readonly units: number }[] {
  return outputs.map(({ name, shape }) => {
    const axes = outputAxes(shape, fed);
    return { output: name, everyStep: axes.steps !== null, units: unitsOf(shape, axes) };
  });
}

/** The gradients of a model file; `choose` picks among what they can be of. */
export async function gradientsOfFile(
  file: string,
  inputs: ReadonlyMap<string, Tensor>,
  item: number,
  choose: (choices: ReturnType<typeof gradientChoicesOf>) => OutputChoice,
  integrated: number | null,
  edits: readonly StateEdit[],
): Promise<{ readonly of: OutputChoice; readonly gradients: Gradients }> {
  const { bytes, feeds } = await fedFile(file, inputs);
  const traced = traceModel(bytes);
  const choices = await withSession(traced.bytes, inspectionDevice, async (session) => {
    const { outputs } = await runTraced(session, traced, feeds, item);
    return gradientChoicesOf(outputs, fedSizesOf(await layerSizes(session, traced, feeds)));
  });
  const of = choose(choices);
  return { of, gradients: await gradientsOf(bytes, feeds, item, of, integrated, { edits }) };
}

const fedSizesOf = (sizes: readonly LayerSizes[], steps?: number): FedSizes => ({
  steps: steps ?? Math.max(0, ...sizes.map((size) => size.steps)),
  batch: sizes[0]?.batch ?? 1,
});

/** What is read, by the columns that are shown of it: one tensor of all of them is taken apart. */
export function byColumn(
  inputs: Gradients['inputs'],
  columns: readonly { readonly name: string; readonly units: number }[],
): Gradients['inputs'] {
  const [input, other] = inputs;
  const units = columns.reduce((sum, column) => sum + column.units, 0);
  if (input === undefined || other !== undefined || columns.length === 0 || input.units !== units) return inputs;
  const steps = input.values.length / units;
  let from = 0;
  return columns.map((column) => {
    const values = new Float32Array(steps * column.units);
    for (let step = 0; step < steps; step++) {
      const start = step * units + from;
      values.set(input.values.subarray(start, start + column.units), step * column.units);
    }
    from += column.units;
    return { name: column.name, units: column.units, values };
  });
}
