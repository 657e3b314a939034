import * as vscode from 'vscode';
import { DisposableBase } from './disposable';
import { ModelPanel, type ModelPanelServices } from './modelPanel';

const viewType = 'unroll.model';

/** The read-only editor of `.onnx` files. It reads nothing itself: the page asks the engine, which a workspace must be trusted for. */
export class ModelEditors extends DisposableBase implements vscode.CustomReadonlyEditorProvider {
  private readonly shown = new Set<ModelPanel>();

  constructor(private readonly services: ModelPanelServices) {
    super();
    this._register(
      vscode.window.registerCustomEditorProvider(viewType, this, { webviewOptions: { enableFindWidget: true } }),
    );
  }

  openCustomDocument(uri: vscode.Uri): vscode.CustomDocument {
    return { uri, dispose: () => undefined };
  }

  resolveCustomEditor({ uri }: vscode.CustomDocument, panel: vscode.WebviewPanel): void {
    const shown = new ModelPanel(panel, uri, this.services);
    this.shown.add(shown);
    panel.onDidDispose(() => this.shown.delete(shown));
  }

  /** Opens a model file, or shows it where it is open. */
  async open(uri: vscode.Uri, { preserveFocus = false } = {}): Promise<void> {
    await vscode.commands.executeCommand('vscode.openWith', uri, viewType, { preserveFocus });
  }

  override dispose(): void {
    for (const each of this.shown) each.dispose();
    super.dispose();
  }
}
