import { UnrollError } from '../../protocol/errors';
import { Builder } from '../graph/builder';
import { nextState } from '../graph/carried';
import { Graph, prune, usesOf } from '../graph/graph';
import { Value } from '../graph/value';
import type { Context } from '../layers/context';
import { batchFirst, fusedWhereThereIsOne } from '../layers/fusedLayer';
import { withRowsBefore } from '../layers/rowsBefore';
import { stepForm } from '../layers/stepForm';
import { writeModel } from '../onnx/write';
import { answersOf } from './loss';
import { network, translation } from './network';
import type { Parameters } from './parameters';
import { horizonOf, type ModelSpec } from './spec';
import { isCarried, streamingOf, windowState } from './streaming';

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
 * Most models take any number of steps (see `streaming.ts`), so that a stream can be fed as it comes: each state is an input `state.…` [batch, …],
 * zero at the beginning, and the output of that name and {@link nextState} is what the next call is given. Such are what a recurrent layer
 * carries, [batch, hidden]; the last inputs of a convolution; what was pooled so far; and of a model that reads windows anew the rows before,
 * `state.window` [batch, steps - 1, features], which matter where fewer than a window are given. Padding ends a sequence.
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
  const streaming = streamingOf(spec);
  const length = streaming === 'none' ? steps : 'steps';
  const given =
    input.kind === 'values'
      ? graph.input('window', { dtype: 'float32', shape: ['batch', length, input.features] })
      : graph.input('tokens', { dtype: 'int32', shape: ['batch', length] });
  const mask = spec.masked ? graph.input('mask', { dtype: 'float32', shape: ['batch', length] }) : null;
  const known = new Map<string, Value>();
  const states = new Map<string, Value>();
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
    carried(name, shape) {
      if (!isCarried(streaming, name)) return null;
      const rank = shape.length;
      const before = graph.input(name, { dtype: 'float32', shape: ['batch', ...shape] });
      const axes = shape.map((_, axis) => axis);
      return {
        before: b.transpose(before, [...axes.map((axis) => axis + 1), 0]),
        after: (value) => states.set(name, b.transpose(value, [rank, ...axes])),
      };
    },
    recurrent: fusedWhereThereIsOne(stepForm),
    linear: batchFirst,
  };
  const read = {
    x: input.kind === 'values' ? windowOf(context, spec, b.transpose(given, [1, 2, 0])) : b.transpose(given, [1, 0]),
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
  const prediction = network(context, spec, read);
  const every = spec.pooling === 'every';
  if (spec.target === 'values') {
    const outputs = every ? b.squeeze(b.last(prediction, 1, 0), [0]) : prediction;
    const forecast = b.transpose(answersOf(b, spec, outputs), [1, 0]);
    const { targetColumns = 1 } = spec;
    b.output('forecast', targetColumns === 1 ? forecast : b.reshape(forecast, [-1, targetColumns, horizonOf(spec)]));
    if (spec.outputs !== spec.targets) b.output('outputs', b.transpose(outputs, [1, 0]));
  } else {
    b.output('probabilities', b.transpose(answersOf(b, spec, prediction), every ? [2, 0, 1] : [1, 0]));
  }
  for (const [name, value] of states) b.output(`${name}${nextState}`, value);
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

/** The values [steps, features, batch] that the network reads: all that are given, or the last window of those and the rows before. */
function windowOf(context: Context, { input, steps }: ModelSpec, x: Value): Value {
  const { b } = context;
  if (input.kind !== 'values') return x;
  return b.inPart('Rows before', () => {
    const all = withRowsBefore(context, windowState, x, steps - 1, input.features);
    return all === null ? x : b.last(all, steps, 0);
  });
}

/** Makes initialisers of the parameters that a node uses as they are. */
function adopt(graph: Graph, parameters: ReadonlySet<Value>): void {
  for (const node of graph.nodes) {
    for (const value of usesOf(node)) if (parameters.has(value)) graph.initializers.add(value);
  }
}
