import path from 'node:path';
import * as vscode from 'vscode';
import { Channel, type Handlers, type Silent } from '../protocol/channel';
import type { TracedRun, TraceId, TraceOutline } from '../protocol/inspection';
import type { Cursor, RunPanelContract } from '../protocol/panels';
import { DisposableBase } from './disposable';
import type { Engine } from './engineProcess';
import { EventBatch } from './eventBatch';
import { openText } from './generate';
import type { Inspection } from './inspection';
import type { RunList } from './runList';
import { savePicture } from './savedPicture';
import { OwnTraces, tracePages } from './tracePages';
import { showPage, webviewPort } from './webviewPage';

type Requests = RunPanelContract['requests'];
type Section = RunPanelContract['events']['reveal']['section'];

/** What a panel's buttons do; the same functions as the commands. */
export type RunActions = Readonly<Record<Requests['act']['params']['action'], (run: string) => Promise<void>>>;

export interface RunPanelServices {
  readonly extension: vscode.Uri;
  readonly engine: Engine;
  readonly runs: RunList;
  readonly inspection: Inspection;
  readonly actions: RunActions;
}

/** A run in an editor tab. Closing it never stops the training. */
export class RunPanel extends DisposableBase {
  private readonly channel: Channel<RunPanelContract, Silent>;
  private readonly events: EventBatch;
  private readonly traces: OwnTraces;
  /** Ends the trace that is under way. */
  private running: AbortController | null = null;
  private trace: TracedRun | null = null;
  private tracing = 0;
  /** Whether what happens is told to the page, and whether the page has been given the run. */
  private listens = false;
  private opened = false;
  private pendingSection: Section | null = null;

  constructor(
    private readonly panel: vscode.WebviewPanel,
    private readonly run: string,
    private readonly services: RunPanelServices,
  ) {
    super();
    const { extension, engine, runs, inspection } = services;
    const register = (disposable: vscode.Disposable) => this._register(disposable);
    this.traces = this._register(new OwnTraces(engine));
    this.channel = new Channel(webviewPort(panel, register), this.handlers());
    // Before the page asks it has no use for events: what it is given then includes them.
    const events = this._register(new EventBatch((batch) => this.channel.emit('run', batch)));
    this.events = events;
    register(runs.onEvent((event) => event.run === run && this.listens && events.add(event)));
    register(runs.onDidChange(() => this.showTitle()));
    register(inspection.onDidMoveCursor((cursor) => this.tellCursor(cursor)));
    register(panel.onDidChangeViewState(() => this.followed()));
    register(panel.onDidDispose(() => this.release()));
    const icon = (theme: 'light' | 'dark') => vscode.Uri.joinPath(extension, 'media', `unroll-${theme}.svg`);
    panel.iconPath = { light: icon('light'), dark: icon('dark') };
    this.showTitle();
    showPage(panel.webview, extension, 'run');
  }

  get active(): boolean {
    return this.panel.active;
  }

  /** Shows the panel; a section is shown as soon as the page is there. */
  reveal(preserveFocus: boolean, section?: Section): void {
    if (!this.panel.active) this.panel.reveal(undefined, preserveFocus);
    if (section === undefined) return;
    if (this.opened) this.channel.emit('reveal', { section });
    else this.pendingSection = section;
  }

  /** Lets go of the panel without closing it, so that the editor restores it after a reload. */
  release(): void {
    super.dispose();
  }

  override dispose(): void {
    this.panel.dispose();
  }

  private handlers(): Handlers<RunPanelContract> {
    const { engine, inspection, actions } = this.services;
    const { run } = this;
    return {
      ...tracePages(engine, (made, from) => this.replace(made, from)),
      open: async () => {
        this.listens = true;
        this.events.clear();
        const release = this.events.hold();
        // What happened meanwhile follows the answer; the page may hear of an epoch twice.
        const detail = await engine.request('open', { run }).finally(() => setTimeout(release));
        this.panel.title = detail.summary.name;
        this.opened = true;
        if (this.pendingSection !== null) this.channel.emit('reveal', { section: this.pendingSection });
        this.pendingSection = null;
        return detail;
      },
      forecast: (params, signal) => engine.request('forecast', { run, ...params }, signal),
      trace: async ({ window }, signal) => {
        this.tracing += 1;
        try {
          this.running?.abort();
          const running = new AbortController();
          this.running = running;
          this.trace = await inspection.inspect(run, window, AbortSignal.any([signal, running.signal]));
          this.traces.add(this.trace.outline.id);
        } finally {
          this.tracing -= 1;
        }
        // The page learns of the step in a window only after it has the window.
        setTimeout(() => this.tellCursor(inspection.current?.cursor));
        return this.trace;
      },
      act: async ({ action }) => {
        await actions[action](run);
        return {};
      },
      moveCursor: ({ step }) => {
        this.follow();
        inspection.moveTo(step);
        return {};
      },
      generate: (wish, signal) => engine.request('generate', { model: run, wish }, signal),
      openText: async ({ text }) => {
        await openText(text);
        return {};
      },
      savePicture: (picture) => savePicture(this.run, picture),
    };
  }

  /** The page shows another version of what it showed. */
  private replace(made: TraceOutline, from: TraceId): void {
    this.traces.add(made.id);
    if (this.trace?.outline.id === from) this.trace = { ...this.trace, outline: made };
    this.services.inspection.replace(from, made);
  }

  private tellCursor(cursor: Cursor | undefined): void {
    if (cursor?.kind === 'run' && cursor.run === this.run && this.tracing === 0) this.channel.emit('cursor', cursor);
  }

  /** The panel that the user turns to is the one that the side panel follows. */
  private followed(): void {
    if (this.panel.active) this.follow();
  }

  private follow(): void {
    const { inspection } = this.services;
    if (this.trace !== null && inspection.subject !== this.run) inspection.show(this.run, this.trace);
  }

  private showTitle(): void {
    const summary = this.services.runs.find(this.run)?.summary;
    const title = summary?.name ?? path.basename(this.run);
    if (this.panel.title !== title) this.panel.title = title;
  }
}
