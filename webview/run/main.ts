import { Channel, type Silent } from '../../extension/protocol/channel';
import type { RunPanelContract } from '../../extension/protocol/panels';
import type { EpochMetrics, RunDetail, RunEvent } from '../../extension/protocol/run';
import { button, progressRing } from '../controls/toolkit';
import { Architecture } from '../diagram/architecture';
import { element, perFrame } from '../dom';
import { explain, t } from '../l10n';
import { Navigation } from '../navigation';
import { startPage } from '../page';
import { pictureSaver } from '../savePicture';
import '../styles/page.css';
import '../styles/panel.css';
import '../styles/run.css';
import { Curves } from './curves';
import { ForecastSection } from './forecast';
import { GenerateSection } from './generate';
import { Header } from './header';
import { InspectorSection } from './inspector';
import { LagSection } from './lags';
import { freshState } from './pageState';
import { ResultsSection } from './results';

const { port, memory } = startPage(freshState);
const channel = new Channel<Silent, RunPanelContract>(port, {});
let detail: RunDetail | null = null;
/** The epochs of `detail`, which grow while the run trains: they are many, so they are not copied for each that arrives. */
let epochs: EpochMetrics[] = [];
const refreshHeader = perFrame(() => {
  if (detail !== null) header.show(detail);
});

const header = new Header((action) => channel.request('act', { action }), explain);
const save = pictureSaver(
  (picture) => channel.request('savePicture', picture),
  (error) => header.complain(explain(error)),
);
const curves = new Curves(memory, save);
const lags = new LagSection(save);
const forecast = new ForecastSection(
  memory,
  (choice) => channel.request('forecast', choice),
  (window) => {
    inspector.open(window);
    inspector.section.reveal();
  },
  save,
);
const architecture = new Architecture({ memory, summarise: null, save });
const inspector = new InspectorSection(
  memory,
  {
    trace: (window, signal) => channel.request('trace', { window }, signal),
    move: (step) => channel.request('moveCursor', { step }),
    host: channel,
  },
  (window, steps) => forecast.mark(window, steps),
);
const results = new ResultsSection((sequence, step) => {
  inspector.open({ part: 'test', index: sequence }, step ?? 0);
  inspector.section.reveal();
});
const generate = new GenerateSection(
  memory,
  (wish, signal) => channel.request('generate', wish, signal),
  (text) => channel.request('openText', { text }),
);
const nav = new Navigation(memory);
const body = element('main', { class: 'panel' }, header.root, nav.root);

/** Puts the page together for what the run learns. */
function build({ experiment }: RunDetail): void {
  const answers = experiment.task === 'forecast' ? forecast.section : results.section;
  const writes = experiment.task === 'language' ? [generate.section] : [];
  const sections = [curves.section, answers, ...writes, lags.section, architecture.section, inspector.section];
  body.append(...sections.map(({ root }) => root));
  nav.lead(sections);
}

function waiting(): void {
  const text = element('p', {}, t('Reading the run…'));
  document.body.replaceChildren(element('div', { class: 'notice whole', role: 'status' }, progressRing(), text));
}

function failed(error: unknown): void {
  const again = button(t('Try Again'), () => void open(), 'primary');
  const text = element('p', {}, explain(error));
  document.body.replaceChildren(element('div', { class: 'notice whole', role: 'alert' }, text, again.root));
}

function show(next: RunDetail): void {
  const first = detail === null;
  epochs = [...next.epochs];
  detail = { ...next, epochs };
  memory.keep({ run: next.summary.dir });
  if (first) build(detail);
  if (!body.isConnected) document.body.replaceChildren(body);
  header.show(detail);
  curves.show(detail);
  lags.show(detail);
  architecture.show(next.architecture, next.summary.name, true);
  if (next.experiment.task === 'forecast') forecast.show(next);
  else results.show(next);
  generate.show(next);
  inspector.show(next);
  if (first) nav.restore();
}

async function open(): Promise<void> {
  if (detail === null) waiting();
  try {
    show(await channel.request('open', {}));
  } catch (error) {
    if (detail === null) failed(error);
    else header.complain(explain(error));
  }
}

/** Takes one event into what is shown. What an event does not carry (the report, the best epoch) is asked for again. */
function follow(event: RunEvent): void {
  if (detail === null || event.run !== detail.summary.dir) return;
  const { summary } = detail;
  switch (event.kind) {
    case 'epoch': {
      const { epoch, validationLoss } = event.metrics;
      const better = validationLoss !== null && (summary.best === null || validationLoss < summary.best.validationLoss);
      const best = better ? { epoch, validationLoss } : summary.best;
      while ((epochs.at(-1)?.epoch ?? 0) >= epoch) epochs.pop();
      epochs.push(event.metrics);
      detail = { ...detail, summary: { ...summary, epoch, best } };
      curves.grow();
      lags.add(event.metrics);
      refreshHeader();
      return;
    }
    case 'progress':
      detail = { ...detail, progress: event.progress };
      header.progress(event.progress, summary.state, summary.epoch, summary.epochs);
      return;
    // The editor shows how far it is; when it ends, its state is told.
    case 'backtest':
      return;
    case 'state':
      detail = { ...detail, summary: { ...summary, state: event.state } };
      header.show(detail);
      void open();
      return;
  }
}

channel.on('run', (events) => events.forEach(follow));
channel.on('cursor', (cursor) => {
  if (cursor.run === detail?.summary.dir) inspector.follow(cursor);
});
channel.on('reveal', ({ section }) => nav.reveal(section));
void open();
