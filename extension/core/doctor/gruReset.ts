import { message } from '../../protocol/messages';
import { int } from '../graph/builder';
import { intOf } from '../ops/arguments';
import type { Ailment } from './ailment';
import { placedOperators } from './operators';

/**
 * A GRU that resets its state before the product in a file of PyTorch, whose GRU resets after it (`torch.nn.GRU`: n = tanh(W x + b +
 * r ⊙ (R h + b))): an exporter that leaves out `linear_before_reset` writes another cell than the one that was trained.
 */
export const gruReset: Ailment = {
  code: 'gruReset',
  isFault: true,
  keepsNumbers: false,
  find: (model) => {
    if (model.proto.producerName !== 'pytorch') return [];
    return placedOperators(model).flatMap(({ node, graph, changed }) => {
      if (node.op !== 'GRU' || intOf(node.attributes, 'linear_before_reset', 0) !== 0) return [];
      return [
        {
          node: node.name,
          what: message(
            'The GRU node "{0}" resets the state before its product, but PyTorch resets after it.',
            node.name,
          ),
          why: message('The exporter left out linear_before_reset=1, so the file does not compute what was trained.'),
          repair: () => {
            const right = { ...node, attributes: { ...node.attributes, linear_before_reset: int(1) } };
            graph.nodes[graph.nodes.indexOf(node)] = right;
            changed();
          },
        },
      ];
    });
  },
};
