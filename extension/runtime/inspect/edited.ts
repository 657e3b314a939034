import { dtypes, sizeOf, type Tensor } from '../../core/tensor';
import { type Hook, type IntervenedModel, interveneModel } from '../../core/trace/intervention';
import { traceModel } from '../../core/trace/traceModel';
import { UnrollError } from '../../protocol/errors';
import type { StateEdit } from '../../protocol/inspection';
import type { Trace } from '../../protocol/trace';
import { openSession, toOrt, type Values, withSession } from '../session/session';
import { fedFile } from './fedFile';
import { type LayerSizes, layerSizes } from './layerSizes';
import { inspectionDevice } from './modelFile';
import { runTraced } from './traced';

/** A model with what it is fed, ready to be run again and again with states changed. */
export interface Editable {
  /** What goes through the model as it is. */
  readonly original: Omit<Trace, 'inputs'>;
  /** Items of the batch. */
  readonly batch: number;
  /**
   * What goes through it where states of the traced item are changed; other items of the batch stay as they are. Where edits overlap, the
   * last one counts. `steps` is how many the edits count: a layer that reads every k-th of them is changed where it reads.
   * @throws UnrollError `usage` for a state, a unit or a step that is not there.
   */
  trace(edits: readonly StateEdit[], steps?: number): Promise<Omit<Trace, 'inputs'>>;
  release(): Promise<void>;
}

/** @throws UnrollError `model` where the model cannot be followed, or has a recurrence whose states cannot be changed. */
export async function openEditable(bytes: Uint8Array, feeds: Values, item: number): Promise<Editable> {
  const traced = traceModel(bytes);
  const { original, sizes } = await withSession(traced.bytes, inspectionDevice, async (session) => ({
    original: await runTraced(session, traced, feeds, item),
    sizes: await layerSizes(session, traced, feeds),
  }));
  const model = interveneModel(bytes);
  const session = await openSession(model.bytes, inspectionDevice);
  return {
    original,
    batch: sizes[0]?.batch ?? 1,
    async trace(edits, steps) {
      const changes = await toFeeds(changesOf(model, sizes, edits, { item, steps: steps ?? null }));
      const trace = await runTraced(session, model, { ...feeds, ...changes }, item);
      const layers = trace.layers.map((layer, i) => {
        // What puts the changes in is no part of the equations.
        const { equations = [], difference = 0 } = original.layers[i] ?? {};
        return { ...layer, equations, difference };
      });
      return { ...trace, layers };
    },
    release: () => session.release(),
  };
}

/** What goes through a model for one item of a batch where states are changed: see {@link openEditable}. */
export async function traceEdited(
  bytes: Uint8Array,
  feeds: Values,
  item: number,
  edits: readonly StateEdit[],
): Promise<Trace> {
  const editable = await openEditable(bytes, feeds, item);
  try {
    return { inputs: [], ...(await editable.trace(edits)) };
  } finally {
    await editable.release();
  }
}

export const toFeeds = async (tensors: readonly (readonly [string, Tensor])[]): Promise<Values> =>
  Object.fromEntries(await Promise.all(tensors.map(async ([name, tensor]) => [name, await toOrt(tensor)] as const)));

/**
 * What the additional inputs of a model are fed. `inFull`: also what changes nothing has a number for each step, unit and item.
 * @throws UnrollError `usage` for a state, a unit or a step that is not there.
 */
export function changesOf(
  { hooks, layers }: Pick<IntervenedModel, 'hooks' | 'layers'>,
  sizes: readonly LayerSizes[],
  edits: readonly StateEdit[],
  { item, steps, inFull = false }: { readonly item: number; readonly steps: number | null; readonly inFull?: boolean },
): (readonly [string, Tensor])[] {
  for (const edit of edits) {
    const { layer, state, unit, value } = edit;
    const known = sizes[layer]?.steps ?? 0;
    const units = sizes[layer]?.units.get(state);
    if (units === undefined) throw noState(edit, layers);
    if (!hooks.some((hook) => hook.layer === layer && hook.state === state)) {
      throw new UnrollError(
        'usage',
        'The state {1} of layer {0} cannot be changed: the model only hands it on.',
        layer,
        state,
      );
    }
    if (!Number.isInteger(unit) || unit < 0 || unit >= units) {
      throw new UnrollError(
        'usage',
        'There is no unit {0} of {1}: the layer {2} has {3}, counted from 0.',
        unit,
        state,
        layer,
        units,
      );
    }
    const all = steps ?? known;
    if (!(edit.from >= 0 && edit.from < edit.to && edit.to <= all)) {
      throw new UnrollError(
        'usage',
        'There are no steps {0} to {1}: there are {2}, counted from 0.',
        edit.from,
        edit.to - 1,
        all,
      );
    }
    if (!Number.isFinite(value)) throw new UnrollError('usage', 'A state cannot be set to {0}; give a number.', value);
  }
  return hooks.flatMap((hook): (readonly [string, Tensor])[] => {
    const size = sizes[hook.layer] ?? { steps: 0, batch: 1, units: new Map() };
    const own = edits.filter(({ layer, state }) => layer === hook.layer && state === hook.state);
    const { keep, set } = tensorsOf(hook, size, own, item, steps ?? size.steps, inFull);
    return [...(hook.keep === null ? [] : [[hook.keep, keep] as const]), [hook.set, set]];
  });
}

function tensorsOf(
  { dtype, state }: Hook,
  { steps, batch, units: all }: LayerSizes,
  edits: readonly StateEdit[],
  item: number,
  axis: number,
  inFull: boolean,
): { readonly keep: Tensor; readonly set: Tensor } {
  const units = all.get(state) ?? 0;
  const shape = edits.length === 0 && !inFull ? [steps, 1, 1] : [steps, units, batch];
  const [keep, set] = [1, 0].map((fill) => new dtypes[dtype].array(sizeOf(shape)).fill(fill)) as [
    Float32Array,
    Float32Array,
  ];
  const every = Math.max(1, Math.floor(axis / Math.max(1, steps)));
  for (const { unit, from, to, value } of edits) {
    for (let step = 0; step < steps; step++) {
      // A layer that reads every k-th step has its state from the last of those k on.
      const seen = (step + 1) * every - 1;
      if (seen < from || seen >= to) continue;
      const place = (step * units + unit) * batch + item;
      keep[place] = 0;
      set[place] = value;
    }
  }
  return { keep: { dtype, shape, data: keep }, set: { dtype, shape, data: set } };
}

function noState({ layer, state }: StateEdit, layers: IntervenedModel['layers']): UnrollError {
  const there = layers[layer];
  if (there === undefined) {
    return new UnrollError(
      'usage',
      'There is no recurrent layer {0}: there are {1}, counted from 0.',
      layer,
      layers.length,
    );
  }
  return new UnrollError('usage', 'The layer {0} has no state "{1}", only {2}.', layer, state, there.states.join(', '));
}

/** The same of a model file, beside what goes through it without the changes; `edits` are made for that. */
export async function editFile(
  file: string,
  inputs: ReadonlyMap<string, Tensor>,
  item: number,
  edits: (original: Editable['original']) => readonly StateEdit[],
): Promise<{ readonly original: Editable['original']; readonly edited: Editable['original'] }> {
  const { bytes, feeds } = await fedFile(file, inputs);
  const editable = await openEditable(bytes, feeds, item);
  try {
    return { original: editable.original, edited: await editable.trace(edits(editable.original)) };
  } finally {
    await editable.release();
  }
}
