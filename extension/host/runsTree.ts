import * as vscode from 'vscode';
import type { RunState } from '../protocol/run';
import { DisposableBase } from './disposable';
import { t, translate } from './l10n';
import { describeRun, isTraining, type RunEntry, type RunList } from './runList';

const icons: Readonly<Record<RunState['kind'], vscode.ThemeIcon>> = {
  preparing: new vscode.ThemeIcon('sync~spin', new vscode.ThemeColor('charts.blue')),
  training: new vscode.ThemeIcon('sync~spin', new vscode.ThemeColor('charts.blue')),
  paused: new vscode.ThemeIcon('debug-pause', new vscode.ThemeColor('charts.yellow')),
  stopped: new vscode.ThemeIcon('debug-stop'),
  interrupted: new vscode.ThemeIcon('debug-disconnect', new vscode.ThemeColor('charts.yellow')),
  failed: new vscode.ThemeIcon('error', new vscode.ThemeColor('charts.red')),
  done: new vscode.ThemeIcon('pass', new vscode.ThemeColor('charts.green')),
};

/** A run in the tree; commands of its context menu get it as their argument. */
export class RunItem extends vscode.TreeItem {
  constructor(readonly entry: RunEntry) {
    const { summary } = entry;
    super(summary.name, vscode.TreeItemCollapsibleState.None);
    this.id = summary.dir;
    this.description = translate(describeRun(entry));
    this.iconPath = icons[summary.state.kind];
    const state = isTraining(summary.state) ? 'training' : summary.state.kind;
    // What a finished run can be used for hangs on what it has learnt.
    this.contextValue =
      summary.report === null || state !== 'done' ? `run.${state}` : `run.done.${summary.report.task}`;
    this.tooltip = tooltipOf(entry);
    this.accessibilityInformation = { label: `${summary.name}, ${this.description}` };
    this.command = { command: 'unroll.openRun', title: t('Open Run'), arguments: [this] };
  }
}

/** The tree *Runs*. It reads the list when it is first shown, so that a hidden tree starts no engine. */
export class RunsTree extends DisposableBase implements vscode.TreeDataProvider<RunItem> {
  private readonly view: vscode.TreeView<RunItem>;

  readonly onDidChangeTreeData: vscode.Event<undefined>;

  constructor(private readonly runs: RunList) {
    super();
    const changed = this._register(new vscode.EventEmitter<undefined>());
    this.onDidChangeTreeData = changed.event;
    this.view = this._register(vscode.window.createTreeView('unroll.runs', { treeDataProvider: this }));
    this._register(
      runs.onDidChange(() => {
        this.view.message = runs.failure === null ? '' : translate(runs.failure);
        changed.fire(undefined);
      }),
    );
  }

  /** The run folder of the selected item, for keys and commands that name no run. */
  get selected(): string | null {
    return this.view.selection[0]?.entry.summary.dir ?? null;
  }

  getTreeItem(item: RunItem): vscode.TreeItem {
    return item;
  }

  async getChildren(item?: RunItem): Promise<RunItem[]> {
    if (item !== undefined) return [];
    if (!this.runs.loaded) await this.runs.refresh();
    return this.runs.entries.map((entry) => new RunItem(entry));
  }
}

function tooltipOf({ summary }: RunEntry): string {
  const { state, report } = summary;
  const lines = [summary.name, t('{0} from {1}', summary.target, summary.data), summary.model];
  if (summary.best !== null) lines.push(t('Best epoch: {0}', summary.best.epoch));
  if (state.kind === 'failed') lines.push(translate(state.failure.text));
  if (report !== null) lines.push(translate(report.verdict));
  return lines.join('\n');
}
