import { toFailure } from '../protocol/errors';
import { type Message, message } from '../protocol/messages';
import { mainMetric, metricMessage } from '../protocol/metrics';
import type { EpochMetrics, Progress, RunEvent, RunState, RunSummary } from '../protocol/run';
import { DisposableBase } from './disposable';
import { Emitter } from './emitter';
import type { Engine } from './engineProcess';
import { significant } from './quantities';

/** A run as the list knows it; `progress` only while it trains. */
export interface RunEntry {
  readonly summary: RunSummary;
  readonly progress: Progress | null;
}

export interface RunListOptions {
  readonly engine: Engine;
  /** The folders to look in: those of the workspace. */
  readonly roots: () => readonly string[];
  /** Whether a folder holds runs at all; asked first, so that a workspace without runs needs no engine. */
  readonly hasRuns: (root: string) => Promise<boolean>;
}

const working: ReadonlySet<RunState['kind']> = new Set(['preparing', 'training']);
const resumable: ReadonlySet<RunState['kind']> = new Set(['stopped', 'interrupted', 'failed']);

export const isTraining = (state: RunState): boolean => working.has(state.kind);
/** Training, or about to, or paused: the engine holds it. */
export const isActive = (state: RunState): boolean => isTraining(state) || state.kind === 'paused';
export const isResumable = (state: RunState): boolean => resumable.has(state.kind);

/** Milliseconds between two changes of the list that come from progress alone. */
const calmPeriod = 500;

/** Every run of the workspace, newest first, kept up to date from the engine's events. */
export class RunList extends DisposableBase {
  private readonly changeEmitter = this._register(new Emitter<void>());
  private readonly eventEmitter = this._register(new Emitter<RunEvent>());
  private readonly extraRoots = new Set<string>();
  private runs = new Map<string, RunEntry>();
  private loading: Promise<void> | null = null;
  private again = false;
  private pendingChange: NodeJS.Timeout | null = null;
  private problem: Message | null = null;
  private wasRead = false;

  readonly onDidChange = this.changeEmitter.event;
  /** The engine's events, and those that it can no longer tell because it crashed. */
  readonly onEvent = this.eventEmitter.event;

  constructor(private readonly options: RunListOptions) {
    super();
  }

  get entries(): readonly RunEntry[] {
    return [...this.runs.values()].sort((a, b) => b.summary.created - a.summary.created);
  }

  get active(): readonly RunEntry[] {
    return this.entries.filter(({ summary }) => isActive(summary.state));
  }

  /** Why the list could not be read, or null. */
  get failure(): Message | null {
    return this.problem;
  }

  /** Whether the list was read at all; until somebody looks at it, it is not. */
  get loaded(): boolean {
    return this.wasRead;
  }

  find(run: string): RunEntry | undefined {
    return this.runs.get(run);
  }

  /** Also lists the runs of a folder outside the workspace, because one was started there. */
  include(root: string): void {
    this.extraRoots.add(root);
  }

  /** Reads the list anew. Calls during a reading share one more reading after it. */
  refresh(): Promise<void> {
    if (this.loading !== null) {
      this.again = true;
      return this.loading;
    }
    this.loading = this.load().finally(() => {
      this.loading = null;
    });
    return this.loading;
  }

  /** Takes an event of the engine. */
  hear(event: RunEvent): void {
    const entry = this.runs.get(event.run);
    if (entry === undefined) {
      void this.refresh();
    } else {
      this.runs.set(event.run, after(entry, event));
      if (event.kind !== 'state') this.changeSoon();
      else this.change();
      // The report, and which epoch was best, are known once training has ended.
      if (event.kind === 'state' && !isActive(event.state)) void this.refresh();
    }
    this.eventEmitter.fire(event);
  }

  /** The engine crashed: what was training is interrupted. Returns the runs that were. */
  interrupt(): readonly RunEntry[] {
    const interrupted = this.active;
    for (const { summary } of interrupted) {
      const event: RunEvent = { kind: 'state', run: summary.dir, state: { kind: 'interrupted', goesOn: false } };
      this.runs.set(summary.dir, after({ summary, progress: null }, event));
      this.eventEmitter.fire(event);
    }
    this.change();
    return interrupted;
  }

  override dispose(): void {
    clearTimeout(this.pendingChange ?? undefined);
    super.dispose();
  }

  private change(): void {
    clearTimeout(this.pendingChange ?? undefined);
    this.pendingChange = null;
    this.changeEmitter.fire();
  }

  /** A small model trains hundreds of epochs a second; those who show the list need not keep up with each. */
  private changeSoon(): void {
    this.pendingChange ??= setTimeout(() => this.change(), calmPeriod);
  }

  private async load(): Promise<void> {
    do {
      this.again = false;
      try {
        await this.read();
        this.problem = null;
      } catch (error) {
        this.problem = toFailure(error).text;
      }
      this.wasRead = true;
      if (this.disposed) return;
      this.change();
    } while (this.again);
  }

  private async read(): Promise<void> {
    const found = new Map<string, RunEntry>();
    for (const root of new Set([...this.options.roots(), ...this.extraRoots])) {
      if (!(await this.options.hasRuns(root))) continue;
      for (const summary of await this.options.engine.request('runs', { root })) {
        const progress = isTraining(summary.state) ? (this.runs.get(summary.dir)?.progress ?? null) : null;
        found.set(summary.dir, { summary, progress });
      }
    }
    this.runs = found;
  }
}

/** What is known of a run after an event. */
function after({ summary, progress }: RunEntry, event: RunEvent): RunEntry {
  switch (event.kind) {
    case 'state':
      return { summary: { ...summary, state: event.state }, progress: isActive(event.state) ? progress : null };
    case 'progress':
      return { summary, progress: event.progress };
    case 'backtest':
      return { summary, progress };
    case 'epoch':
      return {
        summary: { ...summary, epoch: event.metrics.epoch, best: better(summary.best, event.metrics) },
        progress,
      };
  }
}

function better(best: RunSummary['best'], { epoch, validationLoss }: EpochMetrics): RunSummary['best'] {
  if (validationLoss === null || (best !== null && best.validationLoss <= validationLoss)) return best;
  return { epoch, validationLoss };
}

/** One line beside a run's name: the answer first, else how far it is. */
export function describeRun({ summary, progress }: RunEntry): Message {
  const { state, report, model, epochs } = summary;
  const epoch = progress?.epoch ?? summary.epoch;
  switch (state.kind) {
    case 'preparing':
      return message('{0} · preparing', model);
    case 'training':
      return message('{0} · epoch {1} of {2}', model, epoch, epochs);
    case 'paused':
      return message('{0} · paused at epoch {1} of {2}', model, epoch, epochs);
    case 'stopped':
      return message('{0} · stopped at epoch {1} of {2}', model, epoch, epochs);
    case 'interrupted':
      return message('{0} · interrupted at epoch {1} of {2}', model, epoch, epochs);
    case 'failed':
      return message('{0} · failed', model);
    case 'done': {
      const value = report?.test[mainMetric[report.task].name];
      if (report === null || value === undefined) return message('{0} · done', model);
      return message('{0} · test {1} {2}', model, metricMessage(mainMetric[report.task].name), significant(value));
    }
  }
}
