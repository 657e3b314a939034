import { Channel, type Silent } from '../../extension/protocol/channel';
import { type DataFacts, type DataPanelContract, withProposal } from '../../extension/protocol/facts';
import { button, progressRing } from '../controls/toolkit';
import { element } from '../dom';
import { explain, t } from '../l10n';
import { Navigation } from '../navigation';
import { startPage } from '../page';
import '../styles/page.css';
import '../styles/panel.css';
import '../styles/charts.css';
import '../styles/data.css';
import '../styles/dataColumns.css';
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

/** Counts the readings, so that what an earlier one was asked for is not shown over a later one. */
let readings = 0;

async function open(): Promise<void> {
  waiting();
  const reading = ++readings;
  try {
    const { file, name, facts } = await channel.request('open', {});
    memory.keep({ file });
    arrange(name, facts);
    nav.restore();
    await propose(reading, name, facts);
  } catch (error) {
    if (reading === readings) failed(error);
  }
}

/** Finds what can be learnt, which takes longer than what the file holds. */
async function propose(reading: number, name: string, facts: DataFacts): Promise<void> {
  try {
    const proposed = await channel.request('propose', {});
    if (reading === readings) arrange(name, withProposal(facts, proposed));
  } catch (error) {
    if (reading === readings) header.giveUp(explain(error));
  }
}

function arrange(name: string, facts: DataFacts): void {
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
  const parts = [header.root, nav.root, ...sections.map(({ root }) => root)];
  const body = document.querySelector('main.panel');
  if (body === null) document.body.replaceChildren(element('main', { class: 'panel' }, ...parts));
  // What stands there already stays, and with it where the reader is.
  else for (const part of parts) if (part.parentElement !== body) body.append(part);
  shown = true;
}

channel.on('changed', () => {
  if (shown) header.tellChanged(true);
});
channel.on('permitted', () => {
  if (!shown) void open();
});
void open();
