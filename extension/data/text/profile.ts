import { characterTarget, type DataProfile } from '../../protocol/data';
import type { Characters } from './characters';

/** A text as a table of one column, with a character in each row. */
export function profileOfText({ file, fingerprint, numbers }: Characters): DataProfile {
  const column = { name: characterTarget, kind: 'text', missing: 0, min: null, max: null } as const;
  return { path: file, rows: numbers.length, columns: [column], fingerprint };
}
