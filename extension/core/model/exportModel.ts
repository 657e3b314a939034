import { UnrollError } from '../../protocol/errors';
import { Builder } from '../graph/builder';
import { Graph, prune, usesOf } from '../graph/graph';
import { Value } from '../graph/value';
import type { Context } from '../layers/context';
import { batchFirst, fusedWhereThereIsOne } from '../layers/fusedLayer';
import { stepForm } from '../layers/stepForm';
import { writeModel } from '../onnx/write';
import { answersOf } from './loss';
import { network } from './network';
import type { Parameters } from './parameters';
import type { ModelSpec } from './spec';

/**
 * The trained model as an ONNX file of fused operators, usable without us; cells that have none are loops. All numbers are scaled as
 * `metadata` says.
 *
 * Inputs: `window` [batch, steps, features], or `tokens` int32 [batch, steps]; and `mask` [batch, steps] where sequences differ in
 * length, 1 for a step and 0 for padding. Outputs: `forecast` [batch, targets], and `outputs` [batch, outputs] where a target is told
 * by several numbers; or `probabilities` [batch, classes], with the steps' axis after the batch where every step is answered.
 */
export function exportModel(
  spec: ModelSpec,
  parameters: Parameters,
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const graph = new Graph(spec.target === 'values' ? 'forecaster' : 'classifier');
  const b = new Builder(graph);
  const { input, steps } = spec;
  const given =
    input.kind === 'values'
      ? graph.input('window', { dtype: 'float32', shape: ['batch', steps, input.features] })
      : graph.input('tokens', { dtype: 'int32', shape: ['batch', steps] });
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
    initial: () => null,
    recurrent: fusedWhereThereIsOne(stepForm),
    linear: batchFirst,
  };
  const { prediction } = network(context, spec, {
    x: b.transpose(given, input.kind === 'values' ? [1, 2, 0] : [1, 0]),
    mask: mask === null ? null : b.transpose(mask, [1, 0]),
    teacher: null,
  });
  const every = spec.pooling === 'every';
  if (spec.target === 'values') {
    const outputs = every ? b.squeeze(b.slice(prediction, steps - 1, steps, 0), [0]) : prediction;
    b.output('forecast', b.transpose(answersOf(b, spec, outputs), [1, 0]));
    if (spec.outputs !== spec.targets) b.output('outputs', b.transpose(outputs, [1, 0]));
  } else {
    b.output('probabilities', b.transpose(answersOf(b, spec, prediction), every ? [2, 0, 1] : [1, 0]));
  }
  prune(graph);
  adopt(graph, new Set(known.values()));
  return writeModel(graph, metadata);
}

/** Makes initialisers of the parameters that a node uses as they are. */
function adopt(graph: Graph, parameters: ReadonlySet<Value>): void {
  for (const node of graph.nodes) {
    for (const value of usesOf(node)) if (parameters.has(value)) graph.initializers.add(value);
  }
}
