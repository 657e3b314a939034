import { type RecurrenceResult, recurrence, type StateChanges, zeroState } from '../../cells/recurrence';
import type { LayerParameters } from '../../cells/step';
import type { Builder } from '../../graph/builder';
import type { Value } from '../../graph/value';
import type { MatchedCell } from '../match/contract';
import type { Rolled } from './roll';
import { laidOut, sequenceOf } from './stack';

/**
 * Writes the cell of an unrolled recurrence for all steps, with every signal, from what its steps read: [steps, hidden, batch] each, in
 * the order of time. Null where what a step reads is not known for all steps at once.
 */
export function lowered(
  b: Builder,
  { step, sequences, order, reverse, repeated }: Rolled,
  matched: MatchedCell,
  changes: StateChanges = new Map(),
): RecurrenceResult | null {
  const { cell, hidden, stateAxes } = matched;
  if (matched.x.length === 0) return null;
  const read: Value[] = [];
  for (const input of matched.x) {
    const whole = sequenceOf(b, { sequences, nodes: step.nodes, order }, input);
    if (whole === null) return null;
    read.push(b.cast(whole, 'float32'));
  }
  const x = b.transpose(b.concat(read, 2), [0, 2, 1]);
  const zeros = () => zeroState(b, x, hidden);
  const parameters: LayerParameters = Object.fromEntries(
    Object.entries(matched.parameters).map(([name, tensor]) => [name, b.constant(tensor, name)]),
  );
  return recurrence(b, {
    cell,
    hidden,
    reverse,
    x,
    parameters,
    initial: matched.stateOrder.map((state) => {
      const term = repeated.initial?.[state];
      if (term === undefined) return zeros();
      const value = b.transpose(b.cast(laidOut(b, term, stateAxes), 'float32'), [1, 0]);
      // What begins all sequences alike is one column.
      return value.type.shape?.[1] === x.type.shape?.[2] ? value : b.add(value, zeros());
    }),
    signals: cell.signals.map(({ name }) => name),
    changes,
    form: 'step',
  });
}
