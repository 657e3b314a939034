import type { Node } from '../graph/graph';
import { intOf, intsOf } from '../ops/arguments';
import type { RecurrenceRead } from './recurrence';

/** What a Scan reads: the states that it begins with, and what it reads a slice of at every step. */
export function scanReads({ inputs, attributes }: Node): readonly RecurrenceRead[] {
  const states = inputs.length - intOf(attributes, 'num_scan_inputs', 0);
  const axes = intsOf(attributes, 'scan_input_axes');
  return inputs.flatMap((value, i): RecurrenceRead[] => {
    if (value === null) return [];
    if (i < states) return [{ value, kind: 'state', steps: null, batch: null }];
    return [{ value, kind: 'values', steps: axes?.[i - states] ?? 0, batch: null }];
  });
}
