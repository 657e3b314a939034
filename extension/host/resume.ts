import { UnrollError } from '../protocol/errors';
import type { RunState } from '../protocol/run';
import type { Engine } from './engineProcess';
import { isTraining, type RunList } from './runList';

export interface ResumeOptions {
  readonly runs: RunList;
  readonly engine: Engine;
  readonly log: (text: string) => void;
  /** Milliseconds between looks at a run that the engine of the window before has not let go of, and how many looks. */
  readonly patience?: { readonly every: number; readonly times: number };
}

const isLeftToUs = (state: RunState | undefined) => state?.kind === 'interrupted' && state.goesOn;

/**
 * Goes on with the runs that trained when their window closed or reloaded: that ended their engine, which wrote their checkpoints, and
 * nobody asked for the training to stop. What says so is the run folder, so nothing needs to be remembered here.
 * Returns the runs that train again; one that cannot be resumed is left to the user.
 */
export async function resumeAfterReload({ runs, engine, log, patience }: ResumeOptions): Promise<readonly string[]> {
  const { every, times } = patience ?? { every: 500, times: 40 };
  await runs.refresh();
  // A run that trains now is held by an engine that may be about to let go, or by a terminal that is not.
  let open = runs.entries.filter(({ summary: { state } }) => isLeftToUs(state) || isTraining(state));
  const resumed: string[] = [];
  for (let look = 1; open.length > 0; look++) {
    const still: typeof open = [];
    for (const entry of open) {
      const { dir } = entry.summary;
      const state = runs.find(dir)?.summary.state;
      if (state === undefined || !(isLeftToUs(state) || isTraining(state))) continue;
      if (isTraining(state)) still.push(entry);
      else {
        const error = await engine.request('resume', { run: dir }).then(
          () => null,
          (reason: unknown) => reason,
        );
        if (error === null) resumed.push(dir);
        else if (error instanceof UnrollError && error.code === 'run' && look < times) still.push(entry);
        else log(`${dir} was not resumed: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    open = still;
    if (open.length === 0 || look >= times) break;
    await new Promise((resolve) => setTimeout(resolve, every));
    await runs.refresh();
  }
  if (resumed.length > 0) await runs.refresh();
  return resumed;
}
