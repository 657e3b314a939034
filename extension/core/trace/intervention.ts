import { Builder } from '../graph/builder';
import { originalOf, writeChanged } from '../onnx/extend';
import type { Change, ChangedState } from './change';
import type { TracedLayer } from './tracedLayer';
import { followed, type TracedModel } from './traceModel';

/** A model whose states can be changed after every step, by what its additional inputs are fed. */
export interface IntervenedModel extends TracedModel {
  readonly hooks: readonly Hook[];
}

/**
 * The inputs that change one state s, [steps, units, batch] each, where any axis but the steps' may be 1: after every step it is
 * s ⊙ keep + set. All is kept where there is no `keep`.
 */
export interface Hook extends ChangedState {
  readonly keep: string | null;
  readonly set: string;
}

/**
 * Lets the states of a model be changed: fed with ones and zeros, its outputs are those of the model as it is. Where nothing is to be
 * overwritten, there is no `keep`.
 */
export function interveneModel(bytes: Uint8Array, { overwrites = true } = {}): IntervenedModel {
  const { model, recurrences } = followed(bytes);
  const { graph } = model;
  const original = originalOf(graph);
  const outputs = graph.outputs.map(({ name }) => name);
  const hooks: Hook[] = [];
  const b = new Builder(graph);
  const layers: TracedLayer[] = [];
  for (const found of recurrences) {
    const first = layers.length;
    const change: Change = (state) => {
      const layer = first + state.layer;
      // Dimensions of one name are of one size to a runtime, and no two states need be as large.
      const shape = ['steps', 'units', 'batch'].map((dim) => `unroll.${layer}.${state.state}.${dim}`);
      const input = (kind: string) =>
        graph.input(`unroll.${kind}.${layer}.${state.state}`, { dtype: state.dtype, shape });
      const [keep, set] = [overwrites ? input('keep') : null, input('set')];
      const { state: name, dtype } = state;
      hooks.push({ layer, state: name, dtype, keep: keep?.name ?? null, set: set.name });
      return { keep, set };
    };
    layers.push(...found.trace(b, change));
  }
  return { bytes: writeChanged(model, original), outputs, layers, hooks };
}
