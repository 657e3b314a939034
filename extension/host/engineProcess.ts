import { Channel, type Port, type Silent } from '../protocol/channel';
import type { DownloadProgress } from '../protocol/devices';
import type { EngineContract, EngineInfo } from '../protocol/engine';
import { UnrollError } from '../protocol/errors';
import type { RunEvent } from '../protocol/run';
import { DisposableBase } from './disposable';
import { Emitter } from './emitter';
import { explainStart } from './explainStart';

/** A forked engine, as much of it as this module needs. */
export interface EngineChild {
  readonly pid: number | undefined;
  readonly port: Port;
  /** The last lines that it wrote. */
  lastLines(): string;
  /** Closes the IPC; the engine then writes its checkpoints and exits by itself. */
  disconnect(): void;
  kill(): void;
}

type Requests = EngineContract['requests'];
type EngineChannel = Channel<Silent, EngineContract>;

/** What asks the engine; the rest of the host needs no more of it than this. */
export interface Engine {
  request<K extends keyof Requests & string>(
    name: K,
    params: Requests[K]['params'],
    signal?: AbortSignal,
  ): Promise<Requests[K]['result']>;
}

export interface EngineOptions {
  readonly fork: () => EngineChild;
  readonly log: (level: 'info' | 'warning' | 'error', text: string) => void;
  /** Throws where no engine may start, such as in a workspace that is not trusted. */
  readonly permit: () => void;
  /** Milliseconds to wait before start number `crashes` + 1. */
  readonly backOff?: (crashes: number) => number;
  readonly startTimeout?: number;
}

type State =
  | { readonly kind: 'idle' }
  | { readonly kind: 'running'; readonly child: EngineChild; readonly channel: Promise<EngineChannel> }
  | { readonly kind: 'ended' };

/** An engine that lived this long is taken to be healthy: the next crash counts as the first. */
const healthyAfter = 60_000;
/** After this many crashes in a row the engine is not started again until it had a rest. */
const crashesInARow = 4;

/** The engine process: started when first needed, started again after a crash, ended with the extension. */
export class EngineProcess extends DisposableBase implements Engine {
  private readonly runEmitter = this._register(new Emitter<RunEvent>());
  private readonly downloadEmitter = this._register(new Emitter<DownloadProgress>());
  private readonly crashEmitter = this._register(new Emitter<{ readonly why: string }>());
  private state: State = { kind: 'idle' };
  private crashes = 0;
  private lastCrash = 0;

  /** What happens to runs, from whichever engine process runs now. */
  readonly onRun = this.runEmitter.event;
  /** How far a download that was asked for is. */
  readonly onDownload = this.downloadEmitter.event;
  /** A working engine went away without being asked to. */
  readonly onCrash = this.crashEmitter.event;

  constructor(private readonly options: EngineOptions) {
    super();
  }

  /** Process id of the running engine. */
  get pid(): number | undefined {
    return this.state.kind === 'running' ? this.state.child.pid : undefined;
  }

  async request<K extends keyof Requests & string>(
    name: K,
    params: Requests[K]['params'],
    signal?: AbortSignal,
  ): Promise<Requests[K]['result']> {
    const channel = await this.connect();
    return channel.request(name, params, signal);
  }

  override dispose(): void {
    const { state } = this;
    this.state = { kind: 'ended' };
    if (state.kind === 'running') state.child.disconnect();
    super.dispose();
  }

  private connect(): Promise<EngineChannel> {
    if (this.state.kind === 'running') return this.state.channel;
    if (this.state.kind === 'ended') return Promise.reject(ended());
    try {
      this.options.permit();
      this.rest();
    } catch (error) {
      return Promise.reject(error);
    }
    return this.start();
  }

  /** Refuses to start an engine that crashes again and again, for as long as the longest wait. */
  private rest(): void {
    const since = Date.now() - this.lastCrash;
    if (since > healthyAfter) this.crashes = 0;
    if (this.crashes < crashesInARow || since > this.backOff()) return;
    throw new UnrollError(
      'closed',
      'The engine stopped {0} times in a row and rests for a moment; look into the engine log for the reason, then try again.',
      this.crashes,
    );
  }

  private backOff(): number {
    const wait = this.options.backOff ?? ((crashes) => Math.min(30_000, 250 * 4 ** (crashes - 1)));
    return this.crashes === 0 ? 0 : wait(this.crashes);
  }

  private async start(): Promise<EngineChannel> {
    const wait = this.backOff();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    // Others may have asked during the wait: they share one process.
    if (this.state.kind === 'running') return this.state.channel;
    if (this.state.kind === 'ended') throw ended();
    const child = this.options.fork();
    const channel = this.handshake(child);
    this.state = { kind: 'running', child, channel };
    return channel;
  }

  private async handshake(child: EngineChild): Promise<EngineChannel> {
    const channel: EngineChannel = new Channel(child.port, {});
    let info: EngineInfo | null = null;
    channel.on('log', ({ level, text }) => this.options.log(level, text));
    channel.on('run', (event) => this.runEmitter.fire(event));
    channel.on('download', (progress) => this.downloadEmitter.fire(progress));
    channel.onClose((why) => this.closed(why, info !== null));
    const timeout = AbortSignal.timeout(this.options.startTimeout ?? 60_000);
    try {
      info = await channel.request('info', {}, timeout);
    } catch (error) {
      const failure = explainStart(error, child.lastLines());
      this.options.log('error', failure.stack ?? failure.message);
      child.kill();
      channel.close('it did not start');
      throw failure;
    }
    const providers = info.providers.join(', ');
    this.options.log('info', `Engine ${child.pid}: onnxruntime ${info.onnxruntime}, Node ${info.node}, ${providers}`);
    return channel;
  }

  private closed(why: string, worked: boolean): void {
    if (this.state.kind === 'ended') return;
    this.state = { kind: 'idle' };
    if (Date.now() - this.lastCrash > healthyAfter) this.crashes = 0;
    this.crashes += 1;
    this.lastCrash = Date.now();
    this.options.log('error', `The engine went away: ${why}`);
    if (worked) this.crashEmitter.fire({ why });
  }
}

const ended = () => new UnrollError('closed', 'Unroll is shutting down.');
