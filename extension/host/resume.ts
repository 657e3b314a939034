import { UnrollError } from '../protocol/errors';
import { DisposableBase } from './disposable';
import type { Engine } from './engineProcess';
import { isTraining, type RunList } from './runList';

/** What is kept over a reload; vscode's `Memento` is one. */
export interface Memory {
  get<T>(key: string): T | undefined;
  update(key: string, value: unknown): PromiseLike<void>;
}

export interface ResumeOptions {
  readonly memory: Memory;
  readonly runs: RunList;
  readonly engine: Engine;
  readonly log: (text: string) => void;
  /** Milliseconds between looks at a run that its old engine has not let go of, and how many looks. */
  readonly patience?: { readonly every: number; readonly times: number };
}

const key = 'unroll.trainingRuns';

/**
 * Remembers which runs train, and resumes them when the window comes back: a reload ends the engine, which writes its checkpoints, and
 * nobody asked for the training to stop. A run that was paused stays as it is.
 */
export class ResumeAfterReload extends DisposableBase {
  private readonly remembered: readonly string[];
  private known: string;

  constructor(private readonly options: ResumeOptions) {
    super();
    this.remembered = options.memory.get<readonly string[]>(key) ?? [];
    this.known = JSON.stringify(this.remembered);
    this._register(options.runs.onDidChange(() => this.remember()));
  }

  /** Resumes what was training. Returns the runs that train again; one that cannot be resumed is left to the user. */
  async resume(): Promise<readonly string[]> {
    const resumed: string[] = [];
    for (const run of this.remembered) if (await this.resumeOne(run)) resumed.push(run);
    if (resumed.length > 0) await this.options.runs.refresh();
    return resumed;
  }

  /** The engine of the window before may still hold the run, to write its checkpoint: tries until it has let go. */
  private async resumeOne(run: string): Promise<boolean> {
    const { runs, engine, log, patience = { every: 500, times: 40 } } = this.options;
    for (let look = 1; look <= patience.times && !this.disposed; look++) {
      await runs.refresh();
      const state = runs.find(run)?.summary.state;
      if (state === undefined || !(isTraining(state) || state.kind === 'interrupted')) return false;
      if (state.kind === 'interrupted') {
        try {
          await engine.request('resume', { run });
          return true;
        } catch (error) {
          const busy = error instanceof UnrollError && error.code === 'run';
          if (!busy || look === patience.times) {
            log(`${run} was not resumed: ${error instanceof Error ? error.message : String(error)}`);
            return false;
          }
        }
      }
      await new Promise((resolve) => setTimeout(resolve, patience.every));
    }
    return false;
  }

  private remember(): void {
    const training = this.options.runs.active.filter(({ summary }) => isTraining(summary.state));
    const dirs = training.map(({ summary }) => summary.dir);
    const text = JSON.stringify(dirs);
    if (text === this.known) return;
    this.known = text;
    void this.options.memory.update(key, dirs);
  }
}
