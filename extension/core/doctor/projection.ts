import { message } from '../../protocol/messages';
import type { Ailment } from './ailment';
import { operatorsOf } from './operators';

/**
 * An LSTM whose hidden state is a projection of its cell state (`proj_size` of `torch.nn.LSTM`; Sak, Senior, Beaufays 2014), which the
 * operator does not have: the exporter takes the projected size for the number of units and leaves the projection's weights out.
 */
export const projection: Ailment = {
  code: 'projection',
  isFault: true,
  keepsNumbers: false,
  isFinal: true,
  find: (model) =>
    operatorsOf(model).flatMap((node) => {
      const [h, c] = [node.inputs[5], node.inputs[6]].map((value) => value?.type.shape?.[2]);
      const hidden = node.inputs[2]?.type.shape?.[2];
      const units = [h, c].find((size) => typeof size === 'number' && typeof hidden === 'number' && size !== hidden);
      if (node.op !== 'LSTM' || units === undefined) return [];
      return [
        {
          node: node.name,
          what: message(
            'The LSTM node "{0}" has hidden states of {1} numbers but a state of {2}: it was trained with a projection (proj_size).',
            node.name,
            hidden ?? 0,
            units,
          ),
          why: message(
            'The LSTM operator has no projection and the exporter left its weights out, so this file cannot run; write the cell out as a module of your own and export that.',
          ),
          repair: null,
        },
      ];
    }),
};
