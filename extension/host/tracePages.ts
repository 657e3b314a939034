import type { Handlers } from '../protocol/channel';
import type { InspectionRequests, TraceId, TraceOutline } from '../protocol/inspection';
import type { Engine } from './engineProcess';

type Names = { readonly [K in keyof InspectionRequests]: null };

/** What a page may ask of a trace. */
const names: Names = {
  tile: null,
  lines: null,
  steps: null,
  order: null,
  seek: null,
  project: null,
  edit: null,
  gradientChoices: null,
  gradients: null,
  match: null,
};

type Answers = Handlers<{ readonly requests: InspectionRequests; readonly events: Record<never, never> }>;

/** Passes on what a page asks of a trace. `onMade` hears of every trace that the page had made from another, which it then shows. */
export function tracePages(engine: Engine, onMade: (made: TraceOutline, from: TraceId) => void): Answers {
  const passedOn = Object.keys(names).map((name) => [
    name,
    async (params: { readonly trace: TraceId }, signal: AbortSignal) => {
      const answer = await engine.request(name as keyof InspectionRequests, params as never, signal);
      if (name === 'edit') onMade(answer as InspectionRequests['edit']['result'], params.trace);
      return answer;
    },
  ]);
  return Object.fromEntries(passedOn) as Answers;
}

/** The traces that one page had made: they go when it does. */
export class OwnTraces {
  private readonly ids = new Set<TraceId>();
  private gone = false;

  constructor(private readonly engine: Engine) {}

  /** Takes note of a trace; one that was made for a page that is gone is let go of at once. */
  add(trace: TraceId): void {
    this.ids.add(trace);
    if (this.gone) this.dispose();
  }

  dispose(): void {
    this.gone = true;
    const traces = [...this.ids];
    this.ids.clear();
    // An engine that is gone too keeps nothing.
    if (traces.length > 0) this.engine.request('forget', { traces }).catch(() => undefined);
  }
}
