import { createHash } from 'node:crypto';
import { toFailure, UnrollError } from '../../../protocol/errors';
import type { TraceId, TraceOutline } from '../../../protocol/inspection';
import { versionOf } from '../inspected';
import { isNotKept, notKept } from '../store/traceStore';
import { type InspectorContract, making, readingOff } from './contract';
import { forkInspector, type InspectorChild } from './inspectorChild';

export interface InspectorOptions {
  /** The process's bundle. */
  readonly script: string;
  /** So much memory may it take, in bytes. */
  readonly memory: number;
  readonly log: (level: 'info' | 'warning' | 'error', text: string) => void;
  /** A cancelled request that keeps the process from answering for longer ends it, in ms. */
  readonly patience?: number;
  /** The process ends when it keeps no trace and was asked nothing for so long, in ms. */
  readonly rest?: number;
}

type Requests = InspectorContract['requests'];
export type InspectorRequest = keyof Requests & string;

/** A request that has not been answered. */
interface Job {
  readonly name: InspectorRequest;
  readonly params: unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
  /** Tells the process that nobody waits any more. */
  readonly stop: AbortController;
  /** How often it was sent; what an earlier sending comes to does not count. */
  sent: number;
}

/** How a trace can be made once more. */
interface Recipe {
  readonly name: InspectorRequest;
  readonly params: Readonly<Record<string, unknown>>;
  /** Of the model's file, where there is one: another model is not run. */
  readonly version: string | null;
  /** Of what is known of the trace, by which it is known again. */
  readonly digest: string;
}

/** A trace that is being made again. */
interface Remake {
  readonly done: Promise<void>;
  readonly stop: AbortController;
  waiting: number;
}

const mostSent = 4;

/**
 * The inspection process of one run or model file: started when first needed, and started anew after it has ended for whatever reason.
 *
 * What runs a model goes to it one at a time, since running holds its thread; what only reads off a kept trace goes at once. Where a
 * cancelled request holds the thread all the same, the process is ended, which is the only way to stop onnxruntime; the traces that go
 * with it are made once more as soon as somebody asks for one. A crash fails what was under way.
 */
export class InspectorProcess {
  private child: InspectorChild | null = null;
  private readonly waiting: Job[] = [];
  private readonly sent = new Set<Job>();
  /** That one of the sent that runs a model. */
  private running: Job | null = null;
  private readonly recipes = new Map<TraceId, Recipe>();
  private readonly remaking = new Map<TraceId, Remake>();
  private resting: NodeJS.Timeout | null = null;
  private made = 0;

  /** @param prefix begins the name of every trace of this process. */
  constructor(
    private readonly prefix: string,
    private readonly options: InspectorOptions,
  ) {}

  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** Whether nothing is asked of it. */
  get isIdle(): boolean {
    return this.sent.size === 0 && this.waiting.length === 0;
  }

  /** Whether pages may still ask for traces of it. */
  get keepsTraces(): boolean {
    return this.recipes.size > 0;
  }

  async request(name: InspectorRequest, params: object, signal?: AbortSignal): Promise<unknown> {
    if (!making.has(name)) return this.ask(name, params, signal);
    this.made += 1;
    const as: TraceId = `${this.prefix}${this.made}`;
    const version = versionFor(params);
    const result = await this.ask(name, { ...params, as }, signal);
    this.recipes.set(as, { name, params: { ...params, as }, version, digest: digestOf(result) });
    return result;
  }

  forget(traces: readonly TraceId[]): void {
    for (const trace of traces) this.recipes.delete(trace);
    this.child?.channel.request('forget', { traces }).catch(() => {});
    this.restSoon();
  }

  /** Ends the process; what is under way and what is asked later goes to a new one. */
  end(): void {
    clearTimeout(this.resting ?? undefined);
    const { child } = this;
    if (child === null) return;
    this.child = null;
    child.kill();
    this.goOn();
  }

