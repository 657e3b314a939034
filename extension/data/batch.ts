import type { BatchFeeds, Feed } from '../core/model/feeds';
import { sizeOf } from '../core/tensor';

/** Buffers for the feeds of a batch (see `core/model/feeds.ts`), by their names. The caller owns them and may fill them again and again. */
export interface Batch {
  readonly x: Float32Array | Int32Array;
  readonly y: Float32Array | Int32Array;
  readonly weight: Float32Array;
  /** Only where sequences differ in length. */
  readonly mask?: Float32Array;
}

/** Buffers for batches of this layout, of 32-bit floats and integers. */
export function newBatch({ x, y, weight, mask }: BatchFeeds): Batch {
  return {
    x: bufferOf(x),
    y: bufferOf(y),
    weight: new Float32Array(sizeOf(weight.shape)),
    ...(mask === null ? {} : { mask: new Float32Array(sizeOf(mask.shape)) }),
  };
}

const bufferOf = ({ dtype, shape }: Feed) =>
  dtype === 'int32' ? new Int32Array(sizeOf(shape)) : new Float32Array(sizeOf(shape));
