import * as vscode from 'vscode';
import { DataPanel, type DataPanelServices } from './dataPanel';
import { DisposableBase } from './disposable';
import { webviewOptions } from './webviewPage';

const viewType = 'unroll.data';

/** The open data panels, one a file. */
export class DataPanels extends DisposableBase implements vscode.WebviewPanelSerializer {
  private readonly panels = new Map<string, DataPanel>();

  constructor(private readonly services: DataPanelServices) {
    super();
    this._register(vscode.window.registerWebviewPanelSerializer(viewType, this));
  }

  /** Opens a file's panel, or shows it where it is open. */
  open(file: vscode.Uri): void {
    const open = this.panels.get(file.fsPath);
    if (open !== undefined) {
      open.reveal();
      return;
    }
    const panel = vscode.window.createWebviewPanel(viewType, 'Unroll', vscode.ViewColumn.Active, {
      ...webviewOptions(this.services.extension),
      enableFindWidget: true,
    });
    this.adopt(panel, file);
  }

  /** After a reload the page says which file it showed; one that never got that far shows nothing worth keeping. */
  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const file = typeof state === 'object' && state !== null && 'file' in state ? state.file : undefined;
    if (typeof file === 'string' && file !== '' && !this.panels.has(file)) this.adopt(panel, vscode.Uri.file(file));
    else panel.dispose();
  }

  override dispose(): void {
    for (const panel of [...this.panels.values()]) panel.release();
    super.dispose();
  }

  private adopt(webviewPanel: vscode.WebviewPanel, file: vscode.Uri): void {
    const key = file.fsPath;
    this.panels.set(key, new DataPanel(webviewPanel, file, this.services));
    webviewPanel.onDidDispose(() => this.panels.delete(key));
  }
}
