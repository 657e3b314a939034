import '../fixtures/withoutEval';
import { Channel, type Contract, type Handlers, type Port, type Silent } from '../../../extension/protocol/channel';
import type { DataPanelContract } from '../../../extension/protocol/facts';
import type { InspectionRequests } from '../../../extension/protocol/inspection';
import type {
  Cursor,
  Inspected,
  InspectorContract,
  ModelPanelContract,
  RunCursor,
  RunPanelContract,
} from '../../../extension/protocol/panels';
import type { RunEvent } from '../../../extension/protocol/run';
import type { StepTrace, TraceSignal, WindowRef } from '../../../extension/protocol/trace';
import type { TraceHost } from '../../../webview/trace/source';
import { type DataSceneName, dataScenes, factsAlone, proposedIn } from '../fixtures/data';
import { soundPictureOf } from '../fixtures/folders';
import { histogramOf } from '../fixtures/histogram';
import { type ModelScene, type ModelSceneName, modelFile, modelScenes } from '../fixtures/models';
import { outlined } from '../fixtures/outlined';
import { runDir } from '../fixtures/runs';
import { type SceneName, scenes } from '../fixtures/scenes';
import { wholeTrace } from '../fixtures/wholeTrace';

/** What a test can see and do. */
export interface FakeHost {
  readonly asked: { readonly name: string; readonly params: unknown }[];
  /** Content security policy violations. */
  readonly violations: string[];
  run(event: RunEvent): void;
  cursor(cursor: Cursor): void;
  reveal(section: RunPanelContract['events']['reveal']['section']): void;
  inspect(window: WindowRef): void;
  /** The model file is another one now. */
  change(): void;
  /** Resolves when the page has come to rest. */
  settled(): Promise<void>;
}

declare global {
  interface Window {
    host: FakeHost;
    acquireVsCodeApi: () => { postMessage(data: unknown): void; getState(): unknown; setState(state: unknown): void };
  }
}

const query = new URLSearchParams(location.search);
const view = query.get('view') ?? 'run';
const wantedScene = query.get('scene') ?? 'done';
const scene = scenes[(wantedScene in scenes ? wantedScene : 'done') as SceneName];
const modelScene: ModelScene | null = wantedScene in modelScenes ? modelScenes[wantedScene as ModelSceneName] : null;
const asked: { name: string; params: unknown }[] = [];
const violations: string[] = [];
document.addEventListener('securitypolicyviolation', (event) => {
  violations.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
});

// What the page posts is cloned and arrives later, as it does between an editor and its webview.
let deliver: (data: unknown) => void = () => undefined;
window.acquireVsCodeApi = () => ({
  postMessage: (data) => {
    const copy: unknown = structuredClone(data);
    setTimeout(() => deliver(copy), 0);
  },
  getState: () => JSON.parse(sessionStorage.getItem('state') ?? 'null') as unknown,
  setState: (state) => sessionStorage.setItem('state', JSON.stringify(state)),
});
const port: Port = {
  post: (data) => window.postMessage(data, '*'),
  onMessage: (listener) => {
    deliver = listener;
  },
  onClose: () => undefined,
};

const note = (name: string, params: unknown) => {
  asked.push({ name, params });
};
const never = <T>() => new Promise<T>(() => undefined);
let cursor: RunCursor = { kind: 'run', run: runDir, window: { part: 'test', index: 7 }, step: 3 };
const nothing = {};

let asking: TraceHost | null = null;

/** What goes through the model for the two windows after one. */
async function* nextWindows({ part, index }: WindowRef) {
  for (const window of [index + 1, index + 2]) {
    const trace = scene.trace({ part, index: window });
    if (window < trace.windows) yield { window, trace };
  }
}

/** Gives a trace out; what is asked of a trace from now on is asked of this one. */
function answering<T extends StepTrace & { readonly outputs?: readonly TraceSignal[] }>(trace: T, window?: WindowRef) {
  const simulation = modelScene?.simulation?.();
  asking = simulation ?? wholeTrace(trace, window === undefined ? null : () => nextWindows(window)).host;
  return simulation === undefined ? outlined(trace) : { ...trace, outline: simulation.outline };
}

const ofTraces = Object.fromEntries(
  ['tile', 'lines', 'steps', 'order', 'seek', 'project', 'edit', 'gradientChoices', 'gradients', 'match'].map(
    (name) => [name, (params: never) => asking?.request(name as keyof InspectionRequests, params)],
  ),
) as unknown as Handlers<{ readonly requests: InspectionRequests; readonly events: Record<never, never> }>;

/** Answers a page by its contract and writes down what it was asked. */
function noting<C extends Contract>(handlers: Handlers<C>): Handlers<C> {
  const noted = Object.entries(handlers).map(([name, handler]) => [
    name,
    (params: unknown, signal: AbortSignal) => {
      note(name, params);
      return (handler as (params: unknown, signal: AbortSignal) => unknown)(params, signal);
    },
  ]);
  return Object.fromEntries(noted) as Handlers<C>;
}

