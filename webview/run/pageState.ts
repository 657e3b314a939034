/** What a run panel remembers over a reload. `run` lets the host find the run again. */
export interface RunPageState extends Readonly<Record<string, string | number | boolean>> {
  readonly run: string;
  readonly section: string;
  readonly smoothing: number;
  readonly logX: boolean;
  readonly logY: boolean;
  readonly horizonStep: number;
  /** Which of several series is drawn; empty for the one that is forecast worst. */
  readonly series: string;
  /** Which of several targets is drawn; empty for the first. */
  readonly target: string;
  readonly hiddenSeries: string;
  readonly part: string;
  readonly window: number;
  readonly step: number;
  /** The open blocks below the pictures: see `trace/blocks.ts`. */
  readonly blocks: string;
  /** What is open in the diagram, as JSON. */
  readonly opened: string;
  /** What a language model was asked to write and wrote, as JSON. */
  readonly generated: string;
}

export const freshState: RunPageState = {
  run: '',
  section: '',
  smoothing: 0,
  logX: false,
  logY: true,
  horizonStep: 1,
  series: '',
  target: '',
  hiddenSeries: '',
  part: 'test',
  window: 0,
  step: 0,
  blocks: 'cell',
  opened: '[]',
  generated: '',
};
