import { gradients } from '../../core/autodiff/backpropagate';
import { Builder } from '../../core/graph/builder';
import { Graph, prune } from '../../core/graph/graph';
import { writeModel } from '../../core/onnx/write';
import { at } from '../../core/ops/arguments';
import { floats, type Tensor } from '../../core/tensor';

/** A model and what to feed it. */
export interface Probe {
  readonly model: Uint8Array;
  readonly feeds: Readonly<Record<string, Tensor>>;
}

/**
 * One training step of the smallest recurrent model: `h = tanh(W h + x)` over three steps of `x` [3, 2, 1], the loss
 * `sum(h^2)` of the last state, its gradient through time and a step of gradient descent at rate 0.1. It takes the kinds of
 * operator that every training graph takes: a Scan, its gradient, products and sums.
 *
 * Fetches: `loss` [] and `W.next` [2, 2].
 */
export function probeGraph(): Probe {
  const graph = new Graph('probe');
  const b = new Builder(graph);
  const x = graph.input('x', { dtype: 'float32', shape: [3, 2, 1] });
  const weights = graph.input('W', { dtype: 'float32', shape: [2, 2] });
  const { states } = b.scan([b.zeros('float32', [2, 1])], [x], false, (inner, h, step) => {
    const next = inner.tanh(inner.add(inner.matMul(weights, at(h, 0)), at(step, 0)));
    return { states: [next], outputs: [] };
  });
  const last = at(states, 0);
  const loss = b.reduceSum(b.mul(last, last), [0, 1], false);
  const gradient = at(gradients(b, loss, [weights]), 0);
  b.output('loss', loss);
  b.output('W.next', b.sub(weights, b.mul(gradient, b.scalarLike(weights, 0.1))));
  prune(graph);
  return {
    model: writeModel(graph),
    feeds: {
      x: floats('float32', [3, 2, 1], [0.5, -1, 0.25, 0.75, -0.5, 1]),
      W: floats('float32', [2, 2], [0.1, -0.2, 0.3, 0.4]),
    },
  };
}
