import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';

/** The shape of one measured training step. */
export interface Row {
  readonly cell: 'RNN' | 'GRU' | 'LSTM';
  readonly T: number;
  readonly B: number;
  readonly I: number;
  readonly H: number;
  readonly threads: number;
}

/** A Python process with PyTorch in it, which takes a step when asked. */
export class TorchPeer {
  private constructor(
    readonly version: string,
    private readonly child: ChildProcessWithoutNullStreams,
    private readonly lines: AsyncIterator<string>,
  ) {}

  /** Starts `UNROLL_PYTHON`, else `python3`; null where that has no PyTorch. */
  static async start(): Promise<TorchPeer | null> {
    const child = spawn(process.env['UNROLL_PYTHON'] ?? 'python3', [path.resolve('bench/torchSteps.py')]);
    child.on('error', () => undefined);
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const first = await lines.next();
    if (first.done) return null;
    return new TorchPeer((JSON.parse(first.value) as { torch: string }).torch, child, lines);
  }

  async load(row: Row): Promise<void> {
    await this.ask(JSON.stringify(row));
  }

  /** Milliseconds of one step. */
  async step(): Promise<number> {
    return Number(await this.ask('step'));
  }

  stop(): void {
    this.child.stdin.end();
  }

  private async ask(line: string): Promise<string> {
    this.child.stdin.write(`${line}\n`);
    const { value, done } = await this.lines.next();
    if (done) throw new Error('The Python process ended before it answered.');
    return value;
  }
}
