import type { Ailment } from './ailment';
import { declaredShape } from './declaredShape';
import { disguise } from './disguise';
import { externalData } from './externalData';
import { fixedShape } from './fixedShape';
import { frozenAxis } from './frozenAxis';
import { gruReset } from './gruReset';
import { initialState } from './initialState';
import { layout } from './layout';
import { mixedPrecision } from './mixedPrecision';
import { noKernel } from './noKernel';
import { projection } from './projection';

/** Everything that is looked for, in the order in which it is told and repaired. */
export const ailments: readonly Ailment[] = [
  externalData,
  layout,
  gruReset,
  noKernel,
  projection,
  declaredShape,
  fixedShape,
  frozenAxis,
  disguise,
  initialState,
  mixedPrecision,
];