function tell(next: Cursor): void {
  if (view === 'inspector') inspector.emit('cursor', next);
  else if (next.kind === 'model') modelPanel.emit('cursor', next);
  else panel.emit('cursor', next);
}

function move(step: number): Record<never, never> {
  cursor = { ...cursor, step };
  tell(cursor);
  return nothing;
}

type PanelHost = { readonly requests: RunPanelContract['requests']; readonly events: RunPanelContract['events'] };
type ModelHost = { readonly requests: ModelPanelContract['requests']; readonly events: ModelPanelContract['events'] };
type DataHost = { readonly requests: DataPanelContract['requests']; readonly events: DataPanelContract['events'] };
type InspectorHost = { readonly requests: InspectorContract['requests']; readonly events: InspectorContract['events'] };

const deaf: Port = { ...port, onMessage: () => undefined };
const panel = new Channel<PanelHost, Silent>(
  view === 'run' ? port : deaf,
  noting<PanelHost>({
    ...ofTraces,
    open: () => (scene.open === null ? never() : scene.open()),
    forecast: (choice) => scene.forecast(choice),
    trace: ({ window: wanted }) => {
      cursor = { ...cursor, window: wanted };
      return answering(scene.trace(wanted), wanted);
    },
    act: () => nothing,
    generate: ({ prompt, seed, length }, signal) => {
      if (prompt === 'endless') {
        signal.addEventListener('abort', () => note('cancelled', {}));
        return never();
      }
      if (prompt === 'broken') throw new Error('model.onnx is missing');
      return { text: `${prompt === '' ? '' : ' '}and the sea was calm (${seed}). `.repeat(Math.ceil(length / 100)) };
    },
    openText: () => nothing,
    moveCursor: ({ step }) => move(step),
    savePicture: () => nothing,
  }),
);
const modelPanel = new Channel<ModelHost, Silent>(
  view === 'model' ? port : deaf,
  noting<ModelHost>({
    ...ofTraces,
    open: () => (modelScene === null || modelScene.open === null ? never() : modelScene.open()),
    chooseInputs: ({ kind }) => ({ name: kind === 'rows' ? 'sales.csv' : 'inputs.json' }),
    initializer: ({ name }) => histogramOf(name),
    examine: () => modelScene?.findings?.() ?? [],
    repair: () => ({ name: 'sentiment-repaired.onnx', repaired: [], left: [], difference: 1.2e-7 }),
    trace: ({ wish }, signal) => {
      if (modelScene !== null && modelScene.endless !== true) return answering(modelScene.trace(wish));
      signal.addEventListener('abort', () => note('cancelled', {}));
      return never();
    },
    moveCursor: () => nothing,
    savePicture: () => nothing,
  }),
);
const dataScene = dataScenes[(wantedScene in dataScenes ? wantedScene : 'data') as DataSceneName];
const dataPanel = new Channel<DataHost, Silent>(
  view === 'data' ? port : deaf,
  noting<DataHost>({
    open: () => {
      const opened = dataScene?.();
      return opened === undefined ? never() : { ...opened, facts: factsAlone(opened.facts) };
    },
    propose: () => (dataScene === null ? null : proposedIn(dataScene().facts)) ?? never(),
    sound: ({ name, highest }) => soundPictureOf(name, highest),
    train: () => nothing,
  }),
);
const inspected = (): Inspected => {
  if (modelScene === null) return { kind: 'run', cursor, trace: answering(scene.trace(cursor.window)) };
  const trace = modelScene.trace({
    kind: 'noise',
    seed: 1,
    steps: 20,
    batch: 1,
    row: 0,
    standardised: false,
    text: '',
  });
  return { kind: 'model', cursor: { kind: 'model', model: modelFile, step: cursor.step }, trace: answering(trace) };
};
const inspector = new Channel<InspectorHost, Silent>(
  view === 'inspector' ? port : deaf,
  noting<InspectorHost>({
    ...ofTraces,
    current: () => {
      if (scene.open === null) return never();
      return scene.inspected ? inspected() : null;
    },
    moveCursor: ({ step }) => move(step),
    openPanel: () => nothing,
  }),
);

const [quietFrames, quietTime, patience] = [8, 150, 5000];

/** Waits for some frames in which nothing of the document changes and nothing is asked; a page that never rests is given five seconds. */
async function settled(): Promise<void> {
  const began = performance.now();
  let [frames, since, before] = [0, began, asked.length];
  const stir = () => {
    [frames, since, before] = [0, performance.now(), asked.length];
  };
  const observer = new MutationObserver(stir);
  observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  while ((frames < quietFrames || performance.now() - since < quietTime) && performance.now() - began < patience) {
    await new Promise(requestAnimationFrame);
    frames += 1;
    if (asked.length !== before) stir();
  }
  observer.disconnect();
}

window.host = {
  asked,
  violations,
  run: (event) => panel.emit('run', [event]),
  cursor: tell,
  change: () => (view === 'data' ? dataPanel.emit('changed', null) : modelPanel.emit('changed', null)),
  reveal: (section) => panel.emit('reveal', { section }),
  inspect: (next) => {
    cursor = { ...cursor, window: next };
    inspector.emit('inspected', inspected());
  },
  settled,
};
