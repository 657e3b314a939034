import type { TracedFile, TracedRun, TraceId, TraceOutline } from '../protocol/inspection';
import type { InputWish } from '../protocol/model';
import type { Cursor, Inspected } from '../protocol/panels';
import type { WindowRef } from '../protocol/trace';
import { DisposableBase } from './disposable';
import { Emitter } from './emitter';
import type { Engine } from './engineProcess';

/** The one place that knows what is inspected; panels and the side panel share it, so that they show the same step. */
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

  /** The run folder or the model file that is inspected. */
  get subject(): string | null {
    return this.inspected === null ? null : subjectOf(this.inspected.cursor);
  }

  /** Traces a window and shows it. Of two that overlap the later one stays, in whichever order they are answered. */
  inspect(run: string, window: WindowRef, signal?: AbortSignal): Promise<TracedRun> {
    return this.follow(this.engine.request('trace', { run, window }, signal), (trace) => this.show(run, trace));
  }

  /** Traces a model file and shows it, like {@link inspect}. `file` holds its inputs where the wish is for a file's. */
  inspectModel(model: string, wish: InputWish, file: string | null, signal?: AbortSignal): Promise<TracedFile> {
    const request = this.engine.request('traceModel', { model, wish, file }, signal);
    return this.follow(request, (trace) => this.showModel(model, trace));
  }

  /** Shows a window that is already traced. The step stays where it was, as far as the window has it. */
  show(run: string, trace: TracedRun): void {
    const cursor = { kind: 'run' as const, run, window: trace.window, step: this.stepIn(trace) };
    this.take({ kind: 'run', cursor, trace });
  }

  /** Shows a model file that is already traced, like {@link show}. */
  showModel(model: string, trace: TracedFile): void {
    this.take({ kind: 'model', cursor: { kind: 'model', model, step: this.stepIn(trace) }, trace });
  }

  /** Shows what was made of the trace that is inspected, such as one with states changed, in its place. */
  replace(from: TraceId, outline: TraceOutline): void {
    if (this.inspected?.trace.outline.id === from) this.take(withOutline(this.inspected, outline));
  }

  /** Moves to a step; beyond an end it stays at that end. */
  moveTo(step: number): void {
    if (this.inspected === null) return;
    const { cursor, trace } = this.inspected;
    const bounded = Math.max(0, Math.min(Math.trunc(step), trace.outline.steps - 1));
    if (bounded === cursor.step) return;
    this.inspected = at(this.inspected, bounded);
    this.cursorEmitter.fire(this.inspected.cursor);
  }

  /** Lets go of a run that is no more, or of a model file that is closed. */
  forget(subject: string): void {
    if (this.subject !== subject) return;
    this.latestRequest += 1;
    this.inspected = null;
    this.inspectEmitter.fire(null);
  }

  private async follow<T>(request: Promise<T>, show: (trace: T) => void): Promise<T> {
    this.latestRequest += 1;
    const number = this.latestRequest;
    const trace = await request;
    if (number === this.latestRequest) show(trace);
    return trace;
  }

  private stepIn({ outline: { steps } }: TracedRun | TracedFile): number {
    return Math.min(this.inspected?.cursor.step ?? steps - 1, steps - 1);
  }

  private take(inspected: Inspected): void {
    this.inspected = inspected;
    this.inspectEmitter.fire(inspected);
    this.cursorEmitter.fire(inspected.cursor);
  }
}

const subjectOf = (cursor: Cursor): string => (cursor.kind === 'run' ? cursor.run : cursor.model);

const withOutline = (inspected: Inspected, outline: TraceOutline): Inspected =>
  inspected.kind === 'run'
    ? { ...inspected, trace: { ...inspected.trace, outline } }
    : { ...inspected, trace: { ...inspected.trace, outline } };

const at = (inspected: Inspected, step: number): Inspected =>
  inspected.kind === 'run'
    ? { ...inspected, cursor: { ...inspected.cursor, step } }
    : { ...inspected, cursor: { ...inspected.cursor, step } };
