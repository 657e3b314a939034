import type { ClassResults } from '../../extension/protocol/results';
import { t } from '../l10n';

/** In which order classes stand. */
export type ClassOrder = 'name' | 'frequent' | 'confused';

/** The rows of `results` in an order; the others, where there are any, last. */
export function orderedRows({ names, confusion, perClass }: ClassResults, order: ClassOrder): readonly number[] {
  const rows = Array.from(names.keys());
  const support = (row: number) => perClass[row]?.support ?? 0;
  const wrong = (row: number) => support(row) - (confusion[row]?.[row] ?? 0);
  const size = order === 'frequent' ? support : wrong;
  if (order !== 'name') rows.sort((a, b) => size(b) - size(a) || a - b);
  return confusion.length > names.length ? [...rows, names.length] : rows;
}

/** What the class of a row is called. */
export const rowName = ({ names, others }: ClassResults, row: number): string =>
  names[row] ?? t('{0} other classes', others);
