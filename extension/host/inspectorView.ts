import * as vscode from 'vscode';
import { Channel, type Silent } from '../protocol/channel';
import type { InspectorContract } from '../protocol/panels';
import { DisposableBase } from './disposable';
import type { Inspection } from './inspection';
import type { RunPanels } from './runPanels';
import { showPage, webviewPort } from './webviewPage';

/** The side-panel inspector: what happens inside the model at the selected step. */
export class InspectorView extends DisposableBase implements vscode.WebviewViewProvider {
  static readonly id = 'unroll.inspector';

  constructor(
    private readonly extension: vscode.Uri,
    private readonly inspection: Inspection,
    private readonly panels: RunPanels,
  ) {
    super();
    this._register(vscode.window.registerWebviewViewProvider(InspectorView.id, this));
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    const { inspection, panels } = this;
    const listening: vscode.Disposable[] = [];
    const channel = new Channel<InspectorContract, Silent>(
      webviewPort(view, (disposable) => listening.push(disposable)),
      {
        current: () => inspection.current,
        moveCursor: ({ step }) => {
          inspection.moveTo(step);
          return {};
        },
        openPanel: () => {
          if (inspection.current !== null) panels.open(inspection.current.cursor.run, { section: 'inspector' });
          return {};
        },
      },
    );
    listening.push(inspection.onDidInspect((inspected) => channel.emit('inspected', inspected)));
    listening.push(inspection.onDidMoveCursor((cursor) => channel.emit('cursor', cursor)));
    view.onDidDispose(() => {
      for (const each of listening) each.dispose();
    });
    showPage(view.webview, this.extension, 'inspector');
  }
}
