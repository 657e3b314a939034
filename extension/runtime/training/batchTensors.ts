import type { Tensor as OrtTensor } from 'onnxruntime-node';
import { type BatchFeeds, batchFeeds, type Feed, presentFeeds } from '../../core/model/feeds';
import type { ModelSpec } from '../../core/model/spec';
import { sizeOf } from '../../core/tensor';
import { type Batch, newBatch } from '../../data/batch';
import { UnrollError } from '../../protocol/errors';
import { toOrt, type Values } from '../session/session';

type Numbers = Float32Array | Int32Array;

/** The buffers of a batch of whole sequences, and the tensors through which a graph reads them, stretch by stretch. */
export interface BatchTensors {
  readonly batch: Batch;
  /** Feeds of each stretch. They share the batch's memory: steps come first in it, so a stretch is a part of it. */
  readonly stretches: readonly Values[];
  /** To be called after the batch was filled: the last stretch may be longer than what is left of the sequences. */
  settle(): void;
}

/**
 * Makes the buffers for `size` sequences of `whole` and feeds for graphs of `part`, which is the same model over fewer steps, or the
 * same. What the last stretch has too much is zero, with weight zero.
 */
export async function newBatchTensors(whole: ModelSpec, part: ModelSpec, size: number): Promise<BatchTensors> {
  const layout = batchFeeds(whole, size);
  const batch = newBatch(layout);
  const count = Math.ceil(whole.steps / part.steps);
  const tails: { readonly into: Numbers; readonly from: Numbers }[] = [];
  const stretches: Values[] = [];
  for (let stretch = 0; stretch < count; stretch++) {
    const feeds: Record<string, OrtTensor> = {};
    for (const { name, dtype, shape } of presentFeeds(batchFeeds(part, size))) {
      const all = bufferOf(batch, name);
      const length = sizeOf(shape);
      const from = stretch * length;
      let data = all.subarray(from, from + length);
      if (data.length < length) {
        const padded = all instanceof Int32Array ? new Int32Array(length) : new Float32Array(length);
        tails.push({ into: padded, from: data });
        data = padded;
      }
      feeds[name] = await toOrt({ dtype, shape, data });
    }
    stretches.push(feeds);
  }
  return {
    batch,
    stretches,
    settle() {
      for (const { into, from } of tails) into.set(from);
    },
  };
}

function bufferOf(batch: Batch, name: Feed['name']): Numbers {
  const buffer = batch[name as keyof BatchFeeds];
  if (buffer === undefined) throw new UnrollError('internal', 'A batch has no "{0}".', name);
  return buffer;
}
