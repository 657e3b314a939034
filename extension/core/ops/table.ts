import { UnrollError } from '../../protocol/errors';
import { elementwiseOperators } from './elementwise';
import { linearOperators } from './linear';
import type { Operator } from './operator';
import { recurrentOperators } from './recurrent';
import { reductionOperators } from './reduction';
import { scanOperator } from './scan';
import { shapingOperators } from './shaping';

let table: ReadonlyMap<string, Operator> | null = null;

/** Every operator that we know, by name. Made on first use, because some rules use the table themselves. */
export function operators(): ReadonlyMap<string, Operator> {
  table ??= new Map(
    [
      ...elementwiseOperators,
      ...linearOperators,
      ...shapingOperators,
      ...reductionOperators,
      ...recurrentOperators,
      scanOperator,
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
