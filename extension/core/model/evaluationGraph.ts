import { Builder } from '../graph/builder';
import { Graph } from '../graph/graph';
import { writeModel } from '../onnx/write';
import { forward } from './forward';
import { parameterShapes } from './parameters';
import type { ForecasterSpec } from './spec';

/**
 * The forward pass alone, with the parameters as feeds so that it follows the training without being rebuilt.
 * Feeds: `x` [lookback, features, batch] and every parameter; fetch: `prediction` [horizon, batch].
 */
export function buildEvaluationGraph(spec: ForecasterSpec, batch: number): Uint8Array {
  const graph = new Graph('evaluation');
  const b = new Builder(graph);
  const x = graph.input('x', { dtype: 'float32', shape: [spec.lookback, spec.features, batch] });
  const parameters = new Map(
    parameterShapes(spec).map(({ name, shape }) => [name, graph.input(name, { dtype: 'float32', shape })]),
  );
  const parameter = (name: string) => parameters.get(name) ?? x;
  b.output('prediction', forward(b, spec, x, batch, parameter));
  return writeModel(graph);
}
