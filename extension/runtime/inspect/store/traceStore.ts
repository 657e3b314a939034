import { UnrollError } from '../../../protocol/errors';
import type { StateEdit, TraceId } from '../../../protocol/inspection';
import type { Source } from '../inspected';
import { KeptTrace } from './keptTrace';
import type { Shown } from './outline';

const mebibyte = 2 ** 20;

/** The last few whole traces, as many as fit; those that were not asked for the longest go first. */
export class TraceStore {
  // In the order of use.
  private readonly kept = new Map<TraceId, KeptTrace>();

  constructor(private readonly mostBytes = 512 * mebibyte) {}

  get size(): number {
    return this.kept.size;
  }

  /** Keeps a trace. The latest is kept whatever its size. */
  keep(
    id: TraceId,
    shown: Shown,
    source: Source<Shown>,
    edited: { readonly original: KeptTrace; readonly edits: readonly StateEdit[] } | null = null,
  ): KeptTrace {
    const trace = new KeptTrace(id, shown, source, edited);
    this.kept.set(id, trace);
    for (const other of this.kept.keys()) {
      if (this.bytes <= this.mostBytes || other === id) break;
      this.kept.delete(other);
    }
    return trace;
  }

  /** Of all values, with those that edited traces are compared with; what several share is there once. */
  private get bytes(): number {
    const traces = [...this.kept.values()].flatMap((each) => [each, each.edited?.original ?? each]);
    const bytes = new Map(traces.map((each) => [each.shown, each.bytes]));
    return [...bytes.values()].reduce((sum, each) => sum + each, 0);
  }

  /** @throws UnrollError `usage` for a trace that is not kept. */
  get(id: TraceId): KeptTrace {
    const trace = this.kept.get(id);
    if (trace === undefined) throw notKept();
    this.kept.delete(id);
    this.kept.set(id, trace);
    return trace;
  }

  forget(ids: readonly TraceId[]): void {
    for (const id of ids) this.kept.delete(id);
  }
}

/** For whoever asks for a trace that was let go of. */
export const notKept = () => new UnrollError('usage', 'This trace is not kept any more; run the model again.');

export const isNotKept = (error: unknown): boolean =>
  error instanceof UnrollError && error.text.template === notKept().text.template;
