import { UnrollError } from '../../protocol/errors';

// Files that are often named as tables and are none, by how they begin.

const startsWith = (head: Buffer, bytes: readonly number[]) => bytes.every((byte, i) => head[i] === byte);

/** The error for a file that is certainly no table of text, with what it is; null where it may be one. */
export function mistakenFor(file: string, head: Buffer): UnrollError | null {
  const text = head.subarray(0, 256).toString('latin1');
  if (text.startsWith('version https://git-lfs.github.com/spec/')) {
    return new UnrollError(
      'data',
      '{0} is not the data but a Git LFS pointer to it; fetch the file itself with "git lfs pull".',
      file,
    );
  }
  if (/^(\xef\xbb\xbf)?\s*<(!doctype|html|\?xml)/i.test(text)) {
    return new UnrollError(
      'data',
      '{0} is a web page or XML, no table; download the data file itself, not the page that shows it.',
      file,
    );
  }
  // "PK" and the four bytes that Excel's older files begin with.
  if (startsWith(head, [0x50, 0x4b, 3, 4]) || startsWith(head, [0xd0, 0xcf, 0x11, 0xe0])) {
    return new UnrollError(
      'data',
      '{0} is a spreadsheet or a ZIP archive, whatever its name says; save the sheet as CSV, or unpack the archive.',
      file,
    );
  }
  if (startsWith(head, [0x1f, 0x8b]) || text.startsWith('BZh') || startsWith(head, [0x28, 0xb5, 0x2f, 0xfd])) {
    return new UnrollError('data', '{0} is compressed, whatever its name says; unpack it first.', file);
  }
  if (text.startsWith('PAR1')) {
    return new UnrollError(
      'data',
      '{0} is a Parquet file, whatever its name says; rename it to end in .parquet.',
      file,
    );
  }
  if (text.startsWith('%PDF-')) {
    return new UnrollError('data', '{0} is a PDF, no table; export the table in it as CSV.', file);
  }
  return null;
}

/** The error for JSON under the name of a table; null where lines are no objects of JSON. */
export function jsonFor(file: string, head: string): UnrollError | null {
  const [first = ''] = head.trimStart().split(/\r\n|\n|\r/);
  if (!/^\s*(\[\s*)?(\{\s*("|\}|$)|\[\s*$)/.test(first)) return null;
  return new UnrollError(
    'data',
    '{0} holds JSON; write one object a line and name the file .jsonl, or save it as CSV.',
    file,
  );
}
