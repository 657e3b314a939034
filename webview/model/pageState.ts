/** What the editor of a model remembers over a reload. */
export interface ModelPageState extends Readonly<Record<string, string | number | boolean>> {
  readonly section: string;
  readonly input: string;
  readonly seed: number;
  readonly steps: number;
  readonly batch: number;
  readonly step: number;
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
  opened: '[]',
};
