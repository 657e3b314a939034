/** The first rate is the highest over this. */
const startDivisor = 25;
/** The last rate is the first one over this. */
const endDivisor = 1e4;
/** The fraction of all steps over which the rate rises. */
const rising = 0.3;

/** From `start` at 0 to `end` at 1 along half a cosine. */
export function cosineBetween(start: number, end: number, fraction: number): number {
  return end + ((start - end) / 2) * (1 + Math.cos(Math.PI * fraction));
}

/**
 * The one-cycle policy (Smith & Topin 2018) with PyTorch's numbers: the fraction of the highest learning rate in step `step` of
 * `steps`, counted from 0. It rises from 1/25 to 1 and falls to 1/250000. PyTorch moves the momentum against the rate as well; here the
 * momentum stays as it is.
 */
export function oneCycle(step: number, steps: number): number {
  const top = rising * steps - 1;
  const last = steps - 1;
  if (step <= top) return cosineBetween(1 / startDivisor, 1, step / top);
  const fraction = Math.min(1, (step - top) / (last - top));
  return cosineBetween(1, 1 / startDivisor / endDivisor, fraction);
}
