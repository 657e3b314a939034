import { ofDifference } from './difference';

/** Mean absolute error: the mean of |p - y|. */
export const meanAbsoluteError = ofDifference((b, e) => b.abs(e));

/**
 * Huber 1964: e²/2 up to |e| = δ, then δ (|e| - δ/2), as PyTorch's HuberLoss. Written with the part of |e| below δ, m =
 * min(|e|, δ), it is m (|e| - m/2) for both.
 */
export const huber = ofDifference((b, e, { delta }) => {
  const size = b.abs(e);
  const below = b.min(size, b.scalarLike(e, delta));
  return b.mul(below, b.sub(size, b.mul(below, b.scalarLike(e, 0.5))));
});
