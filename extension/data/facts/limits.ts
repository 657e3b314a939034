/** What keeps the facts of any file so small that a page can show them. */
export const factLimits = {
  /** Columns that are described, and columns of the preview. */
  columns: 500,
  previewColumns: 50,
  headRows: 20,
  tailRows: 10,
  /** Characters of a value or a name. */
  text: 200,
  /** Stretches of rows that a line is drawn from, for one column and for all of them. */
  stretches: 1000,
  allStretches: 100_000,
  fewestStretches: 200,
  /** A table with so many rows or fewer is drawn row by row. */
  drawnRows: 2000,
  missingBuckets: 200,
  bins: 40,
  /** Of a text column so many rows are counted, and so many of its values named. */
  countedRows: 1_000_000,
  topValues: 20,
  topClasses: 50,
  /** Autocorrelation: lags of a column, its rows, and values of all columns. */
  lags: 200,
  lagRows: 20_000,
  lagValues: 1_000_000,
  /** Quartiles are exact up to so many values, estimated beyond. */
  exactValues: 1_000_000,
  /** So many columns are asked about in one query, where the rows are held in memory and where the file is read. */
  columnsAtOnce: { held: 16, read: 128 },
  /** A text file of so many bytes is read into memory once; a larger one is read again for every question. */
  heldBytes: 256 * 1024 * 1024,
  /** Characters that a vocabulary is counted from, and different words that are told apart. */
  vocabularyCharacters: 50_000_000,
  differentWords: 1_000_000,
  topTokens: 40,
  rarestTokens: 20,
  /** Of a folder so many files are looked into, of so many bytes together: texts, and sounds, which take longer. */
  folderFiles: 5000,
  folderBytes: { texts: 64 * 1024 * 1024, sounds: 32 * 1024 * 1024 },
  /** A single file of a folder that has more bytes is not looked into. */
  fileBytes: 256 * 1024 * 1024,
  oddFiles: 50,
  repeats: 20,
  soundForms: 20,
  /** Sounds that a picture is offered of, and the stretches and steps of one. */
  soundNames: 200,
  soundStretches: 1000,
  soundSteps: 400,
  /** Series that are drawn as they are read, the stretches of each, and its gaps. */
  drawnSeries: 40,
  seriesStretches: 400,
  drawnCuts: 100,
  /** Series of more values together are too long to be read for a drawing. */
  readValues: 20_000_000,
  /** Rows are put in the order of time up to so many; a longer table is drawn in the order of the file. */
  sortedRows: 2_000_000,
} as const;

/** A text that is no longer than a line of a page. */
export const shortened = (text: string): string =>
  text.length <= factLimits.text ? text : `${text.slice(0, factLimits.text - 1)}…`;
