/** A loss is better when it is lower than the best one by this fraction of it, as in PyTorch. */
const threshold = 1e-4;

/**
 * How often the learning rate has been dropped after these epochs: each time more than `patience` epochs in a row were not better
 * than the best one. PyTorch's ReduceLROnPlateau, but for losses below zero, where "better" means lower here too. A loss that is not
 * a number is never better.
 */
export function plateauDrops(losses: readonly number[], { patience }: { readonly patience: number }): number {
  let best = Number.POSITIVE_INFINITY;
  let [worse, drops] = [0, 0];
  for (const loss of losses) {
    if (loss < best - (Number.isFinite(best) ? threshold * Math.abs(best) : 0)) {
      best = loss;
      worse = 0;
    } else if (++worse > patience) {
      drops++;
      worse = 0;
    }
  }
  return drops;
}
