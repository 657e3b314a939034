import type { StateChange, StateChanges } from '../cells/recurrence';
import type { FloatType } from '../tensor';

/** One state of one layer, about to be changed. */
export interface ChangedState {
  /** Its layer's place among those of the recurrence, or of the trace. */
  readonly layer: number;
  readonly state: string;
  readonly dtype: FloatType;
}

/** What becomes of a state after each step; null for one that is left alone. Asked once for every state of every layer. */
export type Change = (state: ChangedState) => StateChange | null;

/** The changes of some states by their names. */
export function changesOf(
  change: Change | undefined,
  states: readonly string[],
  of: Omit<ChangedState, 'state'>,
): StateChanges {
  return new Map(
    states.flatMap((state) => {
      const wanted = change?.({ ...of, state }) ?? null;
      return wanted === null ? [] : [[state, wanted] as const];
    }),
  );
}
