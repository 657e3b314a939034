import { UnrollError } from '../../protocol/errors';
import type { Attributes } from '../graph/graph';
import type { Cell } from './cell';

/** The attributes with which the fused ONNX operator computes `cell` in each of `directions`; throws where there is no operator. */
export function fusedAttributes(cell: Cell, hidden: number, directions = 1): Attributes {
  if (cell.fused === null) throw new UnrollError('internal', 'No fused operator computes the cell {0}.', cell.title);
  const { activations, alpha, beta, linearBeforeReset, inputForget } = cell.fused;
  const each = <T>(values: readonly T[]) => Array.from({ length: directions }, () => values).flat();
  return {
    hidden_size: { kind: 'int', value: hidden },
    ...(activations && { activations: { kind: 'strings', value: each(activations) } }),
    ...(alpha && { activation_alpha: { kind: 'floats', value: each(alpha) } }),
    ...(beta && { activation_beta: { kind: 'floats', value: each(beta) } }),
    ...(linearBeforeReset !== undefined && { linear_before_reset: { kind: 'int', value: linearBeforeReset } }),
    ...(inputForget && { input_forget: { kind: 'int', value: 1 } }),
  };
}

/** The gates of the fused operator in the order of its weights; those that the cell does not have are never used. */
export const fusedGates = (cell: Cell): readonly string[] => cell.fused?.gates ?? cell.gates;
