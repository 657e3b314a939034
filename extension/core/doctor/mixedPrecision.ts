import { message } from '../../protocol/messages';
import { sizeOf } from '../tensor';
import type { Ailment } from './ailment';

/** Weights of more than one type of float. */
export const mixedPrecision: Ailment = {
  code: 'mixedPrecision',
  isFault: false,
  keepsNumbers: true,
  find: ({ graph }) => {
    const counts = new Map<string, number>();
    for (const { type } of graph.initializers) {
      if (!type.dtype.startsWith('float') || type.shape === null || type.shape.length === 0) continue;
      counts.set(type.dtype, (counts.get(type.dtype) ?? 0) + sizeOf(type.shape.map(Number)));
    }
    if (counts.size < 2) return [];
    const found = [...counts].map(([dtype, count]) => `${dtype} ${count}`).join(', ');
    return [
      {
        node: null,
        what: message('The weights are of more than one precision: {0} numbers.', found),
        why: message('What is computed is as precise as the least of them; check that this was meant.'),
        repair: null,
      },
    ];
  },
};
