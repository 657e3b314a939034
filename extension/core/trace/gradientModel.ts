import { UnrollError } from '../../protocol/errors';
import { backpropagate, dependents } from '../autodiff/backpropagate';
import { Builder, floatType } from '../graph/builder';
import { type Graph, type Node, usesOf } from '../graph/graph';
import { interpose } from '../graph/interpose';
import type { Value } from '../graph/value';
import { noOutput } from '../onnx/boundModel';
import { originalOf, writeChanged } from '../onnx/extend';
import { type Model, readModel } from '../onnx/read';
import { operators } from '../ops/table';
import type { FloatType } from '../tensor';
import { type Read, type Source, sourcesOf } from './gradientSources';
import type { Hook } from './intervention';
import { makePlain } from './plainLoops';

/** A model that gives out how one of its numbers hangs on its states and on what it reads. */
export interface GradientModel {
  readonly bytes: Uint8Array;
  /** The output that the number is of, with its shape. */
  readonly output: { readonly name: string; readonly shape: readonly number[]; readonly dtype: FloatType };
  /** An input of that shape: the weight of each number, which is 1 for the chosen one and 0 for all others. */
  readonly weights: string;
  /** An input, one number: everything that is read is multiplied by it. 1 for the model as it is. */
  readonly along: string;
  /** [steps] for each state: the Euclidean norm over the units; null where the output does not depend on it. */
  readonly states: readonly (Pick<Hook, 'layer' | 'state'> & { readonly norms: string | null })[];
  readonly sources: readonly GradientSource[];
}

export interface GradientSource extends Omit<Source, 'value'> {
  readonly shape: readonly number[];
  /** The input of the model that takes it, where it is one: `name`, unless it had to give its name away. */
  readonly fed: string | null;
  /** What is read, and the gradient with respect to it, of `shape`; null where the output does not depend on it. */
  readonly value: string;
  readonly gradient: string | null;
}

/**
 * Writes out the gradient of one output of a model that is wholly bound, by back-propagation from it to the states' hooks and to what is
 * read, for one item of the batch.
 * @throws UnrollError `model` where an operator on the way has no gradient, with its name.
 */
export function gradientModel(
  bound: Model,
  hooks: readonly Hook[],
  reads: readonly Read[],
  output: string,
  item: number,
): GradientModel {
  const model = prepared(bound, hooks, reads, output);
  const { graph } = model;
  const original = originalOf(graph);
  const b = new Builder(graph);
  const [chosen] = graph.outputs;
  if (chosen === undefined) throw noOutput(output);
  const dtype = floatOf(chosen);
  const shape = (chosen.type.shape ?? []).map(Number);
  const along = graph.input('unroll.along', { dtype: 'float32', shape: [] });
  const sources = sourcesOf(graph, reads).map((source) => {
    const scaled = (before: Value) => b.mul(before, b.cast(along, floatType(before)));
    return { source, whole: interpose(b, source.value, scaled) };
  });
  const sets = hooks.flatMap((hook) => {
    const set = graph.inputs.find(({ name }) => name === hook.set);
    return set === undefined ? [] : [{ hook, set }];
  });
  const wanted = [...sources.map(({ source }) => source.value), ...sets.map(({ set }) => set)];

  const weights = graph.input('unroll.weights', { dtype, shape });
  const gradientOf = backpropagate(b, [...graph.nodes], new Map([[chosen, weights]]), wanted);
  const states = sets.map(({ hook, set }) => {
    const gradient = gradientOf(set);
    const { layer, state } = hook;
    if (gradient === null) return { layer, state, norms: null };
    // [steps, units, batch]
    const own = b.squeeze(b.slice(gradient, item, item + 1, 2), [2]);
    const squares = b.reduceSum(b.mul(own, own), [1], false);
    return { layer, state, norms: b.output(`unroll.norms.${layer}.${state}`, b.sqrt(squares)).name };
  });
  const read = sources.map(({ source, whole }, i): GradientSource => {
    const { value, ...rest } = source;
    const gradient = gradientOf(value);
    return {
      ...rest,
      shape: (value.type.shape ?? []).map(Number),
      fed: graph.inputs.includes(whole) ? whole.name : null,
      value: b.output(`unroll.read.${i}`, whole).name,
      gradient: gradient === null ? null : b.output(`unroll.gradient.${i}`, gradient).name,
    };
  });
  return {
    bytes: writeChanged(model, original),
    output: { name: output, shape, dtype },
    weights: weights.name,
    along: along.name,
    states,
    sources: read,
  };
}

function floatOf({ name, type }: Value): FloatType {
  if (type.dtype === 'float32' || type.dtype === 'float64') return type.dtype;
  throw new UnrollError(
    'usage',
    'The output "{0}" holds {1}, which have no gradient; choose an output of floats.',
    name,
    type.dtype,
  );
}

/** The nodes between the output and what is wanted; others do not matter. */
function nodesBetween(graph: Graph, chosen: Value, wanted: readonly Value[]): readonly Node[] {
  const active = dependents(graph.nodes, wanted);
  const onTheWay = new Set<Value | null>([chosen]);
  return [...graph.nodes].reverse().filter((node) => {
    if (!node.outputs.some((output) => output !== null && onTheWay.has(output) && active.has(output))) return false;
    for (const value of usesOf(node)) if (active.has(value)) onTheWay.add(value);
    return true;
  });
}

/**
 * The model with the loops on the way in the form that has a gradient.
 * @throws UnrollError `model` for an operator on the way that has none.
 */
function prepared(model: Model, hooks: readonly Hook[], reads: readonly Read[], output: string): Model {
  const { graph } = model;
  const original = originalOf(graph);
  const b = new Builder(graph);
  const chosen = graph.outputs.find(({ name }) => name === output);
  if (chosen === undefined) throw noOutput(output);
  const sets = new Set(hooks.map(({ set }) => set));
  const wanted = [
    ...sourcesOf(graph, reads).map(({ value }) => value),
    ...graph.inputs.filter(({ name }) => sets.has(name)),
  ];
  let changed = false;
  for (const node of nodesBetween(graph, chosen, wanted)) {
    const { op, domain, name } = node;
    const form = domain === '' && (op === 'Loop' || op === 'Scan') ? makePlain(b, node) : null;
    if (form === 'is now') changed = true;
    if (form === null ? domain === '' && operators().has(op) : form !== 'cannot be') continue;
    throw new UnrollError(
      'model',
      'The output "{0}" has no gradient for the operator {1} (node "{2}") on the way to it; choose another output.',
      chosen.name,
      domain === '' ? op : `${domain}.${op}`,
      name,
    );
  }
  return changed ? readModel(writeChanged(model, original)) : model;
}
