import { Channel } from '../../../extension/protocol/channel';
import type { InspectionRequests, TraceOutline } from '../../../extension/protocol/inspection';
import { keptTrace } from '../fixtures/keptTrace';
import { traceOf } from '../fixtures/traces';

/** How large a trace to keep. */
export interface Wanted {
  readonly units: number;
  readonly steps: number;
}

/** What the page of the bench asks of the process that keeps the trace: a worker here, as it is another process there. */
export interface KeeperContract {
  readonly requests: {
    readonly keep: { readonly params: Wanted; readonly result: TraceOutline };
    readonly ask: {
      readonly params: { readonly name: keyof InspectionRequests; readonly params: unknown };
      readonly result: unknown;
    };
  };
  readonly events: Record<never, never>;
}

/** What the way through two processes takes at the least, in ms. */
const way = 3;

let kept: ReturnType<typeof keptTrace> | null = null;

addEventListener('message', ({ data }: MessageEvent<{ readonly port: MessagePort }>) => {
  const { port } = data;
  new Channel<KeeperContract, { requests: Record<never, never>; events: Record<never, never> }>(
    {
      post: (message) => port.postMessage(message),
      onMessage: (listener) => {
        port.onmessage = (event) => listener(event.data);
      },
      onClose: () => undefined,
    },
    {
      keep: ({ units, steps }) => {
        const shape = { steps, layers: [units], horizon: 1, windows: 1 };
        kept = keptTrace('kept', traceOf({ part: 'test', index: 0 }, shape));
        return kept.outline;
      },
      ask: async ({ name, params }) => {
        await new Promise((done) => setTimeout(done, way));
        return kept?.host.request(name, params as never);
      },
    },
  );
});
