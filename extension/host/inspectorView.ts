import * as vscode from 'vscode';
import { Channel, type Silent } from '../protocol/channel';
import type { InspectorContract } from '../protocol/panels';
import { DisposableBase } from './disposable';
import type { Engine } from './engineProcess';
import type { Inspection } from './inspection';
import type { Services } from './services';
import { OwnTraces, tracePages } from './tracePages';
import { showPage, webviewPort } from './webviewPage';

/** The side-panel inspector: what happens inside the model at the selected step. */
export class InspectorView extends DisposableBase implements vscode.WebviewViewProvider {
  static readonly id = 'unroll.inspector';

  constructor(
    private readonly extension: vscode.Uri,
    private readonly engine: Engine,
    private readonly inspection: Inspection,
    private readonly editors: Pick<Services, 'panels' | 'models'>,
  ) {
    super();
    this._register(vscode.window.registerWebviewViewProvider(InspectorView.id, this));
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    const { inspection, editors } = this;
    const traces = new OwnTraces(this.engine);
    const listening: vscode.Disposable[] = [traces];
    const channel = new Channel<InspectorContract, Silent>(
      webviewPort(view, (disposable) => listening.push(disposable)),
      {
        ...tracePages(this.engine, ({ id }) => traces.add(id)),
        current: () => inspection.current,
        moveCursor: ({ step }) => {
          inspection.moveTo(step);
          return {};
        },
        openPanel: async () => {
          const cursor = inspection.current?.cursor;
          if (cursor?.kind === 'run') editors.panels.open(cursor.run, { section: 'inspector' });
          if (cursor?.kind === 'model') await editors.models.open(vscode.Uri.file(cursor.model));
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
