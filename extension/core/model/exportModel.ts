import { UnrollError } from '../../protocol/errors';
import { Builder } from '../graph/builder';
import { Graph, prune, usesOf } from '../graph/graph';
import { Value } from '../graph/value';
import type { Context } from '../layers/context';
import { batchFirst, fusedWhereThereIsOne } from '../layers/fusedLayer';
import { cellOfLayer, stateName } from '../layers/recurrentLayer';
import { stepForm } from '../layers/stepForm';
import { writeModel } from '../onnx/write';
import { answersOf } from './loss';
import { network, translation } from './network';
import type { Parameters } from './parameters';
import { horizonOf, type ModelSpec } from './spec';

/**
 * The trained model as an ONNX file of fused operators, usable without us; cells that have none are loops. All numbers are scaled as
 * `metadata` says.
 *
 * Inputs: `window` [batch, steps, features], or `tokens` int32 [batch, steps]; and `mask` [batch, steps] where sequences differ in
 * length, 1 for a step and 0 for padding. Outputs: `forecast` [batch, horizon], or [batch, columns, horizon] of several target columns, and
 * `outputs` [batch, outputs] where a number is told by several; or `probabilities` [batch, classes], with the steps' axis after the batch where every step is answered.
 *
 * A translation is found by a beam search of the spec's width, inside the file: outputs `translation` int64 [batch, longest], of which token
 * 0 ends it; `probability` [batch], of the whole of it; and with attention `attention` [batch, longest, steps], where the decoder looked.
 *
 * A model that reads forwards and answers every step takes any number of steps: each state is an input `state.…` [batch, hidden], zero at
 * the beginning, and the output of that name and {@link nextState} is what the next call is given.
 */
export function exportModel(
  spec: ModelSpec,
  parameters: Parameters,
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const kinds = { values: 'forecaster', classes: 'classifier', symbols: 'classifier', tokens: 'translator' } as const;
  const graph = new Graph(kinds[spec.target]);
  const b = new Builder(graph);
  const { input, steps } = spec;
  const isStream = canStream(spec);
  const length = isStream ? 'steps' : steps;
  const given =
    input.kind === 'values'
      ? graph.input('window', { dtype: 'float32', shape: ['batch', length, input.features] })
      : graph.input('tokens', { dtype: 'int32', shape: ['batch', length] });
  const mask = spec.masked ? graph.input('mask', { dtype: 'float32', shape: ['batch', steps] }) : null;
  const known = new Map<string, Value>();
  const context: Context = {
    b,
    float: 'float32',
    parameter({ name, shape }) {
      const tensor = parameters.get(name);
      if (tensor === undefined) throw new UnrollError('internal', 'The parameter "{0}" is missing.', name);
      const value = known.get(name) ?? new Value(name, { dtype: 'float32', shape }, { ...tensor, shape });
      known.set(name, value);
      return value;
    },
    dropout: () => null,
    initial: (name, hidden) =>
      isStream ? b.transpose(graph.input(name, { dtype: 'float32', shape: ['batch', hidden] }), [1, 0]) : null,
    recurrent: fusedWhereThereIsOne(stepForm),
    linear: batchFirst,
  };
  const read = {
    x: b.transpose(given, input.kind === 'values' ? [1, 2, 0] : [1, 0]),
    mask: mask === null ? null : b.transpose(mask, [1, 0]),
    teacher: null,
  };
  if (spec.target === 'tokens') {
    const { tokens, probability, weights } = translation(context, spec, read).search(spec.beam);
    b.output('translation', b.transpose(tokens, [1, 0]));
    b.output('probability', probability);
    if (weights !== null) b.output('attention', b.transpose(weights, [2, 0, 1]));
    return finished(graph, known, metadata);
  }
  const { prediction, finals } = network(context, spec, read);
  const every = spec.pooling === 'every';
  if (spec.target === 'values') {
    const outputs = every ? b.squeeze(b.slice(prediction, steps - 1, steps, 0), [0]) : prediction;
    const forecast = b.transpose(answersOf(b, spec, outputs), [1, 0]);
    const { targetColumns = 1 } = spec;
    b.output('forecast', targetColumns === 1 ? forecast : b.reshape(forecast, [-1, targetColumns, horizonOf(spec)]));
    if (spec.outputs !== spec.targets) b.output('outputs', b.transpose(outputs, [1, 0]));
  } else {
    b.output('probabilities', b.transpose(answersOf(b, spec, prediction), every ? [2, 0, 1] : [1, 0]));
  }
  if (isStream) for (const [name, value] of finals) b.output(`${name}${nextState}`, b.transpose(value, [1, 0]));
  return finished(graph, known, metadata);
}

function finished(
  graph: Graph,
  known: ReadonlyMap<string, Value>,
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  prune(graph);
  adopt(graph, new Set(known.values()));
  return writeModel(graph, metadata);
}

/** Ends the name of the output that gives a state for the next call; the input that takes it has the name without it. */
export const nextState = '.next';

/** The states that an exported model takes and gives, by the names of their inputs; none of a model that reads whole sequences alone. */
export function streamStates(spec: ModelSpec): readonly { readonly name: string; readonly hidden: number }[] {
  if (!canStream(spec)) return [];
  return spec.layers.flatMap((layer, n) =>
    cellOfLayer(layer).states.map((state) => ({ name: stateName(`layers.${n}`, state), hidden: layer.hidden })),
  );
}

/** Whether a model answers every step from that step and its states alone, so that a sequence can be fed in pieces of any length. */
function canStream({ layers, pooling, target, masked, convolution }: ModelSpec): boolean {
  const readsOn = layers.every(({ bidirectional, every }) => !bidirectional && every === 1);
  return readsOn && pooling === 'every' && target === 'classes' && !masked && convolution === null;
}

/** Makes initialisers of the parameters that a node uses as they are. */
function adopt(graph: Graph, parameters: ReadonlySet<Value>): void {
  for (const node of graph.nodes) {
    for (const value of usesOf(node)) if (parameters.has(value)) graph.initializers.add(value);
  }
}
