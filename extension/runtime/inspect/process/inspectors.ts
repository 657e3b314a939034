import type { EngineContract } from '../../../protocol/engine';
import type { TraceId } from '../../../protocol/inspection';
import { notKept } from '../store/traceStore';
import type { inspected } from './contract';
import { type InspectorOptions, InspectorProcess } from './inspectorProcess';

type Requests = EngineContract['requests'];
type Name = (typeof inspected)[number];

/** So many processes are left running; those that were not asked for the longest end first. */
const mostRunning = 4;

/** One inspection process for each run and model file: what one of them does, or that it ends, is nothing to the others. */
export class Inspectors {
  // By run folder or model file, in the order of use.
  private readonly bySubject = new Map<string, InspectorProcess>();
  private readonly byPrefix = new Map<string, string>();
  private closed = false;

  constructor(private readonly options: InspectorOptions) {}

  /** Process ids of those that run. */
  get pids(): readonly number[] {
    return [...this.bySubject.values()].flatMap(({ pid }) => pid ?? []);
  }

  async request<K extends Name>(
    name: K,
    params: Requests[K]['params'],
    signal?: AbortSignal,
  ): Promise<Requests[K]['result']> {
    const inspector = this.inspectorOf(this.subjectOf(params));
    const answer = inspector.request(name, params, signal);
    this.endOldest();
    return (await answer) as Requests[K]['result'];
  }

  forget(traces: readonly TraceId[]): void {
    for (const [subject, inspector] of this.bySubject) {
      const own = traces.filter((trace) => this.byPrefix.get(prefixOf(trace)) === subject);
      if (own.length > 0) inspector.forget(own);
    }
  }

  /** Ends all of them; nothing is started any more. */
  close(): void {
    this.closed = true;
    for (const inspector of this.bySubject.values()) inspector.end();
    this.bySubject.clear();
  }

  private subjectOf(params: object): string {
    const { run, model, trace } = params as Readonly<Record<'run' | 'model' | 'trace', string | undefined>>;
    const subject = run ?? model ?? this.byPrefix.get(prefixOf(trace ?? ''));
    if (subject === undefined || this.closed) throw notKept();
    return subject;
  }

  private inspectorOf(subject: string): InspectorProcess {
    const known = this.bySubject.get(subject);
    const prefix = `${this.byPrefix.size + 1}-`;
    const inspector = known ?? new InspectorProcess(prefix, this.options);
    if (known === undefined) this.byPrefix.set(prefix, subject);
    this.bySubject.delete(subject);
    this.bySubject.set(subject, inspector);
    return inspector;
  }

  private endOldest(): void {
    let running = this.pids.length;
    for (const inspector of this.bySubject.values()) {
      if (running <= mostRunning) return;
      if (inspector.pid === undefined || !inspector.isIdle) continue;
      inspector.end();
      running -= 1;
    }
  }
}

const prefixOf = (trace: TraceId): string => trace.slice(0, trace.indexOf('-') + 1);
