import type { DuckDBConnection } from '@duckdb/node-api';
import { type Message, message } from '../../protocol/messages';
import { query, type RawColumn } from './database';

/** So many renamed columns are named. */
const mostNamed = 5;

/**
 * What is to be said of a header in which names are empty or stand twice: such columns have other names in the table. `headerless`
 * is SQL of the rows with the header as the first of them.
 */
export async function notesOnHeader(
  columns: readonly RawColumn[],
  headerless: string,
  connection: DuckDBConnection,
): Promise<Message[]> {
  const list = columns.map((_, i) => `#${i + 1} AS h${i}`).join(', ');
  const [row] = await query(connection, `SELECT ${list} FROM ${headerless} LIMIT 1`);
  const renamed = columns.flatMap(({ name }, i) => {
    const written = row?.[`h${i}`];
    const was = typeof written === 'string' ? written.trim() : '';
    return was === name ? [] : [{ was, name }];
  });
  const empty = renamed.filter(({ was }) => was === '').map(({ name }) => name);
  const repeated = renamed.filter(({ was }) => was !== '');
  const notes: Message[] = [];
  if (empty.length > 0) {
    notes.push(message('{0} columns have no name in the header and are called {1}.', empty.length, listed(empty)));
  }
  if (repeated.length > 0) {
    const names = repeated.map(({ was, name }) => `${was} → ${name}`);
    notes.push(
      message('{0} columns have a name that another column has too and are renamed: {1}.', names.length, listed(names)),
    );
  }
  return notes;
}

/** What is to be said of a table whose first line is a row. */
export const noteOnNoHeader = (columns: readonly RawColumn[]): Message =>
  message(
    'The first line holds values and no names, so the columns are called {0}.',
    listed(columns.map(({ name }) => name)),
  );

const listed = (names: readonly string[]) =>
  names.slice(0, mostNamed).join(', ') + (names.length > mostNamed ? ', …' : '');
