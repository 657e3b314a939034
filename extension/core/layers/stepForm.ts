import { recurrence, zeroState } from '../cells/recurrence';
import type { RecurrentWriter } from './context';

/** Writes recurrences step by step, for files: also those that training solves for all steps at once. */
export const stepForm: RecurrentWriter = (b, { cell, hidden, x, mask, directions, everyStep }) => {
  const written = directions.map(({ reverse, parameters, initial }) =>
    recurrence(b, {
      cell,
      hidden,
      x,
      reverse,
      parameters,
      initial: initial ?? cell.states.map(() => zeroState(b, x, hidden)),
      mask: reverse ? mask : null,
      signals: everyStep ? [cell.output] : [],
      form: 'step',
    }),
  );
  const handedOn = written.flatMap(({ signals }) => signals.get(cell.output) ?? []);
  return { steps: everyStep ? b.concat(handedOn, 1) : null, finals: written.map(({ finals }) => finals) };
};
