import type { Builder } from '../graph/builder';
import type { Value } from '../graph/value';
import { at } from '../ops/arguments';

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

/** Brings every number of the gradients into [-maxValue, maxValue]. */
export function clipByValue(b: Builder, gradients: readonly Value[], maxValue: number): Value[] {
  return gradients.map((gradient) =>
    at(b.apply('Clip', [gradient, b.scalarLike(gradient, -maxValue), b.scalarLike(gradient, maxValue)]), 0),
  );
}

/**
 * Clips as an experiment asks: first every number by `clipValue`, then what that gives by its global norm, so that the norm is at
 * most `clipNorm` whatever else is asked; null leaves either out. `norm` is the global norm before any clipping, a scalar.
 */
export function clipGradients(
  b: Builder,
  gradients: readonly Value[],
  { clipNorm, clipValue }: { readonly clipNorm: number | null; readonly clipValue: number | null },
): { readonly gradients: Value[]; readonly norm: Value } {
  const norm = globalNorm(b, gradients);
  const bounded = clipValue === null ? [...gradients] : clipByValue(b, gradients, clipValue);
  if (clipNorm === null) return { gradients: bounded, norm };
  const boundedNorm = clipValue === null ? norm : globalNorm(b, bounded);
  return { gradients: clipByGlobalNorm(b, bounded, boundedNorm, clipNorm), norm };
}
