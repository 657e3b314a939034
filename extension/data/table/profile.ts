import type { ColumnProfile, DataProfile } from '../../protocol/data';
import { UnrollError } from '../../protocol/errors';
import { readCharacters } from '../text/characters';
import { profileOfText } from '../text/profile';
import { isProse } from '../text/prose';
import { query } from './database';
import { type Table, withTable } from './table';

export { fingerprintOf } from './scan';

/**
 * What a table or a text holds. `file` is an absolute path.
 * @throws UnrollError `data` where the file is neither, or has no rows.
 */
export async function profileTable(file: string): Promise<DataProfile> {
  return (await isProse(file)) ? profileOfText(await readCharacters(file)) : withTable(file, profileOf);
}

/** What a table holds that is open. */
export async function profileOf({ file, scan, columns, source, connection }: Table): Promise<DataProfile> {
  const each = columns.map(({ raw, number }, i) => {
    const value = number ?? raw;
    const range = number === null ? '' : `, min(${number}) AS min${i}, max(${number}) AS max${i}`;
    return `count(${value}) AS present${i}${range}`;
  });
  const [answer] = await query(connection, `SELECT count(*) AS total, ${each.join(', ')} FROM ${source}`);
  const { total } = answer ?? {};
  const rows = Number(total ?? 0);
  if (rows === 0) {
    throw new UnrollError('data', '{0} has a header and no rows; choose a file with at least one row of values.', file);
  }
  const profiles = columns.map(
    ({ name, kind }, i): ColumnProfile => ({
      name,
      kind,
      missing: rows - Number(answer?.[`present${i}`] ?? 0),
      min: numberOrNull(answer?.[`min${i}`]),
      max: numberOrNull(answer?.[`max${i}`]),
    }),
  );
  return { path: file, rows, columns: profiles, fingerprint: scan.fingerprint };
}

function numberOrNull(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
