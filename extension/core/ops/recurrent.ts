import type { FusedOp } from '../cells/fusedCell';
import { lowerFused } from '../cells/lower';
import type { Dim } from '../graph/value';
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
      const batchFirst = intOf(application.attributes, 'layout', 0) === 1;
      const [first, second] = shapeOf(name, X);
      const [steps, batch] = batchFirst ? [second, first] : [first, second];
      const W = shapeOf(name, inputOf(name, application, 1));
      const R = shapeOf(name, inputOf(name, application, 2));
      const directions = at(W, 0);
      const hidden = intOf(application.attributes, 'hidden_size', 0) || at(R, 2);
      const { dtype } = X.type;
      const of = (batch: Dim, steps: readonly Dim[]) =>
        batchFirst ? [batch, ...steps, directions, hidden] : [...steps, directions, batch, hidden];
      const Y = { dtype, shape: of(batch ?? 'batch', [steps ?? 'steps']) };
      const final = { dtype, shape: of(batch ?? 'batch', []) };
      return name === 'LSTM' ? [Y, final, final] : [Y, final];
    },
    pullback: pullbackOf((b, node) => {
      const { Y, finals } = lowerFused(b, node);
      return [Y, ...finals];
    }),
  };
}

export const recurrentOperators: readonly Operator[] = [fused('RNN'), fused('LSTM'), fused('GRU')];
