import type { LagState } from './lagGraph';
import type { ModelSpec } from './spec';

/** Of a fed batch (see `feeds.ts`): what counts in it. */
export interface LagBatch {
  readonly size: number;
  readonly steps: number;
  /** [places, size], or [size] where there is one place. */
  readonly weight: Float32Array;
  /** [steps, size] */
  readonly mask?: Float32Array;
}

/**
 * Where the lags of each sequence begin: at the last step that is answered, where every step is, else at the last step there is; of a
 * state that runs backwards at the first. Where every step is answered, only that one keeps its weight, so that what is measured is how
 * far back one answer reaches.
 */
export function chooseOrigins(spec: ModelSpec, { size, steps, weight, mask }: LagBatch, reverse: boolean): number[] {
  const answersSteps = spec.pooling === 'every' && spec.target !== 'symbols' && spec.target !== 'tokens';
  return Array.from({ length: size }, (_, item) => {
    const counts = (step: number) =>
      (mask?.[step * size + item] ?? 1) > 0 && (!answersSteps || (weight[step * size + item] ?? 0) > 0);
    const order = Array.from({ length: steps }, (_, step) => (reverse ? step : steps - 1 - step));
    const origin = order.find(counts) ?? (reverse ? 0 : steps - 1);
    if (answersSteps) {
      for (let step = 0; step < steps; step++) if (step !== origin) weight[step * size + item] = 0;
    }
    return origin;
  });
}

/**
 * The root mean square over the sequences of a batch of a state's norms [steps, size], by how many of the layer's steps lie between them
 * and the origin. Each sequence counts with the gradient of its own loss, of which the batch's is the mean. What the loss cannot depend
 * on, because the layer reads on after the origin, is left out at the beginning.
 */
export function lagNorms(
  { steps, every, reverse }: Pick<LagState, 'steps' | 'every' | 'reverse'>,
  norms: ArrayLike<number>,
  origins: readonly number[],
): number[] {
  const size = origins.length;
  const lags = Array.from({ length: steps }, () => ({ squares: 0, count: 0 }));
  for (const [item, origin] of origins.entries()) {
    // Step i of a layer is made of steps i · every to (i + 1) · every - 1 of the model and read at the last of them.
    const last = reverse ? Math.ceil((origin + 1) / every) - 1 : Math.floor((origin + 1) / every) - 1;
    for (let step = 0; step < steps; step++) {
      const lag = lags[reverse ? step - last : last - step];
      if (lag === undefined) continue;
      lag.squares += (size * (norms[step * size + item] ?? 0)) ** 2;
      lag.count += 1;
    }
  }
  const known = lags.flatMap(({ squares, count }) => (count === 0 ? [] : [Math.sqrt(squares / count)]));
  const first = known.findIndex((norm) => norm !== 0);
  return first < 0 ? [] : known.slice(first);
}
