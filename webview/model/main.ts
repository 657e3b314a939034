import { Channel, type Silent } from '../../extension/protocol/channel';
import type { ModelPanelContract } from '../../extension/protocol/panels';
import { button, progressRing } from '../controls/toolkit';
import { Architecture } from '../diagram/architecture';
import { element } from '../dom';
import { explain, t } from '../l10n';
import { Navigation } from '../navigation';
import { startPage } from '../page';
import { pictureSaver } from '../savePicture';
import '../styles/page.css';
import '../styles/panel.css';
import '../styles/model.css';
import { FindingsSection } from './findings';
import { ModelHeader } from './header';
import { ModelInspector } from './inspector';
import { freshState } from './pageState';
import { LayersSection, PortsSection } from './tables';

const { port, memory } = startPage(freshState);
const channel = new Channel<Silent, ModelPanelContract>(port, {});
const header = new ModelHeader();
const architecture = new Architecture({
  memory,
  summarise: (name) => channel.request('initializer', { name }),
  save: pictureSaver(
    (picture) => channel.request('savePicture', picture),
    (error) => header.complain(explain(error)),
  ),
});
const layers = new LayersSection();
const ports = new PortsSection();
const findings = new FindingsSection({
  examine: () => channel.request('examine', {}),
  repair: (codes) => channel.request('repair', { codes }),
});
const inspector = new ModelInspector(memory, {
  trace: (wish, signal) => channel.request('trace', { wish }, signal),
  chooseInputs: (kind) => channel.request('chooseInputs', { kind }),
  move: (step) => channel.request('moveCursor', { step }),
  host: channel,
});
const nav = new Navigation(memory);
const sections = [architecture.section, layers.section, ports.section, findings.section, inspector.section];
const body = element('main', { class: 'panel' }, header.root, nav.root, ...sections.map(({ root }) => root));
let shown = false;

function waiting(): void {
  const text = element('p', {}, t('Reading the model…'));
  document.body.replaceChildren(element('div', { class: 'notice whole', role: 'status' }, progressRing(), text));
}

function failed(error: unknown): void {
  const again = button(t('Try Again'), () => void open(), 'primary');
  const text = element('p', {}, explain(error));
  document.body.replaceChildren(element('div', { class: 'notice whole', role: 'alert' }, text, again.root));
}

async function open(): Promise<void> {
  if (!shown) waiting();
  try {
    const { name, model, ran } = await channel.request('open', {});
    const first = !shown;
    shown = true;
    if (first) {
      nav.lead(sections);
      document.body.replaceChildren(body);
    }
    header.show(name, model);
    architecture.show(model.description, name, model.purpose !== null);
    layers.show(model.description);
    ports.show(model.description);
    inspector.show(model, ran);
    void findings.show();
    if (first) nav.restore();
  } catch (error) {
    if (shown) header.complain(explain(error));
    else failed(error);
  }
}

channel.on('cursor', ({ step }) => inspector.follow(step));
channel.on('changed', () => void open());
void open();
