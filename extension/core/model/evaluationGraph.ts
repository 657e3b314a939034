import { Builder } from '../graph/builder';
import { cutProducts } from '../graph/cutProducts';
import { Graph, prune } from '../graph/graph';
import type { Value } from '../graph/value';
import type { Context } from '../layers/context';
import { batchLast } from '../layers/dense';
import { writtenOut } from '../layers/recurrentLayer';
import { writeModel } from '../onnx/write';
import { batchFeeds, presentFeeds } from './feeds';
import { layoutOf, sizeOfLayout, unpack } from './layout';
import { answersOf, lossOf } from './loss';
import { network, translation } from './network';
import type { ModelSpec } from './spec';

/**
 * The forward pass alone, with the parameters as feeds so that it follows the training without being rebuilt.
 * Feeds: the batch's (see `feeds.ts`) and `parameters`, laid out as `layout.ts` says; fetches: `prediction`, the point forecasts [targets, batch] in scaled
 * units or the probabilities [classes, batch], with a steps' axis in front where every step is answered, or of translations the tokens
 * [longest, 1, batch] that are likeliest one after the other; `loss` [] and `mass` [].
 */
export function buildEvaluationGraph(spec: ModelSpec, batch: number): Uint8Array {
  const graph = new Graph('evaluation');
  const b = new Builder(graph);
  const feeds = batchFeeds(spec, batch);
  const inputs = new Map(presentFeeds(feeds).map((feed) => [feed.name, graph.input(feed.name, feed)]));
  const input = (name: string): Value => inputs.get(name) ?? graph.input(name, { dtype: 'float32', shape: [] });
  const layout = layoutOf(spec);
  const flat = graph.input('parameters', { dtype: 'float32', shape: [sizeOfLayout(layout)] });
  const parameters = unpack(b, flat, layout);
  const context: Context = {
    b,
    float: 'float32',
    parameter: ({ name }) => parameters.get(name) ?? flat,
    dropout: () => null,
    carried: () => null,
    recurrent: writtenOut('step'),
    linear: batchLast,
  };
  const read = { x: input('x'), mask: feeds.mask === null ? null : input('mask'), teacher: null };
  const decoder = spec.target === 'tokens' ? translation(context, spec, read) : null;
  const prediction = decoder === null ? network(context, spec, read) : decoder.teach(input('y'));
  const { value, mass } = lossOf(b, spec, prediction, input('y'), input('weight'));
  const written = decoder === null ? null : b.cast(b.unsqueeze(decoder.search(1).tokens, [1]), 'float32');
  b.output('prediction', written ?? answersOf(b, spec, prediction));
  b.output('loss', value);
  b.output('mass', mass);
  prune(graph);
  cutProducts(graph);
  return writeModel(graph);
}
