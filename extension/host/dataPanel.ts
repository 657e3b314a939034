import path from 'node:path';
import * as vscode from 'vscode';
import { Channel, type Handlers, type Silent } from '../protocol/channel';
import { UnrollError } from '../protocol/errors';
import type { DataPanelContract } from '../protocol/facts';
import { DisposableBase } from './disposable';
import type { Engine } from './engineProcess';
import { showPage, webviewPort } from './webviewPage';

export interface DataPanelServices {
  readonly extension: vscode.Uri;
  readonly engine: Engine;
  /** What the page's button does; the same as the command. */
  readonly train: (file: vscode.Uri) => Promise<unknown>;
}

/** Programs write a file in many pieces; its change is told once it is left alone for this long, in ms. */
const settled = 300;

/** What a data file holds, in an editor tab. The file is read when the page asks, and never written. */
export class DataPanel extends DisposableBase {
  private readonly channel: Channel<DataPanelContract, Silent>;
  /** Ends the reading that is under way. */
  private reading: AbortController | null = null;
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly panel: vscode.WebviewPanel,
    private readonly uri: vscode.Uri,
    private readonly services: DataPanelServices,
  ) {
    super();
    const { extension } = services;
    const register = (disposable: vscode.Disposable) => this._register(disposable);
    this.channel = new Channel(webviewPort(panel, register), this.handlers());
    const name = path.posix.basename(uri.path);
    const pattern = new vscode.RelativePattern(
      vscode.Uri.joinPath(uri, '..'),
      name.replace(/[[\]{}*?]/g, (sign) => `[${sign}]`),
    );
    const watcher = this._register(vscode.workspace.createFileSystemWatcher(pattern));
    register(watcher.onDidChange(() => this.soon()));
    register(watcher.onDidCreate(() => this.soon()));
    register(watcher.onDidDelete(() => this.soon()));
    register({ dispose: () => clearTimeout(this.timer ?? undefined) });
    register(vscode.workspace.onDidGrantWorkspaceTrust(() => this.channel.emit('permitted', null)));
    register(panel.onDidDispose(() => this.release()));
    const icon = (theme: 'light' | 'dark') => vscode.Uri.joinPath(extension, 'media', `unroll-${theme}.svg`);
    panel.iconPath = { light: icon('light'), dark: icon('dark') };
    panel.title = name;
    showPage(panel.webview, extension, 'data');
  }

  reveal(): void {
    this.panel.reveal();
  }

  /** Lets go of the panel without closing it, so that the editor restores it after a reload. */
  release(): void {
    this.reading?.abort();
    super.dispose();
  }

  override dispose(): void {
    this.panel.dispose();
  }

  private handlers(): Handlers<DataPanelContract> {
    const { engine, train } = this.services;
    return {
      open: async (_, signal) => {
        // A page that comes back has forgotten what it waited for.
        this.reading?.abort();
        const reading = new AbortController();
        this.reading = reading;
        if (this.uri.scheme !== 'file') {
          throw new UnrollError(
            'usage',
            '{0} is not a file on disk; save a copy on disk and open that.',
            this.uri.path,
          );
        }
        const file = this.uri.fsPath;
        const stop = AbortSignal.any([signal, reading.signal]);
        const facts = await engine.request('dataFacts', { path: file }, stop);
        return { file, name: path.basename(file), facts };
      },
      propose: (_, signal) => {
        const stop = AbortSignal.any([signal, ...(this.reading === null ? [] : [this.reading.signal])]);
        return engine.request('dataProposal', { path: this.uri.fsPath, draft: null }, stop);
      },
      train: async () => {
        await train(this.uri);
        return {};
      },
    };
  }

  private soon(): void {
    clearTimeout(this.timer ?? undefined);
    this.timer = setTimeout(() => {
      if (!this.disposed) this.channel.emit('changed', null);
    }, settled);
  }
}
