import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

/** A process that answers every line of its standard input with a line of its standard output. */
export class LineProcess {
  private constructor(
    /** The line that it began with. */
    readonly greeting: string,
    private readonly child: ChildProcessByStdio<Writable, Readable, null>,
    private readonly lines: AsyncIterator<string>,
  ) {}

  /** Starts a command; null where it does not start or ends without a greeting. */
  static async start(command: string, args: readonly string[]): Promise<LineProcess | null> {
    const child = spawn(command, [...args], { stdio: ['pipe', 'pipe', 'ignore'] });
    child.on('error', () => undefined);
    child.stdin.on('error', () => undefined);
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const first = await lines.next();
    return first.done ? null : new LineProcess(first.value, child, lines);
  }

  /** The answer to a line; null where the process ended first, or was ended because `limitMs` had passed. */
  async ask(line: string, limitMs = Number.POSITIVE_INFINITY): Promise<string | null> {
    const timer = Number.isFinite(limitMs) ? setTimeout(() => this.child.kill('SIGKILL'), limitMs) : undefined;
    this.child.stdin.write(`${line}\n`);
    const { value, done } = await this.lines.next();
    clearTimeout(timer);
    return done ? null : value;
  }

  stop(): void {
    this.child.stdin.end();
  }
}
