import type { Builder } from '../graph/builder';
import type { Value } from '../graph/value';

/** √Σ‖g‖² over all gradients, a scalar. */
export function globalNorm(b: Builder, gradients: readonly Value[]): Value {
  const squares = gradients.map((gradient) => {
    const axes = (gradient.type.shape ?? []).map((_, i) => i);
    return b.reduceSum(b.mul(gradient, gradient), axes, false);
  });
  return b.sqrt(squares.reduce((sum, square) => b.add(sum, square)));
}

/**
 * Scales all gradients by min(1, maxNorm / (norm + 10⁻⁶)), so that their global norm is at most `maxNorm`
 * (Pascanu, Mikolov & Bengio 2013; the small number is PyTorch's).
 */
export function clipByGlobalNorm(b: Builder, gradients: readonly Value[], norm: Value, maxNorm: number): Value[] {
  const room = b.div(b.scalarLike(norm, maxNorm), b.add(norm, b.scalarLike(norm, 1e-6)));
  const scale = b.min(room, b.scalarLike(norm, 1));
  return gradients.map((gradient) => b.mul(gradient, scale));
}
