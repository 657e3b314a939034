import * as vscode from 'vscode';
import type { RunPanelContract } from '../protocol/panels';
import { DisposableBase } from './disposable';
import type { Engine } from './engineProcess';
import type { Inspection } from './inspection';
import type { RunList } from './runList';
import { type RunActions, RunPanel } from './runPanel';
import { webviewOptions } from './webviewPage';

const viewType = 'unroll.run';

type Section = RunPanelContract['events']['reveal']['section'];

interface OpenOptions {
  /** What to scroll to. */
  readonly section?: Section;
  readonly preserveFocus?: boolean;
}

/** The open run panels, one a run. */
export class RunPanels extends DisposableBase implements vscode.WebviewPanelSerializer {
  private readonly panels = new Map<string, RunPanel>();

  constructor(
    private readonly extension: vscode.Uri,
    private readonly engine: Engine,
    private readonly runs: RunList,
    private readonly inspection: Inspection,
    private readonly actions: RunActions,
  ) {
    super();
    this._register(vscode.window.registerWebviewPanelSerializer(viewType, this));
  }

  /** The run of the panel that the user looks at, or null. */
  get activeRun(): string | null {
    for (const [run, panel] of this.panels) if (panel.active) return run;
    return null;
  }

  /** Opens a run's panel, or shows it where it is open. */
  open(run: string, { section, preserveFocus = false }: OpenOptions = {}): void {
    const open = this.panels.get(run);
    if (open !== undefined) {
      open.reveal(preserveFocus, section);
      return;
    }
    const place = { viewColumn: vscode.ViewColumn.Active, preserveFocus };
    const panel = vscode.window.createWebviewPanel(viewType, 'Unroll', place, {
      ...webviewOptions(this.extension),
      enableFindWidget: true,
    });
    this.adopt(panel, run).reveal(preserveFocus, section);
  }

  close(run: string): void {
    this.panels.get(run)?.dispose();
  }

  /** After a reload the page says which run it showed; one that never got that far shows nothing worth keeping. */
  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const run = typeof state === 'object' && state !== null && 'run' in state ? state.run : undefined;
    if (typeof run === 'string' && !this.panels.has(run)) this.adopt(panel, run);
    else panel.dispose();
  }

  override dispose(): void {
    for (const panel of [...this.panels.values()]) panel.release();
    super.dispose();
  }

  private adopt(webviewPanel: vscode.WebviewPanel, run: string): RunPanel {
    const { extension, engine, runs, inspection, actions } = this;
    const panel = new RunPanel(webviewPanel, run, { extension, engine, runs, inspection, actions });
    this.panels.set(run, panel);
    webviewPanel.onDidDispose(() => {
      this.panels.delete(run);
      // Its traces go with it: the side panel would follow what nobody holds any more.
      inspection.forget(run);
    });
    return panel;
  }
}
