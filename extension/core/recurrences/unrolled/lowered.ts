import { zeroState } from '../../cells/recurrence';
import type { Builder } from '../../graph/builder';
import type { Value } from '../../graph/value';
import type { MatchedCell } from '../match/contract';
import type { CellRun } from '../tracedCell';
import type { Rolled } from './roll';
import { laidOut, sequenceOf } from './stack';

/**
 * The cell of an unrolled recurrence with what its steps read, in the order of time. Null where that is not known for all steps at once.
 */
export function runOf(b: Builder, name: string, rolled: Rolled, matched: MatchedCell): CellRun | null {
  const { step, sequences, order, reverse, repeated } = rolled;
  const { hidden, stateAxes } = matched;
  const x: Value[] = [];
  for (const input of matched.x) {
    const whole = sequenceOf(b, { sequences, nodes: step.nodes, order }, input);
    if (whole === null) return null;
    x.push(b.cast(whole, 'float32'));
  }
  const [first] = x;
  if (first === undefined || x.some(({ type }) => type.shape?.length !== 3)) return null;
  const zeros = () => b.transpose(zeroState(b, first, hidden, 1), [1, 0]);
  const initial = matched.stateOrder.map((state) => {
    const term = repeated.initial?.[state];
    if (term === undefined) return zeros();
    const value = b.cast(laidOut(b, term, stateAxes), 'float32');
    // What begins all sequences alike is one row.
    return value.type.shape?.[0] === first.type.shape?.[1] ? value : b.add(value, zeros());
  });
  return { node: name, matched, x, initial, reverse };
}
