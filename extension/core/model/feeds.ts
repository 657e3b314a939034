import type { DType, FloatType } from '../tensor';
import type { ModelSpec } from './spec';

/** A tensor that is given to a graph anew at every run. */
export interface Feed {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
}

/** The feeds of a batch, row-major, the batch last. */
export interface BatchFeeds {
  /** Values [steps, features, batch], scaled, or int32 tokens [steps, batch]. */
  readonly x: Feed;
  /**
   * What is to be answered: values [targets, batch], classes int32 [batch], each with a steps' axis in front where every step is
   * answered; symbols int32 [longest, batch], padded with -1; tokens int32 [longest, batch].
   */
  readonly y: Feed;
  /** 1 for an answer that counts, 0 for padding: [batch], or [places, batch] where there are several (see {@link answeredPlaces}). */
  readonly weight: Feed;
  /** 1 for a step, 0 for padding, [steps, batch]; null where sequences are equally long. */
  readonly mask: Feed | null;
}

type Shaped = Pick<ModelSpec, 'steps' | 'input' | 'targets' | 'longest' | 'masked' | 'target' | 'pooling'>;

/** The axis of the places that are answered: every step where the head reads every step, every token of a translation. */
export function answeredPlaces({ target, pooling, steps, longest }: Shaped): readonly number[] {
  if (target === 'tokens') return [longest];
  return pooling === 'every' ? [steps] : [];
}

/** What a batch of sequences feeds to a model. */
export function batchFeeds(spec: Shaped, batch: number, float: FloatType = 'float32'): BatchFeeds {
  const { steps, input, targets, longest, masked, target } = spec;
  const places = answeredPlaces(spec);
  const answers: Readonly<Record<ModelSpec['target'], Omit<Feed, 'name'>>> = {
    values: { dtype: float, shape: [...places, targets, batch] },
    classes: { dtype: 'int32', shape: [...places, batch] },
    symbols: { dtype: 'int32', shape: [longest, batch] },
    tokens: { dtype: 'int32', shape: [longest, batch] },
  };
  return {
    x: {
      name: 'x',
      ...(input.kind === 'values'
        ? { dtype: float, shape: [steps, input.features, batch] }
        : { dtype: 'int32', shape: [steps, batch] }),
    },
    y: { name: 'y', ...answers[target] },
    weight: { name: 'weight', dtype: float, shape: [...places, batch] },
    mask: masked ? { name: 'mask', dtype: float, shape: [steps, batch] } : null,
  };
}

/** The feeds that are there. */
export const presentFeeds = ({ x, y, weight, mask }: BatchFeeds): readonly Feed[] => [
  x,
  y,
  weight,
  ...(mask === null ? [] : [mask]),
];
