import { writeStepForm } from '../cells/stepForm';
import { at } from '../ops/arguments';
import type { RecurrentWriter } from './context';

/** Writes recurrences step by step, for files: also those that training solves for all steps at once. */
export const stepForm: RecurrentWriter = (b, { cell, hidden, x, mask, directions, everyStep }) => {
  const written = directions.map(({ name, reverse, parameters, initial }) =>
    writeStepForm(b, name, {
      cell,
      hidden,
      x,
      reverse,
      parameters,
      initial,
      mask,
    }),
  );
  const handedOn = written.map(({ signals }) => at([...signals.values()], 0));
  return {
    steps: everyStep ? b.concat(handedOn, 1) : null,
    finals: written.map(({ finals }) => finals),
    endsBeforePadding: true,
  };
};
