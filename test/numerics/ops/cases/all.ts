import { activations } from './activations';
import { arithmetic } from './arithmetic';
import type { Cases } from './cases';
import { linear } from './linear';
import { recurrent } from './recurrent';
import { reduction } from './reduction';
import { selection } from './selection';
import { shaping } from './shaping';

/** At least one function for every operator of the table; broadcasting and every branch of a rule have one of their own. */
export const allCases: Cases = {
  ...arithmetic,
  ...activations,
  ...linear,
  ...shaping,
  ...reduction,
  ...selection,
  ...recurrent,
};
