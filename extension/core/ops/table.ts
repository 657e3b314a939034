import { UnrollError } from '../../protocol/errors';
import { activationOperators } from './activations';
import { arithmeticOperators } from './arithmetic';
import { boundOperators } from './bounds';
import { comparisonOperators } from './comparison';
import { convolution } from './convolution';
import { cumSum } from './cumulative';
import { dropout } from './dropout';
import { einsum } from './einsum';
import { gatherOperators } from './gather';
import { linearOperators } from './linear';
import { batchNormalization, layerNormalization } from './normalization';
import type { Operator } from './operator';
import { pad } from './padding';
import { recurrentOperators } from './recurrent';
import { reductionOperators } from './reduction';
import { reverseSequence } from './reversal';
import { scanOperator } from './scan';
import { shapingOperators } from './shaping';
import { softmaxOperators } from './softmax';
import { tile } from './tiling';
import { topK } from './topK';

let table: ReadonlyMap<string, Operator> | null = null;

/** Every operator that we know, by name. Made on first use, because some rules use the table themselves. */
export function operators(): ReadonlyMap<string, Operator> {
  table ??= new Map(
    [
      ...arithmeticOperators,
      ...activationOperators,
      ...boundOperators,
      ...comparisonOperators,
      ...linearOperators,
      ...shapingOperators,
      ...reductionOperators,
      ...softmaxOperators,
      ...gatherOperators,
      ...recurrentOperators,
      scanOperator,
      convolution,
      layerNormalization,
      batchNormalization,
      dropout,
      einsum,
      reverseSequence,
      tile,
      topK,
      cumSum,
      pad,
    ].map((entry) => [entry.name, entry]),
  );
  return table;
}

/** The operator of this name; throws when there is none. */
export function operator(name: string): Operator {
  const entry = operators().get(name);
  if (entry === undefined)
    throw new UnrollError('model', 'The operator {0} has no rule, so nothing can be derived from it.', name);
  return entry;
}

/** The entry of an operator; null where there is none. */
export const operatorOrNull = (name: string): Operator | null => operators().get(name) ?? null;
