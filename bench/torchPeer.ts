import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { LineProcess } from './lineProcess';
import type { Row } from './rows';
import type { StartingPoint } from './startingPoint';
import type { TimedStep } from './turns';

/** A Python process with PyTorch in it, which takes a step when asked. */
export class TorchPeer {
  private constructor(
    readonly version: string,
    private readonly python: LineProcess,
  ) {}

  /** Starts `UNROLL_PYTHON`, else `python3`; null where that has no PyTorch. */
  static async start(): Promise<TorchPeer | null> {
    const python = await LineProcess.start(process.env['UNROLL_PYTHON'] ?? 'python3', [
      path.resolve('bench/torchSteps.py'),
    ]);
    return python && new TorchPeer((JSON.parse(python.greeting) as { torch: string }).torch, python);
  }

  /** Builds the row's model there, with these weights and this batch. */
  async load(row: Row, start: StartingPoint): Promise<void> {
    const folder = await mkdtemp(path.join(tmpdir(), 'unroll-bench-'));
    try {
      const names: [keyof StartingPoint, string][] = Object.keys(start).map((name) => [
        name as keyof StartingPoint,
        path.join(folder, `${name}.f32`),
      ]);
      for (const [name, file] of names) await writeFile(file, start[name]);
      await this.ask(JSON.stringify({ ...row, files: Object.fromEntries(names) }));
    } finally {
      await rm(folder, { recursive: true });
    }
  }

  async step(): Promise<TimedStep> {
    return JSON.parse(await this.ask('step')) as TimedStep;
  }

  stop(): void {
    this.python.stop();
  }

  private async ask(line: string): Promise<string> {
    const answer = await this.python.ask(line);
    if (answer === null) throw new Error('The Python process ended before it answered.');
    return answer;
  }
}
