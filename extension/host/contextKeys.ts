import * as vscode from 'vscode';
import { DisposableBase } from './disposable';
import { isTraining, type RunList } from './runList';

/** Tells the menus and the palette what there is to act on, and nothing that they know already. */
export class ContextKeys extends DisposableBase {
  private readonly told = new Map<string, boolean>();

  constructor(private readonly runs: RunList) {
    super();
    this._register(runs.onDidChange(() => this.tell()));
  }

  /** Whether there are runs, from the disk alone: for the time before anybody has looked at the list. */
  async look(roots: readonly string[], hasRuns: (root: string) => Promise<boolean>): Promise<void> {
    const found = await Promise.all(roots.map(hasRuns));
    if (!this.runs.loaded) this.set('unroll.hasRuns', found.includes(true));
  }

  private tell(): void {
    const states = this.runs.entries.map(({ summary }) => summary.state);
    this.set('unroll.hasRuns', states.length > 0);
    this.set('unroll.training', states.some(isTraining));
    this.set(
      'unroll.paused',
      states.some(({ kind }) => kind === 'paused'),
    );
  }

  private set(key: string, value: boolean): void {
    if (this.told.get(key) === value) return;
    this.told.set(key, value);
    void vscode.commands.executeCommand('setContext', key, value);
  }
}
