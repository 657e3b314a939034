/** What a data panel remembers over a reload. `file` lets the host find the file again. */
export interface DataPageState extends Readonly<Record<string, string | number | boolean>> {
  readonly file: string;
  readonly section: string;
  /** The first column that is shown. */
  readonly first: number;
}

export const freshState: DataPageState = { file: '', section: '', first: 0 };
