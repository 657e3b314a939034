/** How a delimited text file is written, as far as its first lines tell. */
export interface Dialect {
  readonly delimiter: string;
  /** Lines before the table: of comment (`# …`), or one that names the delimiter (`sep=;`), as spreadsheets write. */
  readonly skip: number;
  /** Whether `"` around a field is no part of it. */
  readonly quotes: boolean;
}

/** In order of preference where two fit equally well. */
const delimiters = [',', '\t', ';', '|'];
const linesLookedAt = 100;

/** Reads the dialect off the beginning of a file. A file of one column has no delimiter; a comma is then as good as any. */
export function detectDialect(head: string): Dialect {
  const lines = head.split(/\r\n|\n|\r/);
  // The last line may be cut off.
  if (lines.length > 1) lines.pop();
  let skip = 0;
  while (lines[skip]?.startsWith('#')) skip++;
  const named = /^"?sep=(.)"?\s*$/i.exec(lines[skip] ?? '')?.[1];
  if (named !== undefined) return { delimiter: named, skip: skip + 1, quotes: true };
  const table = lines.slice(skip, skip + linesLookedAt).filter((line) => line.trim() !== '');
  return { delimiter: detectDelimiter(table), skip, quotes: true };
}

/** The delimiter that cuts most lines into as many fields as it cuts the first line into. */
function detectDelimiter(table: readonly string[]): string {
  let best = ',';
  let bestScore = 0;
  for (const delimiter of delimiters) {
    const counts = table.map((line) => outsideQuotes(line).split(delimiter).length);
    const first = counts[0] ?? 1;
    if (first < 2) continue;
    const score = counts.filter((count) => count === first).length;
    if (score > bestScore) {
      best = delimiter;
      bestScore = score;
    }
  }
  return best;
}

function outsideQuotes(line: string): string {
  return line.replace(/"(?:[^"]|"")*"/g, '');
}
