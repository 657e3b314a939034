import type { Attributes } from '../graph/graph';
import type { Cell } from './cell';

/** The attributes with which the fused ONNX operator computes `cell`. */
export function fusedAttributes(cell: Cell, hidden: number): Attributes {
  const { activations, linearBeforeReset } = cell.fused;
  return {
    hidden_size: { kind: 'int', value: hidden },
    ...(activations && { activations: { kind: 'strings', value: activations } }),
    ...(linearBeforeReset !== undefined && { linear_before_reset: { kind: 'int', value: linearBeforeReset } }),
  };
}
