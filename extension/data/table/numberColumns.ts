import { UnrollError } from '../../protocol/errors';
import { withTable } from './table';

/**
 * The first `count` columns of a file that hold numbers, in the file's order: what a model reads of which nothing else is known.
 * @throws UnrollError `data` where there are fewer.
 */
export function firstNumberColumns(file: string, count: number): Promise<readonly string[]> {
  return withTable(file, async ({ columns }) => {
    const names = columns.filter(({ kind }) => kind === 'number').map(({ name }) => name);
    if (names.length >= count) return names.slice(0, count);
    throw new UnrollError(
      'data',
      '{0} has {1} columns of numbers and the model reads {2} numbers a step; choose a file with as many.',
      file,
      names.length,
      count,
    );
  });
}
