/** What came of one model that learnt a task. */
export interface Outcome {
  /** The task's figure on sequences that were used for nothing else. */
  readonly figure: number;
  readonly solved: boolean;
  /** Sequences learnt from. */
  readonly seen: number;
}

/** A task of the literature that a recurrent network either solves or does not. */
export interface LearningTask {
  /** As `--only` takes it. */
  readonly name: string;
  readonly title: string;
  readonly model: string;
  /** What the figure is. */
  readonly measure: string;
  /** The figure of a model that has learnt nothing of what the task is about. */
  readonly floor: string;
  readonly published: string;
  /** Whether the model is expected to solve it; one is shown because it cannot. */
  readonly solvable: boolean;
  run(seed: number): Promise<Outcome>;
}
