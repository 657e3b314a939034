import path from 'node:path';
import * as vscode from 'vscode';
import { Channel, type Handlers, type Silent } from '../protocol/channel';
import { UnrollError } from '../protocol/errors';
import type { TraceId, TraceOutline } from '../protocol/inspection';
import type { ModelPanelContract, ModelRan } from '../protocol/panels';
import type { InputFileKind, InputKind } from '../protocol/trace';
import { DisposableBase } from './disposable';
import type { Engine } from './engineProcess';
import type { Inspection } from './inspection';
import { t } from './l10n';
import { repairCopy } from './repairCopy';
import { savePicture } from './savedPicture';
import { OwnTraces, tracePages } from './tracePages';
import { showPage, webviewPort } from './webviewPage';
import { tableEndings } from './workspaceFiles';

export interface ModelPanelServices {
  readonly extension: vscode.Uri;
  readonly engine: Engine;
  readonly inspection: Inspection;
}

/** Exporters write a file in many pieces; it is read again once it is left alone for this long, in ms. */
const settled = 300;

/** A model file in an editor tab. What it holds goes with the tab. */
export class ModelPanel extends DisposableBase {
  private readonly channel: Channel<ModelPanelContract, Silent>;
  private readonly file: string;
  private readonly traces: OwnTraces;
  /** Ends the run that is under way. */
  private running: AbortController | null = null;
  private ran: ModelRan | null = null;
  /** The files that the user chose to read inputs from, by the kind of input. */
  private readonly inputs = new Map<InputKind, string>();
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly panel: vscode.WebviewPanel,
    private readonly uri: vscode.Uri,
    private readonly services: ModelPanelServices,
  ) {
    super();
    const { extension, engine, inspection } = services;
    this.file = uri.fsPath;
    const register = (disposable: vscode.Disposable) => this._register(disposable);
    this.traces = this._register(new OwnTraces(engine));
    this.channel = new Channel(webviewPort(panel, register), this.handlers());
    const folder = vscode.Uri.joinPath(uri, '..');
    const watcher = this._register(
      vscode.workspace.createFileSystemWatcher(
        new vscode.RelativePattern(folder, globOf(path.posix.basename(uri.path))),
      ),
    );
    register(watcher.onDidChange(() => this.soon()));
    register(watcher.onDidCreate(() => this.soon()));
    register(watcher.onDidDelete(() => this.soon()));
    register({ dispose: () => clearTimeout(this.timer ?? undefined) });
    register(vscode.workspace.onDidGrantWorkspaceTrust(() => this.changed()));
    register(
      inspection.onDidMoveCursor((cursor) => {
        if (cursor.kind === 'model' && cursor.model === this.file) this.channel.emit('cursor', cursor);
      }),
    );
    register(panel.onDidChangeViewState(() => panel.active && this.follow()));
    register(panel.onDidDispose(() => this.dispose()));
    showPage(panel.webview, extension, 'model');
  }

  get active(): boolean {
    return this.panel.active;
  }

  override dispose(): void {
    if (!this.disposed) this.services.inspection.forget(this.file);
    this.ran = null;
    super.dispose();
  }

  private handlers(): Handlers<ModelPanelContract> {
    const { engine, inspection } = this.services;
    return {
      ...tracePages(engine, (made, from) => this.replace(made, from)),
      open: async (_, signal) => {
        // A page that comes back has forgotten what it waited for.
        this.running?.abort();
        if (this.uri.scheme !== 'file') {
          throw new UnrollError(
            'usage',
            '{0} is not a file on disk; save a copy on disk and open that.',
            this.uri.path,
          );
        }
        const model = await engine.request('openModel', { model: this.file }, signal);
        return { name: path.basename(this.file), model, ran: this.ran };
      },
      chooseInputs: ({ kind }) => this.chooseInputs(kind),
      initializer: ({ name }) => engine.request('initializer', { model: this.file, name }),
      examine: () => engine.request('examine', { model: this.file }),
      repair: ({ codes }) => repairCopy(engine, this.uri, codes),
      trace: async ({ wish }, signal) => {
        const inputs = this.inputs.get(wish.kind) ?? null;
        this.running?.abort();
        const running = new AbortController();
        this.running = running;
        const stop = AbortSignal.any([signal, running.signal]);
        const trace = await inspection.inspectModel(this.file, wish, inputs, stop);
        this.traces.add(trace.outline.id);
        // A tab that was closed meanwhile is not to be followed any more.
        if (this.disposed) inspection.forget(this.file);
        else this.ran = { wish, inputs: inputs === null ? null : path.basename(inputs), trace };
        return trace;
      },
      moveCursor: ({ step }) => {
        this.follow();
        inspection.moveTo(step);
        return {};
      },
      savePicture: (picture) => savePicture(this.file, picture),
    };
  }

  /** The page shows another version of what it showed. */
  private replace(made: TraceOutline, from: TraceId): void {
    this.traces.add(made.id);
    const trace = this.ran?.trace ?? null;
    if (this.ran !== null && trace?.outline.id === from) this.ran = { ...this.ran, trace: { ...trace, outline: made } };
    this.services.inspection.replace(from, made);
  }

  private async chooseInputs(kind: InputFileKind): Promise<{ readonly name: string } | null> {
    const name = path.basename(this.file);
    const { title, filters } = {
      file: { title: t('Inputs for {0}', name), filters: { JSON: ['json'] } },
      rows: { title: t('Rows for {0}', name), filters: { [t('Tables')]: [...tableEndings] } },
      text: { title: t('Vocabulary of {0}', name), filters: { JSON: ['json'] } },
    }[kind];
    const defaultUri = vscode.Uri.joinPath(this.uri, '..');
    const [chosen] = (await vscode.window.showOpenDialog({ title, openLabel: t('Choose'), defaultUri, filters })) ?? [];
    if (chosen === undefined) return null;
    this.inputs.set(kind, chosen.fsPath);
    return { name: path.basename(chosen.fsPath) };
  }

  /** The editor that the user turns to is what the side panel follows. */
  private follow(): void {
    const { inspection } = this.services;
    const trace = this.ran?.trace ?? null;
    if (trace !== null && inspection.subject !== this.file) inspection.showModel(this.file, trace);
  }

  private soon(): void {
    clearTimeout(this.timer ?? undefined);
    this.timer = setTimeout(() => {
      if (this.ran !== null) this.ran = { ...this.ran, trace: null };
      this.changed();
    }, settled);
  }

  private changed(): void {
    if (!this.disposed) this.channel.emit('changed', null);
  }
}

/** A file's name as a pattern that only it fits. */
const globOf = (name: string): string => name.replace(/[[\]{}*?]/g, (sign) => `[${sign}]`);
