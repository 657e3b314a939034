import { batchFeeds } from '../../extension/core/model/feeds';
import { readsEveryStep, taskRules } from '../../extension/core/model/task';
import { type Batch, newBatch } from '../../extension/data/batch';
import type { PreparedData } from '../../extension/data/prepared';
import type { Part } from '../../extension/protocol/data';
import type { Pooling } from '../../extension/protocol/experiment';

/** Buffers for `size` sequences of some data. */
export function batchFor({ task, shape }: PreparedData, size: number, pooling: Pooling = 'last'): Batch {
  const every = readsEveryStep({ task, model: { pooling } });
  return newBatch(batchFeeds({ ...shape, target: taskRules[task].target, pooling: every ? 'every' : pooling }, size));
}

/** Some sequences of a part, in buffers of their own. */
export function filled(
  data: PreparedData,
  part: Part,
  indices: readonly number[],
  size = indices.length,
  pooling?: Pooling,
) {
  const batch = batchFor(data, size, pooling);
  data.fill(part, indices, size, batch);
  return batch;
}
