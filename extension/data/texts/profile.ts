import type { ColumnProfile, DataProfile } from '../../protocol/data';
import type { TextItems } from './items';

/** Texts of a folder as a table of two columns. */
export function profileOfItems({ file, fingerprint, texts, target }: TextItems): DataProfile {
  const columnOf = (name: string, codes: Int32Array): ColumnProfile => ({
    name,
    kind: 'text',
    missing: codes.filter((code) => code < 0).length,
    min: null,
    max: null,
  });
  const columns = [columnOf(texts.name, texts.codes), columnOf(target.name, target.codes)];
  return { path: file, rows: texts.codes.length, columns, fingerprint };
}