  private ask(name: InspectorRequest, params: object, signal?: AbortSignal): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(cancelled());
        return;
      }
      const onAbort = () => this.cancel(job);
      const settled =
        <T>(settle: (value: T) => void) =>
        (value: T) => {
          signal?.removeEventListener('abort', onAbort);
          settle(value);
        };
      const job: Job = {
        name,
        params,
        resolve: settled(resolve),
        reject: settled(reject),
        stop: new AbortController(),
        sent: 0,
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.enter(job);
    });
  }

  private enter(job: Job): void {
    if (job.stop.signal.aborted) return;
    clearTimeout(this.resting ?? undefined);
    if (readingOff.has(job.name)) this.send(job);
    else {
      this.waiting.push(job);
      this.runNext();
    }
  }

  private runNext(): void {
    if (this.running !== null) return;
    const job = this.waiting.shift();
    if (job === undefined) {
      this.restSoon();
      return;
    }
    this.running = job;
    this.send(job);
  }

  private send(job: Job): void {
    const child = this.connected();
    job.sent += 1;
    const { sent } = job;
    this.sent.add(job);
    const isCurrent = () => this.sent.has(job) && job.sent === sent;
    child.channel.request(job.name, job.params as never, job.stop.signal).then(
      (value) => {
        if (isCurrent()) this.finish(job, () => job.resolve(value));
      },
      (error: unknown) => {
        // A process that ended settles what was sent to it in one place, and a cancelled request was settled when it was.
        const isOurs = error instanceof UnrollError && (error.code === 'closed' || job.stop.signal.aborted);
        if (isCurrent() && !isOurs) this.failed(job, error);
      },
    );
  }

  private connected(): InspectorChild {
    if (this.child !== null) return this.child;
    const { script, memory, log } = this.options;
    const child = forkInspector(script, memory, (line) => log('info', `Inspection: ${line}`));
    this.child = child;
    child.channel.onClose((why) => {
      if (this.child === child) this.crashed(child, why);
    });
    return child;
  }

  private finish(job: Job, settle: () => void): void {
    this.sent.delete(job);
    if (this.running === job) this.running = null;
    settle();
    this.runNext();
  }

  private failed(job: Job, error: unknown): void {
    const trace = traceOf(job.params);
    if (isNotKept(error) && trace !== null && this.recipes.has(trace) && job.sent < mostSent) {
      this.sent.delete(job);
      if (this.running === job) this.running = null;
      this.remade(trace, job.stop.signal).then(() => this.enter(job), job.reject);
      this.runNext();
      return;
    }
    const { code, stack } = toFailure(error);
    if (code !== 'cancelled' && stack !== null) this.options.log('info', `Inspection, ${job.name}: ${stack}`);
    this.finish(job, () => job.reject(error));
  }

  /** Nobody waits for a request any more: where that holds the process's thread, the process ends. */
  private cancel(job: Job): void {
    job.reject(cancelled());
    const place = this.waiting.indexOf(job);
    if (place >= 0) this.waiting.splice(place, 1);
    job.stop.abort();
    if (this.running !== job) {
      this.sent.delete(job);
      return;
    }
    const { child } = this;
    const patience = AbortSignal.timeout(this.options.patience ?? 300);
    const given = child?.channel.request('ping', {}, patience) ?? Promise.resolve({});
    given.then(
      () => this.finish(job, () => {}),
      () => {
        this.sent.delete(job);
        if (this.running === job) this.running = null;
        if (this.child === child) this.end();
        else this.runNext();
      },
    );
  }

  /** Sends what was under way in a process that was ended on purpose to another one. */
  private goOn(): void {
    this.running = null;
    const again = [...this.sent];
    this.sent.clear();
    for (const job of again) this.enter(job);
    this.runNext();
  }

  private crashed(child: InspectorChild, why: string): void {
    this.child = null;
    this.running = null;
    this.options.log('error', `An inspection process went away: ${why}`);
    const error = child.outOfMemory ? tooMuch(this.options.memory) : crash(why);
    const lost = [...this.sent];
    this.sent.clear();
    for (const job of lost) job.reject(error);
    this.runNext();
  }

  /** Makes a trace again that was let go of, until nobody waits for it. @throws UnrollError when that comes to another one by now. */
  private remade(trace: TraceId, signal: AbortSignal): Promise<void> {
    const remake = this.remaking.get(trace) ?? this.remake(trace);
    remake.waiting += 1;
    signal.addEventListener('abort', () => {
      remake.waiting -= 1;
      if (remake.waiting === 0) remake.stop.abort();
    });
    return remake.done;
  }

  private remake(trace: TraceId): Remake {
    const stop = new AbortController();
    const remake = { done: this.makeAgain(trace, stop.signal), stop, waiting: 0 };
    this.remaking.set(trace, remake);
    const done = () => this.remaking.delete(trace);
    remake.done.then(done, done);
    return remake;
  }

  private async makeAgain(trace: TraceId, signal: AbortSignal): Promise<void> {
    const recipe = this.recipes.get(trace);
    if (recipe !== undefined && recipe.version === versionFor(recipe.params)) {
      const result = await this.ask(recipe.name, recipe.params, signal);
      if (digestOf(result) === recipe.digest) return;
    }
    this.forget([trace]);
    throw notKept();
  }

  private restSoon(): void {
    clearTimeout(this.resting ?? undefined);
    if (this.child === null || !this.isIdle || this.keepsTraces) return;
    this.resting = setTimeout(() => this.isIdle && !this.keepsTraces && this.end(), this.options.rest ?? 180_000);
    this.resting.unref();
  }
}

/** Which trace a request is about. */
function traceOf(params: unknown): TraceId | null {
  const { trace } = params as { readonly trace?: unknown };
  return typeof trace === 'string' ? trace : null;
}

/** The version of the model's file that a request is about. */
function versionFor(params: object): string | null {
  const { model } = params as { readonly model?: unknown };
  return typeof model === 'string' ? versionOf(model) : null;
}

/** Equal for equal outlines, whatever else a result holds. */
function digestOf(result: unknown): string {
  const { outline = result } = result as { readonly outline?: unknown };
  return createHash('sha256')
    .update(JSON.stringify(outline as TraceOutline))
    .digest('hex');
}

const cancelled = () => new UnrollError('cancelled', 'Cancelled.');

const crash = (why: string) =>
  new UnrollError(
    'model',
    'The model ended the process that ran it ({0}); nothing else was lost. Ask for fewer steps or a smaller batch, or see the engine log.',
    why,
  );

const tooMuch = (memory: number) =>
  new UnrollError(
    'model',
    'Running the model took more than {0} GB of memory, so it was stopped; ask for fewer steps or a smaller batch.',
    (memory / 1e9).toPrecision(2),
  );
