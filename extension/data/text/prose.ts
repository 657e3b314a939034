import { open } from 'node:fs/promises';
import { detectDialect } from '../table/dialect';
import { encodingOf } from '../table/encoding';
import { fileError, headText, statFile } from '../table/scan';

const headBytes = 1 << 16;
const linesLookedAt = 100;
/** A column of which so much is numbers makes a table. */
const mostlyNumbers = 0.9;

/** Whether a file is named as text and holds no table of numbers, so that its characters are what there is to learn. */
export async function isProse(file: string): Promise<boolean> {
  if (!/\.(txt|text|md)$/i.test(file)) return false;
  await statFile(file);
  const handle = await open(file, 'r').catch((error) => {
    throw fileError(file, error);
  });
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(headBytes), 0, headBytes, 0).catch((error) => {
      throw fileError(file, error);
    });
    const head = buffer.subarray(0, bytesRead);
    return !holdsNumbers(headText(head, encodingOf(head)));
  } finally {
    await handle.close();
  }
}

/** Whether most lines after the first have a number in the same column. */
function holdsNumbers(head: string): boolean {
  const { delimiter, skip } = detectDialect(head.replace(/^\uFEFF/, ''));
  const lines = head.split(/\r\n|\n|\r/).slice(skip + 1, skip + 1 + linesLookedAt);
  const rows = lines.filter((line) => line.trim() !== '').map((line) => line.split(delimiter));
  const columns = Math.max(0, ...rows.map((fields) => fields.length));
  return Array.from({ length: columns }, (_, column) => column).some(
    (column) => rows.filter((fields) => isNumber(fields[column])).length >= mostlyNumbers * rows.length,
  );
}

const isNumber = (field: string | undefined) =>
  field !== undefined && /^\s*"?[-+]?\d*[.,]?\d+([eE][-+]?\d+)?"?\s*$/.test(field);
