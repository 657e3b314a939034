import '../fixtures/withoutEval';
import { Channel, type Handlers, type Port, type Silent } from '../../../extension/protocol/channel';
import type { InspectionRequests } from '../../../extension/protocol/inspection';
import type { RunPanelContract } from '../../../extension/protocol/panels';
import { detailOf, forecastOf } from '../fixtures/runs';
import { traceOf } from '../fixtures/traces';
import type { KeeperContract } from './traceWorker';

/** The run panel with a long trace, driven from within: frames are counted where they are made. */
export interface Bench {
  /** Durations in ms of the frames of so many seconds. */
  scrub(seconds: number): Promise<number[]>;
  play(seconds: number): Promise<number[]>;
  zoom(seconds: number): Promise<number[]>;
  /** What the page has asked for so far. */
  readonly traffic: { requests: number };
}

declare global {
  interface Window {
    bench: Bench;
  }
}

const query = new URLSearchParams(location.search);
const wanted = { units: Number(query.get('units')), steps: Number(query.get('steps')) };

const { port1, port2 } = new MessageChannel();
const worker = new Worker('/dist/test/webview/page/traceWorker.js');
worker.postMessage({ port: port2 }, [port2]);
const keeper = new Channel<Silent, KeeperContract>(
  {
    post: (data) => port1.postMessage(data),
    onMessage: (listener) => {
      port1.onmessage = (event) => listener(event.data);
    },
    onClose: () => undefined,
  },
  {},
);

let deliver: (data: unknown) => void = () => undefined;
window.acquireVsCodeApi = () => ({
  postMessage: (data) => deliver(data),
  getState: () => null,
  setState: () => undefined,
});
const port: Port = {
  // It was cloned on its way from the worker; a page of the editor gets it by one clone as well.
  post: (data) => window.dispatchEvent(new MessageEvent('message', { data })),
  onMessage: (listener) => {
    deliver = listener;
  },
  onClose: () => undefined,
};

const traffic = { requests: 0 };
const asked = ['tile', 'lines', 'steps', 'order', 'seek', 'project', 'edit', 'gradientChoices', 'gradients', 'match'];
const ofTraces = Object.fromEntries(
  asked.map((name) => [
    name,
    (params: unknown) => {
      traffic.requests += 1;
      return keeper.request('ask', { name: name as keyof InspectionRequests, params });
    },
  ]),
) as unknown as Handlers<{ readonly requests: InspectionRequests; readonly events: Record<never, never> }>;
new Channel<{ readonly requests: RunPanelContract['requests']; readonly events: RunPanelContract['events'] }, Silent>(
  port,
  {
    ...ofTraces,
    open: () => detailOf({ layers: [wanted.units] }),
    forecast: ({ horizonStep }) => forecastOf(144, 1, horizonStep),
    trace: async ({ window: part }) => {
      const outline = await keeper.request('keep', wanted);
      return { ...traceOf(part, { steps: 24, layers: [1], horizon: 1, windows: 1 }), outline };
    },
    act: () => ({}),
    moveCursor: () => ({}),
    generate: () => ({ text: '' }),
    openText: () => ({}),
    savePicture: () => ({}),
  },
);

/** Calls `work` in every frame of so many seconds, and measures how long each took to come. */
async function frames(seconds: number, work: (frame: number) => void): Promise<number[]> {
  const found: number[] = [];
  const next = () => new Promise<number>((done) => requestAnimationFrame(done));
  let before = await next();
  const began = before;
  for (let frame = 0; before - began < 1000 * seconds; frame++) {
    work(frame);
    const now = await next();
    found.push(now - before);
    before = now;
  }
  return found;
}

function surface(): HTMLElement {
  const found = document.querySelector<HTMLElement>('.surface');
  if (found === null) throw new Error('There is no trace to move over.');
  return found;
}

function point(type: string, x: number, y: number): void {
  const { left, top } = surface().getBoundingClientRect();
  surface().dispatchEvent(
    new PointerEvent(type, { clientX: left + x, clientY: top + y, bubbles: true, pointerId: 1, isPrimary: true }),
  );
}

window.bench = {
  traffic,
  // There and back across the pictures, 7 pixels a frame: 40 steps of 5,000 at a time.
  scrub: (seconds) => {
    const width = surface().clientWidth;
    return frames(seconds, (frame) => {
      const along = (7 * frame) % (2 * width);
      point('pointermove', along < width ? along : 2 * width - along - 1, 180);
    });
  },
  play: async (seconds) => {
    const press = () => surface().dispatchEvent(new KeyboardEvent('keydown', { key: ' ', bubbles: true }));
    press();
    const found = await frames(seconds, () => undefined);
    press();
    return found;
  },
  // In to a fiftieth around a place that wanders, and out again, as with a wheel.
  zoom: (seconds) => {
    const width = surface().clientWidth;
    return frames(seconds, (frame) => {
      const { left, top } = surface().getBoundingClientRect();
      const deltaY = Math.sin((frame / 60) * Math.PI) < 0 ? 40 : -40;
      surface().dispatchEvent(
        new WheelEvent('wheel', {
          deltaY,
          ctrlKey: true,
          clientX: left + width * (0.3 + 0.4 * Math.abs(Math.sin(frame / 97))),
          clientY: top + 180,
          bubbles: true,
          cancelable: true,
        }),
      );
    });
  },
};
