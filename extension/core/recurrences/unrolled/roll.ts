import { UnrollError } from '../../../protocol/errors';
import type { MatchedCell } from '../match/contract';
import { matchCells } from '../match/matchCells';
import type { Constants } from '../numeric/constants';
import { type RolledStep, rolledStep } from './stepGraph';
import type { Repeated } from './steps';
import type { Term } from './terms';

/** A recurrence whose steps were found, with what they compute. */
export interface Rolled extends RolledStep {
  readonly repeated: Repeated;
  /** The cell that a step is; null where it is none that is known. */
  readonly cell: MatchedCell | null;
  readonly reverse: boolean;
  /** The step of each place in time. */
  readonly order: readonly number[];
}

/**
 * Says what repeated steps compute, in the order of the graph. What is repeated and neither reads anything at its steps nor is a known
 * cell goes in no direction of time: layers of equal weights one on the other.
 */
export function rollAll(found: readonly Repeated[], constants: Constants): readonly Rolled[] {
  const owners = new Map(found.flatMap((repeated) => termsOf(repeated).map((term) => [term, repeated] as const)));
  // When each state of a recurrence below is from.
  const times = new Map<Term, number>();
  return found.flatMap((repeated) => {
    const rolled = attempt(() => roll(repeated, owners, constants, times));
    if (rolled === null || (rolled.cell === null && rolled.sequences.length === 0)) return [];
    rolled.order.forEach((step, time) => {
      for (const term of repeated.pattern.after) {
        const state = repeated.steps[step]?.get(term);
        if (state !== undefined) times.set(state, time);
      }
    });
    return [rolled];
  });
}

/** Null where a file says of its values what cannot be: such a model does not run, and what else there is of it is shown. */
function attempt<T>(work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (error instanceof UnrollError) return null;
    throw error;
  }
}

/** The terms of all steps. */
export const termsOf = ({ pattern, steps }: Repeated): readonly Term[] =>
  steps.flatMap((images) => pattern.inside.flatMap((term) => images.get(term) ?? []));

function roll(
  repeated: Repeated,
  owners: ReadonlyMap<Term, Repeated>,
  constants: Constants,
  times: ReadonlyMap<Term, number>,
): Rolled {
  const isOthers = (term: Term) => (owners.get(term) ?? repeated) !== repeated;
  const rolled = rolledStep(repeated, isOthers, constants);
  const cells = matchCells(rolled.step);
  // A step that holds more than one cell is none.
  const cell = cells.length === 1 && cells[0]?.stateOrder.length === repeated.pattern.after.length ? cells[0] : null;
  const reverse = rolled.sequences.some(({ from }) => {
    const places = from.kind === 'axis' ? from.places : from.terms.map((term) => times.get(term) ?? 0);
    return (places[0] ?? 0) > (places.at(-1) ?? 0);
  });
  const order = repeated.steps.map((_, i) => (reverse ? repeated.steps.length - 1 - i : i));
  return { ...rolled, repeated, cell, reverse, order };
}
