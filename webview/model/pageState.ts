/** What the editor of a model remembers over a reload. */
export interface ModelPageState extends Readonly<Record<string, string | number | boolean>> {
  readonly section: string;
  readonly input: string;
  readonly seed: number;
  readonly steps: number;
  readonly batch: number;
  readonly step: number;
  /** The open blocks below the pictures: see `trace/blocks.ts`. */
  readonly blocks: string;
  /** What is open in the diagram, as JSON. */
  readonly opened: string;
}

export const freshState: ModelPageState = {
  section: '',
  input: 'noise',
  seed: 1,
  steps: 20,
  batch: 1,
  step: 0,
  blocks: 'cell',
  opened: '[]',
};
