import type { Port } from '../extension/protocol/channel';
import type { PageSetup } from '../extension/protocol/panels';
import { registerControls } from './controls/toolkit';
import { useTranslations } from './l10n';
import { useLanguage } from './numbers';

interface VsCodeApi {
  postMessage(data: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** What of a page survives a reload of the window: flat, so that a state written by another version can be checked. */
export type PageState = Readonly<Record<string, string | number | boolean>>;

/** Where the view was, kept by the editor for as long as the tab lives. */
export class Memory<S extends PageState> {
  constructor(
    private readonly api: VsCodeApi,
    private state: S,
  ) {}

  get value(): S {
    return this.state;
  }

  keep(change: Partial<S>): void {
    this.state = { ...this.state, ...change };
    this.api.setState({ version: 1, ...this.state });
  }
}

/** Takes from `saved` what has the type that `defaults` say it must have. */
function restore<S extends PageState>(saved: unknown, defaults: S): S {
  if (typeof saved !== 'object' || saved === null) return defaults;
  const known = Object.entries(saved).filter(([key, value]) => typeof value === typeof defaults[key]);
  return { ...defaults, ...Object.fromEntries(known) };
}

/** Starts a page: reads what the host put into it and gives the port to the host and the memory of the view. */
export function startPage<S extends PageState>(defaults: S): { readonly port: Port; readonly memory: Memory<S> } {
  const setup = JSON.parse(document.getElementById('setup')?.textContent ?? '{}') as PageSetup;
  useLanguage(setup.language);
  useTranslations(setup.translations);
  document.documentElement.lang = setup.language;
  registerControls();
  const api = acquireVsCodeApi();
  const port: Port = {
    post: (data) => api.postMessage(data),
    onMessage: (listener) => window.addEventListener('message', (event: MessageEvent<unknown>) => listener(event.data)),
    // A page ends with its document; there is nobody left to tell.
    onClose: () => undefined,
  };
  return { port, memory: new Memory(api, restore(api.getState(), defaults)) };
}

/** Whether the user asked for less motion, of the system or of the editor. */
export function reducedMotion(): boolean {
  return (
    document.body.classList.contains('vscode-reduce-motion') || matchMedia('(prefers-reduced-motion: reduce)').matches
  );
}
