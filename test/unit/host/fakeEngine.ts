import type { EngineChild } from '../../../extension/host/engineProcess';
import { Channel, type Handlers, type Port, type Silent } from '../../../extension/protocol/channel';
import type { EngineContract } from '../../../extension/protocol/engine';

/** Two ports joined in memory; messages are cloned and arrive later, as between processes. */
export function joinedPorts(): { readonly here: Port; readonly there: Port; readonly close: (why: string) => void } {
  const closers: ((why: string) => void)[] = [];
  let open = true;
  const side = () => {
    const listeners: ((data: unknown) => void)[] = [];
    return {
      listeners,
      deliver: (data: unknown) => {
        for (const listener of listeners) listener(data);
      },
    };
  };
  const [a, b] = [side(), side()];
  const port = (own: typeof a, other: typeof a): Port => ({
    post: (data) => {
      const copy: unknown = structuredClone(data);
      queueMicrotask(() => open && other.deliver(copy));
    },
    onMessage: (listener) => {
      own.listeners.push(listener);
    },
    onClose: (listener) => {
      closers.push(listener);
    },
  });
  return {
    here: port(a, b),
    there: port(b, a),
    close: (why) => {
      if (!open) return;
      open = false;
      for (const closer of closers) closer(why);
    },
  };
}

type EngineHandlers = Handlers<EngineContract>;

/** A forked engine that lives in memory and answers with what a test gives it. */
export class FakeChild implements EngineChild {
  private readonly ports = joinedPorts();
  readonly port = this.ports.here;
  readonly engine: Channel<EngineContract, Silent>;
  readonly ended: string[] = [];

  constructor(
    handlers: Partial<EngineHandlers>,
    readonly pid = 1,
    private readonly output = '',
  ) {
    const info = () => ({ node: 'v20', onnxruntime: '1.30.0', providers: ['cpu'] });
    this.engine = new Channel<EngineContract, Silent>(this.ports.there, { info, ...handlers } as EngineHandlers);
  }

  lastLines(): string {
    return this.output;
  }

  disconnect(): void {
    this.ended.push('disconnect');
    this.ports.close('disconnected');
  }

  kill(): void {
    this.ended.push('kill');
    this.ports.close('SIGKILL');
  }

  crash(why = 'SIGSEGV'): void {
    this.ports.close(why);
  }
}
