import { backpropagate } from '../autodiff/backpropagate';
import type { StateChange } from '../cells/recurrence';
import { Builder } from '../graph/builder';
import { cutProducts } from '../graph/cutProducts';
import { Graph, prune } from '../graph/graph';
import type { Value } from '../graph/value';
import type { Context } from '../layers/context';
import { batchLast } from '../layers/dense';
import { writtenOut } from '../layers/recurrentLayer';
import { writeModel } from '../onnx/write';
import { shapeOf } from '../ops/arguments';
import type { FloatType } from '../tensor';
import { batchFeeds, presentFeeds } from './feeds';
import { layoutOf, sizeOfLayout, unpack } from './layout';
import { lossOf } from './loss';
import { network } from './network';
import type { ModelSpec } from './spec';

/** A recurrent state whose gradient is given out. */
export interface LagState {
  /** Which recurrent layer, from 0. */
  readonly layer: number;
  readonly reverse: boolean;
  /** As the cell calls it. */
  readonly state: string;
  /** Steps that the layer takes, each of them `every` steps of the model. */
  readonly steps: number;
  readonly every: number;
  /** The output [steps, batch]: the Euclidean norm over the units of d loss / d state; null where the loss does not depend on it. */
  readonly norms: string | null;
}

export interface LagGraph {
  readonly bytes: Uint8Array;
  /** Layer by layer; of each direction first the state that is handed on. */
  readonly states: readonly LagState[];
}

/**
 * How the loss of a batch hangs on what every recurrent layer has after every step. After each step a zero is added to each state;
 * the gradient with respect to that zero is that with respect to the state.
 *
 * Feeds: the batch's (see `feeds.ts`) and `parameters`, as in `evaluationGraph.ts`; fetches: the norms of `states`.
 */
export function buildLagGraph(spec: ModelSpec, batch: number, dtype: FloatType = 'float32'): LagGraph {
  const graph = new Graph('lags');
  const b = new Builder(graph);
  const feeds = batchFeeds(spec, batch, dtype);
  const inputs = new Map(presentFeeds(feeds).map((feed) => [feed.name, graph.input(feed.name, feed)]));
  const input = (name: string): Value => inputs.get(name) ?? graph.input(name, { dtype, shape: [] });
  const layout = layoutOf(spec);
  const flat = graph.input('parameters', { dtype, shape: [sizeOfLayout(layout)] });
  const parameters = unpack(b, flat, layout);

  const states: (Omit<LagState, 'norms'> & { readonly zero: Value })[] = [];
  const everyOf = (layer: number) => spec.layers.slice(0, layer + 1).reduce((product, { every }) => product * every, 1);
  let layers = 0;
  const context: Context = {
    b,
    float: dtype,
    parameter: ({ name }) => parameters.get(name) ?? flat,
    dropout: () => null,
    carried: () => null,
    recurrent(builder, call) {
      const layer = layers++;
      const [steps] = shapeOf('A layer', call.x).map(Number);
      const { output } = call.cell;
      const outputFirst = [output, ...call.cell.states.filter((state) => state !== output)];
      const changes = ({ reverse }: (typeof call.directions)[number]) =>
        new Map(
          outputFirst.map((state): [string, StateChange] => {
            // A value of its own for each: equal constants are one, and so would be their gradients.
            const zero = b.identity(b.zerosLike(call.x, [steps ?? spec.steps, call.hidden, batch]));
            states.push({ layer, reverse, state, steps: steps ?? spec.steps, every: everyOf(layer), zero });
            return [state, { keep: null, set: zero }];
          }),
        );
      return writtenOut('step', changes)(builder, call);
    },
    linear: batchLast,
  };
  const prediction = network(context, spec, {
    x: input('x'),
    mask: feeds.mask === null ? null : input('mask'),
    teacher: null,
    truth: input('y'),
  });
  const { value: loss } = lossOf(b, spec, prediction, input('y'), input('weight'));
  const zeros = states.map(({ zero }) => zero);
  const gradientOf = backpropagate(b, [...graph.nodes], new Map([[loss, b.scalarLike(loss, 1)]]), zeros);
  const found = states.map(({ zero, ...state }, i): LagState => {
    const gradient = gradientOf(zero);
    return { ...state, norms: gradient === null ? null : b.output(`norms.${i}`, normOverUnits(b, gradient)).name };
  });
  prune(graph);
  cutProducts(graph);
  return { bytes: writeModel(graph), states: found };
}

/** [steps, units, batch] to [steps, batch]. Divided by the largest first: what vanishes or explodes has squares that floats do not. */
function normOverUnits(b: Builder, x: Value): Value {
  const sizes = b.abs(x);
  const largest = b.max(b.reduceMax(sizes, [1], true), b.scalarLike(x, 1e-37));
  const share = b.div(x, largest);
  return b.mul(b.sqrt(b.reduceSum(b.mul(share, share), [1], false)), b.squeeze(largest, [1]));
}
