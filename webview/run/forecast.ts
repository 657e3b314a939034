import type { BacktestOrigin } from '../../extension/protocol/backtest';
import type { Forecast, ForecastChoice, Report, RunDetail } from '../../extension/protocol/run';
import type { WindowRef } from '../../extension/protocol/trace';
import { asCsv, asPng } from '../charts/export';
import { chartKeys } from '../charts/keys';
import type { Mark } from '../charts/marks';
import { type Line, type Picture, Plot, type Range } from '../charts/plot';
import { Readout } from '../charts/readout';
import { lineSample } from '../controls/icons';
import { type ButtonControl, button, checkbox, iconButton } from '../controls/toolkit';
import { element } from '../dom';
import { explain, t } from '../l10n';
import { decimalsFor, fixed, number, timeWriter, usualGap } from '../numbers';
import type { Memory } from '../page';
import type { SavePicture } from '../savePicture';
import { Section } from '../section';
import type { LineColour } from '../theme';
import { partName } from '../trace/parts';
import { backtestTable } from './backtest';
import { type Chosen, ForecastChoices } from './forecastChoices';
import { parts, rowNumber, spanOf, windowAt } from './forecastRows';
import { lastRows, placesOf } from './lastRows';
import { metricsTable } from './metricsTable';
import type { RunPageState } from './pageState';
import { ScoresTable } from './scoresTable';
import { seriesWords, targetWords } from './scoreWords';
import { seriesName } from './words';

interface Look {
  readonly colour: LineColour;
  readonly dash: readonly number[];
  readonly width: number;
}

/** Truth is ink; the model stands out; baselines stay behind, told apart by their dashes too. */
const looks: Readonly<Record<string, Look>> = {
  truth: { colour: 'ink', dash: [], width: 1.25 },
  model: { colour: 'orange', dash: [], width: 1.75 },
  persistence: { colour: 'blue', dash: [2, 3], width: 1.25 },
  seasonalNaive: { colour: 'purple', dash: [7, 3], width: 1.25 },
  drift: { colour: 'muted', dash: [1, 4], width: 1.25 },
  band: { colour: 'orange', dash: [], width: 0 },
  linear: { colour: 'green', dash: [5, 2, 1, 2], width: 1.25 },
};
const plain: Look = { colour: 'muted', dash: [], width: 1.25 };

/** Predictions beside the truth and the baselines, and how good they are. */
export class ForecastSection {
  readonly section = new Section('forecast', t('Forecast'));
  private readonly table = element('div');
  private readonly perTarget = new ScoresTable(targetWords(), (target) => this.choose({ target }));
  private readonly perSeries = new ScoresTable(seriesWords(), (series) => this.choose({ series }));
  /** Which of several series and targets is drawn. */
  private readonly drawn = element('h3', { class: 'drawn', hidden: true });
  private readonly box = element('div', { tabindex: 0, role: 'group' });
  private readonly readout = new Readout();
  private readonly toggles = element('div', { class: 'toggles', role: 'group', 'aria-label': t('Lines') });
  private readonly choices = new ForecastChoices(({ horizonStep, ...what }) => {
    if (horizonStep === undefined) return this.choose(what);
    this.memory.keep({ horizonStep });
    void this.load();
  });
  private readonly resetZoom: ButtonControl;
  private plot: Plot | null = null;
  private forecast: Forecast | null = null;
  private zoom: Range | null = null;
  private inspected: { readonly window: WindowRef; readonly steps: number } | null = null;
  private name = '';
  private asked = 0;
  /** The series that is drawn first, of several. */
  private worst: string | null = null;
  /** How many series the table lists. */
  private listed = 0;

  constructor(
    private readonly memory: Memory<RunPageState>,
    private readonly ask: (choice: ForecastChoice) => Promise<Forecast>,
    private readonly inspect: (window: WindowRef) => void,
    save: SavePicture,
  ) {
    this.resetZoom = button(t('Reset Zoom'), () => this.zoomTo(null), 'secondary');
    this.resetZoom.root.classList.add('reset');
    const title = () => `${this.name}: ${this.section.title}`;
    this.section.tools.append(
      this.resetZoom.root,
      ...this.choices.roots,
      iconButton(t('Save the picture…'), 'picture', () =>
        save(`${this.name}-forecast.png`, 'image/png', () => asPng(title(), [this.plot?.canvas ?? null])),
      ).root,
      iconButton(t('Save the numbers…'), 'table', () => save(`${this.name}-forecast.csv`, 'text/csv', () => this.csv()))
        .root,
      this.toggles,
    );
    this.section.content.append(
      this.table,
      this.perTarget.root,
      this.perSeries.root,
      this.drawn,
      this.readout.root,
      this.box,
    );
    chartKeys(
      this.box,
      () => this.forecast?.truth.length ?? 0,
      (index) => {
        this.hover(index);
        if (index !== null) this.readout.speak();
      },
    );
  }

