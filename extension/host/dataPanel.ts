import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { Channel, type Handlers, type Silent } from '../protocol/channel';
import { UnrollError } from '../protocol/errors';
import type { Draft } from '../protocol/experiment';
import type { DataPanelContract } from '../protocol/facts';
import { DisposableBase } from './disposable';
import type { Engine } from './engineProcess';
import { dataOfExperiment, parseExperimentFile } from './experimentFile';
import { showPage, webviewPort } from './webviewPage';
import { isExperiment, isFolder, rootOf } from './workspaceFiles';

export interface DataPanelServices {
  readonly extension: vscode.Uri;
  readonly engine: Engine;
  /** What the page's button does; the same as the command. */
  readonly train: (file: vscode.Uri) => Promise<unknown>;
}

/** Programs write a file in many pieces; its change is told once it is left alone for this long, in ms. */
const settled = 300;

/** What is shown: where the data is, and what an experiment file says of it. */
interface Shown {
  readonly path: string;
  readonly draft: Draft | null;
}

/** What a data file, a folder, or the data of an experiment file holds, in an editor tab. It is read when the page asks, and never written. */
export class DataPanel extends DisposableBase {
  private readonly channel: Channel<DataPanelContract, Silent>;
  /** Ends the reading that is under way. */
  private reading: AbortController | null = null;
  private shown: Shown;
  private readonly watchers = new Map<string, vscode.Disposable>();
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly panel: vscode.WebviewPanel,
    private readonly uri: vscode.Uri,
    private readonly services: DataPanelServices,
  ) {
    super();
    this.shown = { path: uri.fsPath, draft: null };
    const { extension } = services;
    const register = (disposable: vscode.Disposable) => this._register(disposable);
    this.channel = new Channel(webviewPort(panel, register), this.handlers());
    this.watch(vscode.Uri.joinPath(uri, '..'), literally(path.posix.basename(uri.path)));
    register({ dispose: () => clearTimeout(this.timer ?? undefined) });
    register(vscode.workspace.onDidGrantWorkspaceTrust(() => this.channel.emit('permitted', null)));
    register(panel.onDidDispose(() => this.release()));
    const icon = (theme: 'light' | 'dark') => vscode.Uri.joinPath(extension, 'media', `unroll-${theme}.svg`);
    panel.iconPath = { light: icon('light'), dark: icon('dark') };
    panel.title = path.posix.basename(uri.path);
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
        this.shown = isExperiment(this.uri) ? await this.readExperiment() : { path: file, draft: null };
        await this.watchData();
        const facts = await engine.request('dataFacts', this.shown, stop);
        const { draft } = this.shown;
        return { file, name: path.basename(file), data: draft === null ? null : draft.data.path, facts };
      },
      propose: (_, signal) => {
        const stop = AbortSignal.any([signal, ...(this.reading === null ? [] : [this.reading.signal])]);
        return engine.request('dataProposal', this.shown, stop);
      },
      sound: ({ name, highest }, signal) => engine.request('soundPicture', { ...this.shown, name, highest }, signal),
      train: async () => {
        await train(this.uri);
        return {};
      },
    };
  }

  /** The data of an experiment file, as the file says it on the disk. */
  private async readExperiment(): Promise<Shown> {
    const file = this.uri.fsPath;
    const text = await readFile(file, 'utf8').catch(() => {
      throw new UnrollError('experiment', '{0} is not there (any more); choose a file that exists.', file);
    });
    return dataOfExperiment(rootOf(this.uri), parseExperimentFile(text, file), file);
  }

  /** Watches what is shown, which an experiment file may change: of a folder what may be read in it. */
  private async watchData(): Promise<void> {
    const uri = vscode.Uri.file(this.shown.path);
    if (await isFolder(uri)) this.watch(uri, '{*,*/*}.{txt,wav,csv,tsv,TXT,WAV,CSV,TSV}');
    else this.watch(vscode.Uri.joinPath(uri, '..'), literally(path.posix.basename(uri.path)));
  }

  private watch(folder: vscode.Uri, files: string): void {
    const key = `${folder.fsPath} ${files}`;
    if (this.watchers.has(key) || this.disposed) return;
    const watcher = this._register(vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder, files)));
    this.watchers.set(key, watcher);
    this._register(watcher.onDidChange(() => this.soon()));
    this._register(watcher.onDidCreate(() => this.soon()));
    this._register(watcher.onDidDelete(() => this.soon()));
  }

  private soon(): void {
    clearTimeout(this.timer ?? undefined);
    this.timer = setTimeout(() => {
      if (!this.disposed) this.channel.emit('changed', null);
    }, settled);
  }
}

/** A name as a pattern that fits nothing else. */
const literally = (name: string) => name.replace(/[[\]{}*?]/g, (sign) => `[${sign}]`);
