import { Channel, type Silent } from '../../extension/protocol/channel';
import type { Cursor, Inspected, InspectorContract } from '../../extension/protocol/panels';
import { button, progressRing } from '../controls/toolkit';
import { element } from '../dom';
import { explain, t } from '../l10n';
import { startPage } from '../page';
import { TraceSource } from '../trace/source';
import { Player, StepCursor, stepByKeys } from '../trace/stepCursor';
import '../styles/page.css';
import '../styles/inspector.css';
import { StepView } from './stepView';

const { port } = startPage({});
const channel = new Channel<Silent, InspectorContract>(port, {});
const cursor = new StepCursor((step) => channel.request('moveCursor', { step }));
const player = new Player(cursor);
let inspected: Cursor | null = null;

const complaint = element('p', { class: 'error', role: 'alert', hidden: true });
const view = new StepView(
  cursor,
  player,
  () => {
    complaint.hidden = true;
    channel.request('openPanel', {}).catch((error: unknown) => {
      complaint.textContent = explain(error);
      complaint.hidden = false;
    });
  },
  explain,
);
const body = element('main', { class: 'inspector' }, complaint, view.root);
stepByKeys(document.body, cursor, player);

function notice(...parts: readonly (Node | null)[]): void {
  document.body.replaceChildren(element('div', { class: 'notice whole' }, ...parts));
}

function show(current: Inspected | null): void {
  player.stop();
  inspected = current?.cursor ?? null;
  if (current === null) {
    view.close();
    notice(
      element('p', {}, t('Nothing is inspected yet.')),
      element(
        'p',
        {},
        t(
          'Open a finished run from the Runs view, or an .onnx file: the step you look at in its inspector is taken apart here.',
        ),
      ),
    );
    return;
  }
  if (!body.isConnected) document.body.replaceChildren(body);
  view.show(current, new TraceSource(current.trace.outline, channel));
}

/** Whether two cursors are in the same window or file. */
function areOfOne(a: Cursor, b: Cursor): boolean {
  if (a.kind === 'model') return b.kind === 'model' && a.model === b.model;
  if (b.kind !== 'run' || a.run !== b.run) return false;
  return a.window.part === b.window.part && a.window.index === b.window.index;
}

async function start(): Promise<void> {
  notice(progressRing(), element('p', {}, t('Reading what is inspected…')));
  try {
    show(await channel.request('current', {}));
  } catch (error) {
    notice(element('p', { role: 'alert' }, explain(error)), button(t('Try Again'), () => void start(), 'primary').root);
  }
}

channel.on('inspected', show);
channel.on('cursor', (next) => {
  if (inspected !== null && areOfOne(next, inspected)) cursor.follow(next.step);
});
void start();
