/**
 * Whether training ends here: the best validation loss is `patience` epochs old or older. `losses` has one for every finished epoch.
 * An equal loss is not better, and one that is not a number never is.
 */
export function shouldStop(losses: readonly number[], patience: number): boolean {
  let best = Number.POSITIVE_INFINITY;
  let since = 0;
  for (const loss of losses) {
    since++;
    if (loss < best) [best, since] = [loss, 0];
  }
  return since >= patience;
}
