import { Channel, type Silent } from '../../extension/protocol/channel';
import type { DataPanelContract } from '../../extension/protocol/facts';
import { button, progressRing } from '../controls/toolkit';
import { element } from '../dom';
import { explain, t } from '../l10n';
import { Navigation } from '../navigation';
import { startPage } from '../page';
import '../styles/page.css';
import '../styles/panel.css';
import '../styles/charts.css';
import '../styles/data.css';
import { ColumnsSection } from './columns';
import { ClassesSection, LengthsSection, VocabularySection } from './counts';
import { DataHeader } from './header';
import { MissingSection } from './missing';
import { OverviewSection } from './overview';
import { freshState } from './pageState';
import { PreviewSection } from './preview';

const { port, memory } = startPage(freshState);
const channel = new Channel<Silent, DataPanelContract>(port, {});
const header = new DataHeader(
  () => void train(),
  () => void open(),
);
const overview = new OverviewSection();
const preview = new PreviewSection();
const columns = new ColumnsSection(memory);
const missing = new MissingSection();
const classes = new ClassesSection();
const lengths = new LengthsSection();
const vocabulary = new VocabularySection();
const nav = new Navigation(memory);
let shown = false;

function waiting(): void {
  const text = element('p', {}, t('Reading the data…'));
  document.body.replaceChildren(element('div', { class: 'notice whole', role: 'status' }, progressRing(), text));
}

function failed(error: unknown): void {
  const again = button(t('Try Again'), () => void open(), 'primary');
  const text = element('p', {}, explain(error));
  document.body.replaceChildren(element('div', { class: 'notice whole', role: 'alert' }, text, again.root));
  shown = false;
}

async function train(): Promise<void> {
  try {
    await channel.request('train', {});
  } catch (error) {
    header.complain(explain(error));
  }
}

async function open(): Promise<void> {
  waiting();
  try {
    const { file, name, facts } = await channel.request('open', {});
    memory.keep({ file });
    header.show(name, facts);
    overview.show(facts);
    preview.show(facts);
    const isTable = facts.characters === null;
    if (isTable) {
      columns.show(facts);
      missing.show(facts);
    }
    const sections = [
      overview.section,
      preview.section,
      ...(isTable ? [columns.section, missing.section] : []),
      ...[classes, lengths, vocabulary].filter((each) => each.show(facts)).map(({ section }) => section),
    ];
    nav.lead(sections);
    const body = element('main', { class: 'panel' }, header.root, nav.root, ...sections.map(({ root }) => root));
    document.body.replaceChildren(body);
    shown = true;
    nav.restore();
  } catch (error) {
    failed(error);
  }
}

channel.on('changed', () => {
  if (shown) header.tellChanged(true);
});
channel.on('permitted', () => {
  if (!shown) void open();
});
void open();