  /** Follows the run: a forecast exists once something has been learnt and nothing is training. */
  show(detail: RunDetail): void {
    const { summary } = detail;
    this.name = summary.name;
    this.showReport(summary.report, summary.target, detail.backtest ?? []);
    const idle = !['preparing', 'training', 'paused'].includes(summary.state.kind);
    if (idle && (summary.report !== null || summary.best !== null)) void this.load();
    else if (idle)
      this.section.hold({
        kind: 'empty',
        text: t('There is no forecast: this run ended before its first epoch. Resume it or train again.'),
      });
    else
      this.section.hold({
        kind: 'empty',
        text: t('The forecast appears here when training ends; stop it to see the best so far.'),
      });
  }

  /** Marks the inspected window on the chart. */
  mark(window: WindowRef, steps: number): void {
    this.inspected = { window, steps };
    this.draw();
  }

  private showReport(report: Report | null, target: string, earlier: readonly BacktestOrigin[]): void {
    const tables = report === null ? [] : [metricsTable(report, target), backtestTable(report, earlier)];
    this.table.replaceChildren(...tables.filter((table) => table !== null));
    this.worst = report?.perSeries?.[0]?.series ?? null;
    this.listed = report?.perSeries?.length ?? 0;
    this.perTarget.show((report?.perTarget ?? []).map(({ target: name, ...scores }) => ({ name, ...scores })));
    this.perSeries.show(
      (report?.perSeries ?? []).map(({ series: name, ...scores }) => ({ name, ...scores })),
      report?.seriesTested,
    );
  }

  private choose(what: Pick<Chosen, 'series' | 'target'>): void {
    this.memory.keep(what);
    void this.load().then(() => this.drawn.scrollIntoView({ block: 'nearest' }));
  }

  private async load(): Promise<void> {
    const turn = ++this.asked;
    if (this.forecast === null)
      this.section.hold({ kind: 'loading', text: t('Forecasting every window of the series…') });
    try {
      const { horizonStep, series, target } = this.memory.value;
      const forecast = await this.ask({
        horizonStep,
        series: series === '' ? this.worst : series,
        target: target === '' ? null : target,
      });
      if (turn !== this.asked) return;
      this.take(forecast);
    } catch (error) {
      if (turn !== this.asked) return;
      this.section.hold({
        kind: 'error',
        text: explain(error),
        retry: { label: t('Try Again'), run: () => void this.load() },
      });
    }
  }

  private take(forecast: Forecast): void {
    this.forecast = forecast;
    this.section.hold({ kind: 'none' });
    this.box.setAttribute(
      'aria-label',
      t('Chart of {0}: truth, model and baselines over {1} rows', forecast.target, forecast.truth.length),
    );
    const { several, targets } = forecast;
    const drawn = [
      ...(several === undefined ? [] : [several.name]),
      ...(targets === undefined ? [] : [forecast.target]),
    ];
    this.drawn.hidden = drawn.length === 0;
    this.drawn.textContent = drawn.join(t(', '));
    this.perSeries.mark(several?.name ?? null);
    this.perTarget.mark(targets === undefined ? null : forecast.target);
    this.choices.offer(forecast, this.listed);
    const hidden = this.hiddenSeries();
    this.toggles.replaceChildren(
      ...this.names().map((name) => {
        const look = looks[name] ?? plain;
        return checkbox(
          this.titleOf(name),
          !hidden.has(name),
          (shown) => this.toggle(name, shown),
          lineSample(name === 'band' ? `${look.colour} interval` : look.colour, look.dash),
        ).root;
      }),
    );
    this.draw();
    this.zoomTo(lastRows(forecast));
    this.hover(null);
  }

  private names(): readonly string[] {
    const { series = [], band = null } = this.forecast ?? {};
    return ['truth', ...series.map(({ name }) => name), ...(band === null ? [] : ['band'])];
  }

  private titleOf(name: string): string {
    if (name !== 'band') return seriesName(name);
    return t('{0} % interval', Math.round(100 * (this.forecast?.band?.level ?? 0)));
  }

  private hiddenSeries(): Set<string> {
    return new Set(this.memory.value.hiddenSeries.split(' '));
  }

  private toggle(name: string, shown: boolean): void {
    const hidden = this.hiddenSeries();
    if (shown) hidden.delete(name);
    else hidden.add(name);
    this.memory.keep({ hiddenSeries: [...hidden].join(' ').trim() });
    this.draw();
  }

  private valuesOf(name: string): readonly (number | null)[] {
    if (name === 'truth') return this.forecast?.truth ?? [];
    return this.forecast?.series.find((series) => series.name === name)?.values ?? [];
  }

