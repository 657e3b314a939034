import { type FusedOp, lowerFused } from '../cells/lower';
import { at, inputOf, intOf, shapeOf } from './arguments';
import { pullbackOf } from './lowered';
import type { Operator } from './operator';

/**
 * A fused recurrent operator. Its gradient is that of the cell it computes, written out: there is no second formula to be wrong.
 */
function fused(name: FusedOp): Operator {
  return {
    name,
    infer(application) {
      const X = inputOf(name, application, 0);
      const [steps, batch] = shapeOf(name, X);
      const W = shapeOf(name, inputOf(name, application, 1));
      const R = shapeOf(name, inputOf(name, application, 2));
      const directions = at(W, 0);
      const hidden = intOf(application.attributes, 'hidden_size', 0) || at(R, 2);
      const { dtype } = X.type;
      const Y = { dtype, shape: [steps ?? 'steps', directions, batch ?? 'batch', hidden] };
      const final = { dtype, shape: [directions, batch ?? 'batch', hidden] };
      return name === 'LSTM' ? [Y, final, final] : [Y, final];
    },
    pullback: pullbackOf((b, node) => {
      const { Y, finals } = lowerFused(b, node);
      return [Y, ...finals];
    }),
  };
}

export const recurrentOperators: readonly Operator[] = [fused('RNN'), fused('LSTM'), fused('GRU')];
