import type { Cursor } from '../protocol/panels';
import type { RunTrace, WindowRef } from '../protocol/trace';
import { DisposableBase } from './disposable';
import { Emitter } from './emitter';
import type { Engine } from './engineProcess';

/** What is looked at: a traced window of a run, and the step in it. */
export interface Inspected {
  readonly cursor: Cursor;
  readonly trace: RunTrace;
}

/** The one place that knows what is inspected; run panels and the side panel share it, so that they show the same step. */
export class Inspection extends DisposableBase {
  private readonly inspectEmitter = this._register(new Emitter<Inspected | null>());
  private readonly cursorEmitter = this._register(new Emitter<Cursor>());
  private inspected: Inspected | null = null;
  private latestRequest = 0;

  readonly onDidInspect = this.inspectEmitter.event;
  readonly onDidMoveCursor = this.cursorEmitter.event;

  constructor(private readonly engine: Engine) {
    super();
  }

  get current(): Inspected | null {
    return this.inspected;
  }

  /** Traces a window and shows it. Of two that overlap the later one stays, in whichever order they are answered. */
  async inspect(run: string, window: WindowRef): Promise<RunTrace> {
    this.latestRequest += 1;
    const request = this.latestRequest;
    const trace = await this.engine.request('trace', { run, window });
    if (request === this.latestRequest) this.show(run, trace);
    return trace;
  }

  /** Shows a window that is already traced. The step stays where it was, as far as the window has it. */
  show(run: string, trace: RunTrace): void {
    const step = Math.min(this.inspected?.cursor.step ?? trace.trace.steps - 1, trace.trace.steps - 1);
    this.inspected = { cursor: { run, window: trace.window, step }, trace };
    this.inspectEmitter.fire(this.inspected);
    this.cursorEmitter.fire(this.inspected.cursor);
  }

  /** Moves to a step; beyond an end it stays at that end. */
  moveTo(step: number): void {
    if (this.inspected === null) return;
    const { cursor, trace } = this.inspected;
    const bounded = Math.max(0, Math.min(Math.trunc(step), trace.trace.steps - 1));
    if (bounded === cursor.step) return;
    this.inspected = { cursor: { ...cursor, step: bounded }, trace };
    this.cursorEmitter.fire(this.inspected.cursor);
  }

  /** Lets go of a run that is no more. */
  forget(run: string): void {
    if (this.inspected?.cursor.run !== run) return;
    this.latestRequest += 1;
    this.inspected = null;
    this.inspectEmitter.fire(null);
  }
}
