import { type Failure, fromFailure, toFailure, UnrollError } from './errors';

/** Anything that carries structured-clonable messages both ways: process IPC, a worker's MessagePort, a webview. */
export interface Port {
  post(data: unknown): void;
  /** Calls `listener` with every message that arrives. */
  onMessage(listener: (data: unknown) => void): void;
  /** Calls `listener` once when nothing more can arrive; `why` is for the log. */
  onClose(listener: (why: string) => void): void;
}

/** What one side of a channel offers: requests that it answers and events that it sends. */
export interface Contract {
  readonly requests: Readonly<Record<string, { readonly params: unknown; readonly result: unknown }>>;
  readonly events: Readonly<Record<string, unknown>>;
}

/** A contract that offers nothing, for a side that only asks. */
export type Silent = { readonly requests: Record<never, never>; readonly events: Record<never, never> };

type Requests<C extends Contract> = C['requests'];
type Params<C extends Contract, K extends keyof Requests<C>> = Requests<C>[K]['params'];
type Result<C extends Contract, K extends keyof Requests<C>> = Requests<C>[K]['result'];

/** One function for every request of a contract. */
export type Handlers<C extends Contract> = {
  readonly [K in keyof Requests<C>]: (
    params: Params<C, K>,
    signal: AbortSignal,
  ) => Promise<Result<C, K>> | Result<C, K>;
};

type Wire =
  | { readonly kind: 'request'; readonly id: number; readonly name: string; readonly params: unknown }
  | { readonly kind: 'cancel'; readonly id: number }
  | { readonly kind: 'result'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failure'; readonly id: number; readonly failure: Failure }
  | { readonly kind: 'event'; readonly name: string; readonly payload: unknown };

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: UnrollError) => void;
}

/**
 * A typed conversation over a {@link Port}. `Local` is what this side offers, `Remote` what it may ask of the other.
 * Every request settles: with the result, with what the other side threw, with `cancelled`, or with `closed`.
 */
export class Channel<Local extends Contract, Remote extends Contract> {
  private readonly pending = new Map<number, Pending>();
  private readonly serving = new Map<number, AbortController>();
  private readonly listeners = new Map<string, Set<(payload: never) => void>>();
  private readonly closeListeners = new Set<(why: string) => void>();
  private nextId = 1;
  private closed: string | null = null;

  constructor(
    private readonly port: Port,
    private readonly handlers: Handlers<Local>,
  ) {
    port.onMessage((data) => this.receive(data as Wire));
    port.onClose((why) => this.close(why));
  }

  /** Asks the other side. Aborting `signal` rejects at once with `cancelled` and tells the other side. */
  request<K extends keyof Requests<Remote> & string>(
    name: K,
    params: Params<Remote, K>,
    signal?: AbortSignal,
  ): Promise<Result<Remote, K>> {
    if (this.closed !== null) return Promise.reject(closedError());
    if (signal?.aborted) return Promise.reject(cancelledError());
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        if (!this.pending.delete(id)) return;
        this.send({ kind: 'cancel', id });
        reject(cancelledError());
      };
      const settled =
        <T>(settle: (value: T) => void) =>
        (value: T) => {
          signal?.removeEventListener('abort', onAbort);
          settle(value);
        };
      this.pending.set(id, { resolve: settled(resolve as (value: unknown) => void), reject: settled(reject) });
      signal?.addEventListener('abort', onAbort, { once: true });
      this.send({ kind: 'request', id, name, params });
    });
  }

  /** Sends an event of this side's contract; dropped once the channel is closed. */
  emit<K extends keyof Local['events'] & string>(name: K, payload: Local['events'][K]): void {
    if (this.closed === null) this.send({ kind: 'event', name, payload });
  }

  /** Listens to an event of the other side; returns the function that stops listening. */
  on<K extends keyof Remote['events'] & string>(name: K, listener: (payload: Remote['events'][K]) => void): () => void {
    const set = this.listeners.get(name) ?? new Set();
    this.listeners.set(name, set);
    set.add(listener);
    return () => set.delete(listener);
  }

  /** Calls `listener` when the channel closes, at once if it is closed already. */
  onClose(listener: (why: string) => void): void {
    if (this.closed !== null) listener(this.closed);
    else this.closeListeners.add(listener);
  }

  /** Ends the conversation: pending requests reject with `closed`, running handlers are aborted. */
  close(why: string): void {
    if (this.closed !== null) return;
    this.closed = why;
    for (const { reject } of this.pending.values()) reject(closedError());
    this.pending.clear();
    for (const controller of this.serving.values()) controller.abort();
    this.serving.clear();
    for (const listener of this.closeListeners) listener(why);
  }

  private receive(wire: Wire): void {
    if (this.closed !== null) return;
    switch (wire.kind) {
      case 'request':
        void this.serve(wire.id, wire.name, wire.params);
        return;
      case 'cancel':
        this.serving.get(wire.id)?.abort();
        return;
      case 'result':
        this.take(wire.id)?.resolve(wire.value);
        return;
      case 'failure':
        this.take(wire.id)?.reject(fromFailure(wire.failure));
        return;
      case 'event':
        for (const listener of this.listeners.get(wire.name) ?? []) listener(wire.payload as never);
        return;
    }
  }

  private take(id: number): Pending | undefined {
    const pending = this.pending.get(id);
    this.pending.delete(id);
    return pending;
  }

  private async serve(id: number, name: string, params: unknown): Promise<void> {
    const controller = new AbortController();
    this.serving.set(id, controller);
    let reply: Wire;
    try {
      const handler = Object.hasOwn(this.handlers, name)
        ? (this.handlers as Record<string, (params: unknown, signal: AbortSignal) => unknown>)[name]
        : undefined;
      if (handler === undefined) throw new UnrollError('internal', 'Nobody answers the request "{0}".', name);
      reply = { kind: 'result', id, value: await handler(params, controller.signal) };
    } catch (error) {
      reply = { kind: 'failure', id, failure: toFailure(error) };
    }
    this.serving.delete(id);
    if (this.closed === null) this.send(reply);
  }

  private send(wire: Wire): void {
    try {
      this.port.post(wire);
    } catch (error) {
      // A value that cannot be cloned fails its own request; a port that is gone ends the channel.
      if (wire.kind === 'request') this.take(wire.id)?.reject(toError(error));
      else if (wire.kind === 'result') this.send({ kind: 'failure', id: wire.id, failure: toFailure(error) });
      else this.close(toError(error).message);
    }
  }
}

const toError = (error: unknown): UnrollError => fromFailure(toFailure(error));
const cancelledError = () => new UnrollError('cancelled', 'Cancelled.');
const closedError = () =>
  new UnrollError('closed', 'The engine went away before it answered; it restarts by itself, so try again.');
