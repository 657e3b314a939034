import * as vscode from 'vscode';
import { DisposableBase } from './disposable';
import { t, translate } from './l10n';
import { duration } from './quantities';
import type { RunEntry, RunList } from './runList';

/** One item while something trains: which run, how far, how long still. A click opens the run. */
export class StatusBar extends DisposableBase {
  private readonly item = this._register(
    vscode.window.createStatusBarItem('unroll.training', vscode.StatusBarAlignment.Left, 10),
  );

  /** The run that a click opens. */
  private target: string | null = null;

  constructor(private readonly runs: RunList) {
    super();
    this.item.name = t('Unroll training');
    this._register(runs.onDidChange(() => this.show()));
    this.show();
  }

  private show(): void {
    const [first, ...others] = this.runs.active;
    if (first === undefined) {
      this.item.hide();
      return;
    }
    const more = others.length === 0 ? '' : ` (+${others.length})`;
    this.item.text = `${textOf(first)}${more}`;
    this.opens(first);
    this.item.accessibilityInformation = { label: this.item.text.replace(/\$\([^)]*\)\s*/g, ''), role: 'button' };
    this.item.show();
  }

  /** A new command replaces the one that a click may be on its way to, and that click is lost: it is set only for another run. */
  private opens({ summary }: RunEntry): void {
    if (this.target === summary.dir) return;
    this.target = summary.dir;
    this.item.tooltip = t('Open the run panel of {0}', summary.name);
    this.item.command = { command: 'unroll.openRun', title: t('Open Run'), arguments: [summary.dir] };
  }
}

function textOf({ summary, progress }: RunEntry): string {
  const epoch = progress?.epoch ?? summary.epoch;
  if (summary.state.kind === 'paused') return `$(debug-pause) ${t('{0}: paused', summary.name)}`;
  if (summary.state.kind === 'preparing') return `$(sync~spin) ${t('{0}: preparing', summary.name)}`;
  const far = t('{0}: epoch {1} of {2}', summary.name, epoch, summary.epochs);
  const left = progress?.secondsLeft ?? null;
  const time = left === null ? '' : ` · ${t('{0} left', translate(duration(left)))}`;
  return `$(sync~spin) ${far}${time}`;
}
