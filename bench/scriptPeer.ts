import path from 'node:path';
import { LineProcess } from './lineProcess';
import { nameOf, type Row } from './rows';

/** What a script answers to a row: the milliseconds of one step, or why it has none. */
export type ScriptAnswer = { readonly ms: number; readonly measured: string } | { readonly failed: string };

/** Steps are taken for so long; a script that has not answered after the second time is ended. */
const [budgetMs, endMs] = [30_000, 150_000];

/**
 * A JavaScript library in a process of its own, so that its heap and its garbage are not this engine's. It runs a row alone, for
 * its steps can take longer than a turn, and on one thread whatever the row says: a row that differs in threads alone
 * is not measured again.
 */
export class ScriptPeer {
  private readonly known = new Map<string, number | null>();

  private constructor(
    readonly title: string,
    private readonly script: string,
    private child: LineProcess | null,
  ) {}

  /** Starts `dist/bench/<script>.js`; null where its library is not installed. */
  static async start(script: string): Promise<ScriptPeer | null> {
    const child = await ScriptPeer.spawn(script);
    return child && new ScriptPeer(child.greeting, script, child);
  }

  /** Milliseconds of one step, or null where it cannot run the row; `say` hears what was measured, or why not. */
  async measure(row: Row, say: (line: string) => void): Promise<number | null> {
    const name = nameOf(row);
    const before = this.known.get(name);
    if (before !== undefined) return before;
    this.child ??= await ScriptPeer.spawn(this.script);
    const answer = (await this.child?.ask(JSON.stringify({ row, budgetMs }), endMs)) ?? null;
    if (answer === null) this.child = null;
    const result: ScriptAnswer =
      answer === null
        ? { failed: `ended, or was ended after ${endMs / 1000} s without two steps` }
        : (JSON.parse(answer) as ScriptAnswer);
    const ms = 'failed' in result ? null : result.ms;
    say(`  ${this.title}, ${name}: ${'failed' in result ? result.failed : result.measured}`);
    this.known.set(name, ms);
    return ms;
  }

  stop(): void {
    this.child?.stop();
  }

  private static spawn(script: string): Promise<LineProcess | null> {
    return LineProcess.start(process.execPath, [path.resolve(`dist/bench/${script}.js`)]);
  }
}
