import { type Expression, rewrite, textOf } from '../../protocol/cellLanguage';
import { type Cell, defineCell } from './cell';

/**
 * The cell with layer normalisation (Ba, Kiros & Hinton 2016): every product with a matrix is normalised over the units of its
 * gate and multiplied by a learnt gain, while the biases stay the cell's own. A cell state is normalised, with a gain and a bias
 * of its own, where a function reads it on the way to the output. No fused operator computes such a cell.
 */
export function layerNormalized(cell: Cell): Cell {
  if (cell.normalized) return cell;
  const inner = new Set(cell.states.filter((state) => state !== 'h' && state !== cell.output));
  const change = (part: Expression): Expression | null => {
    if (part.kind === 'product') {
      const gain = `G${part.matrix.slice(0, 1).toLowerCase()}${part.matrix.slice(1)}`;
      return scaled(gain, { ...part, operand: rewrite(part.operand, change) });
    }
    if (part.kind === 'call' && part.operand.kind === 'name' && inner.has(part.operand.name)) {
      const { name } = part.operand;
      const bias: Expression = { kind: 'name', name: `B${name}`, next: false };
      const sum: Expression = { kind: 'binary', operator: '+', left: scaled(`G${name}`, part.operand), right: bias };
      return { ...part, operand: sum };
    }
    return null;
  };
  const equations = cell.steps.map(
    ({ name, next, value }) => `${name}${next ? "'" : ''} = ${textOf(rewrite(value, change))}`,
  );
  return defineCell({ ...cell, equations: equations.join('\n'), fused: null }, true);
}

const scaled = (gain: string, operand: Expression): Expression => ({
  kind: 'binary',
  operator: '⊙',
  left: { kind: 'name', name: gain, next: false },
  right: { kind: 'call', fn: 'norm', operand },
});