  private picture(forecast: Forecast): Picture {
    const x = placesOf(forecast);
    const hidden = this.hiddenSeries();
    // What is drawn last lies on top: the baselines first, then the truth, and the model above all.
    const { band } = forecast;
    const order = this.names()
      .filter((name) => name !== 'band')
      .toSorted((a, b) => rank(a) - rank(b));
    const lines: Line[] = order.map((name) => ({
      label: seriesName(name),
      ...(looks[name] ?? plain),
      alpha: 1,
      values: this.valuesOf(name),
      shown: !hidden.has(name),
      labelled: true,
    }));
    // The ends of the interval are lines that are not seen, so that they are in view.
    const ends = band === null ? [] : [band.low, band.high];
    for (const values of ends) {
      const shown = !hidden.has('band');
      lines.push({ label: '', ...(looks['band'] ?? plain), alpha: 1, values, shown, labelled: false });
    }
    const marks: Mark[] = parts.flatMap((part) => {
      const at = x[forecast.starts[part]];
      return at === undefined ? [] : [{ kind: 'border' as const, x: at, label: partName(part) }];
    });
    const { inspected } = this;
    const span = inspected === null ? null : spanOf(forecast, inspected.window, inspected.steps);
    const from = span === null ? undefined : x[span.from];
    const to = span === null ? undefined : x[span.to];
    if (from !== undefined && to !== undefined) marks.unshift({ kind: 'span', from, to, label: t('inspected') });
    const between = band === null ? null : { low: order.length, high: order.length + 1 };
    return { x, lines, marks, zoom: this.zoom, whole: null, band: between };
  }

  /** Inspects the window whose forecast stands at `row`. */
  private pick(row: number): void {
    const window = this.forecast === null ? null : windowAt(this.forecast, row);
    if (window !== null) this.inspect(window);
  }

  private draw(): void {
    if (this.forecast === null) return;
    const picture = this.picture(this.forecast);
    if (this.plot !== null) {
      this.plot.show(picture);
      return;
    }
    this.plot = new Plot(
      this.box,
      {
        height: 320,
        x: this.forecast.time === null ? 'count' : 'time',
        logX: false,
        logY: false,
        showX: true,
        endLabels: this.names()
          .filter((name) => name !== 'band')
          .map(seriesName),
        onHover: (index) => this.hover(index),
        onZoom: (range) => this.zoomTo(range),
        onPick: (index) => this.pick(index),
      },
      picture,
    );
  }

  private hover(index: number | null): void {
    const { forecast } = this;
    if (forecast === null) return;
    this.plot?.point(index);
    // Without a pointer, the last row that the model forecasts: the data may go on, unknown or between two windows.
    const last = this.valuesOf('model').findLastIndex((value) => value !== null);
    const row = index ?? (last < 0 ? forecast.truth.length - 1 : last);
    const at = forecast.time?.[row];
    const when = at === undefined ? number(rowNumber(forecast, row)) : timeWriter(usualGap(forecast.time ?? []))(at);
    const names = this.names().filter((name) => name !== 'band');
    const decimals = decimalsFor(names.map((name) => this.valuesOf(name)[row] ?? Number.NaN));
    const written = (value: number | null | undefined) => (value == null ? '\u2013' : fixed(value, decimals));
    const readings = names.map((name) => ({
      label: seriesName(name),
      sample: looks[name] ?? plain,
      value: written(this.valuesOf(name)[row]),
    }));
    const { band } = forecast;
    const [low, high] = [band?.low[row], band?.high[row]];
    const value = low == null || high == null ? '\u2013' : t('{0} to {1}', written(low), written(high));
    this.readout.show(
      forecast.time === null ? t('Row') : t('Time'),
      when,
      band === null ? readings : [...readings, { label: this.titleOf('band'), sample: null, value }],
    );
  }

  private zoomTo(range: Range | null): void {
    this.zoom = range;
    this.resetZoom.enable(range !== null);
    this.draw();
  }

  private csv(): Uint8Array {
    const { forecast } = this;
    if (forecast === null) return asCsv([], []);
    const rows = forecast.truth.map((truth, row) => {
      const at = forecast.time?.[row];
      const when = at === undefined ? rowNumber(forecast, row) : new Date(at).toISOString();
      const ends = forecast.band === null ? [] : [forecast.band.low[row] ?? null, forecast.band.high[row] ?? null];
      return [when, truth, ...forecast.series.map(({ values }) => values[row] ?? null), ...ends];
    });
    return asCsv(
      [
        forecast.time === null ? 'row' : 'time',
        forecast.target,
        ...forecast.series.map(({ name }) => name),
        ...(forecast.band === null ? [] : ['low', 'high']),
      ],
      rows,
    );
  }
}

const rank = (name: string): number => (name === 'model' ? 2 : name === 'truth' ? 1 : 0);
