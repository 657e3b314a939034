import { Channel, type Silent } from '../../extension/protocol/channel';
import { type DataFacts, type DataPanelContract, withProposal } from '../../extension/protocol/facts';
import { button, progressRing } from '../controls/toolkit';
import { element } from '../dom';
import { explain, t } from '../l10n';
import { Navigation } from '../navigation';
import { startPage } from '../page';
import type { Section } from '../section';
import '../styles/page.css';
import '../styles/panel.css';
import '../styles/charts.css';
import '../styles/data.css';
import '../styles/dataColumns.css';
import '../styles/dataSounds.css';
import { ColumnsSection } from './columns';
import { ClassesSection, VocabularySection } from './counts';
import { FilesSection } from './files';
import { DataHeader } from './header';
import { LengthsSection } from './lengths';
import { MissingSection } from './missing';
import { OverviewSection } from './overview';
import { freshState } from './pageState';
import { PreviewSection } from './preview';
import { SeriesSection } from './series';
import { SoundsSection } from './sounds';

const { port, memory } = startPage(freshState);
const channel = new Channel<Silent, DataPanelContract>(port, {});
const header = new DataHeader(
  () => void train(),
  () => void open(),
);
const overview = new OverviewSection();
const preview = new PreviewSection();
const columns = new ColumnsSection(memory);
const series = new SeriesSection();
const sounds = new SoundsSection((name, highest) => channel.request('sound', { name, highest }));
const files = new FilesSection();
const missing = new MissingSection();
const classes = new ClassesSection();
const lengths = new LengthsSection();
const vocabulary = new VocabularySection();
const nav = new Navigation(memory);
let shown = false;

type Opened = DataPanelContract['requests']['open']['result'];

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
    const opened = await channel.request('open', {});
    memory.keep({ file: opened.file });
    arrange(opened, opened.facts);
    nav.restore();
    await propose(reading, opened);
  } catch (error) {
    if (reading === readings) failed(error);
  }
}

/** Finds what can be learnt, which takes longer than what the file holds. */
async function propose(reading: number, opened: Opened): Promise<void> {
  try {
    const proposed = await channel.request('propose', {});
    if (reading === readings) arrange(opened, withProposal(opened.facts, proposed));
  } catch (error) {
    if (reading === readings) header.giveUp(explain(error));
  }
}

/** Those that have something to show. */
const shownOf = (
  sections: readonly { readonly section: Section; show(facts: DataFacts): boolean }[],
  facts: DataFacts,
): Section[] => sections.filter((each) => each.show(facts)).map(({ section }) => section);

function arrange({ name, data }: Opened, facts: DataFacts): void {
  header.show(name, data, facts);
  overview.show(facts);
  preview.show(facts);
  const isTable = facts.characters === null && facts.folder === null;
  if (isTable) {
    columns.show(facts);
    missing.show(facts);
  }
  const sections = [
    overview.section,
    preview.section,
    ...shownOf([series], facts),
    ...(isTable ? [columns.section, missing.section] : []),
    ...shownOf([sounds, files, classes, lengths, vocabulary], facts),
  ];
  nav.lead(sections);
  const parts = [header.root, nav.root, ...sections.map(({ root }) => root)];
  const body = document.querySelector('main.panel');
  if (body === null) document.body.replaceChildren(element('main', { class: 'panel' }, ...parts));
  // What stands there already stays, and with it where the reader is.
  else if (parts.some((part, i) => body.children[i] !== part) || body.children.length !== parts.length) {
    for (const [i, part] of parts.entries())
      if (body.children[i] !== part) body.insertBefore(part, body.children[i] ?? null);
    while (body.children.length > parts.length) body.lastElementChild?.remove();
  }
  shown = true;
}

channel.on('changed', () => {
  if (shown) header.tellChanged(true);
});
channel.on('permitted', () => {
  if (!shown) void open();
});
void open();
