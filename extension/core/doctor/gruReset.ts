import type { Node } from '../graph/graph';
import type { Model } from '../onnx/read';
import { intOf } from '../ops/arguments';

/**
 * Whether a GRU resets its state before the product in a file of PyTorch, whose GRU resets after it (`torch.nn.GRU`: n = tanh(W x + b +
 * r ⊙ (R h + b))): an exporter that leaves out `linear_before_reset` writes another cell than the one that was trained.
 */
export function hasWrongReset({ proto }: Model, node: Node): boolean {
  const isGru = node.domain === '' && node.op === 'GRU';
  return isGru && proto.producerName === 'pytorch' && intOf(node.attributes, 'linear_before_reset', 0) === 0;
}
