import type { LayerOutline, SignalOutline, SignalRef, TraceOutline } from '../../extension/protocol/inspection';
import type { Inspected } from '../../extension/protocol/panels';
import { button } from '../controls/toolkit';
import { element, perFrame, setText } from '../dom';
import { t } from '../l10n';
import { decimalsFor, fixed, number, timeWriter, usualGap } from '../numbers';
import { Observable } from '../observable';
import { onThemeChange } from '../theme';
import { answerAt, type Choices, shownCharacter } from '../trace/choices';
import { equationList } from '../trace/equations';
import { forecastsIn, type TargetOutcome } from '../trace/forecasts';
import { partTitle } from '../trace/parts';
import { layerTitle, mean, unitCount } from '../trace/signals';
import type { StepValues, TraceSource } from '../trace/source';
import { stepControls } from '../trace/stepControls';
import type { Player, StepCursor } from '../trace/stepCursor';
import { answerList, hasTopList, outputList } from '../trace/topList';
import { outcome, readName } from '../trace/words';
import { cellView } from './cellView';
import { columnView } from './columnView';
import { strip } from './strip';

/** A part of the view that follows the step. */
export interface Part {
  readonly root: HTMLElement;
  /** `values` are those of the step; null: they are on their way, and what is shown stays. */
  point(step: number, values: StepValues | null): void;
  draw(): void;
}

/** One step of a trace, taken apart from input to forecast in a narrow column. */
export class StepView {
  readonly root = element('div');
  private readonly title = element('h1');
  private readonly where = element('p', { class: 'meaning' });
  private readonly problem = element('p', { class: 'error', role: 'alert', hidden: true });
  private readonly content = element('div');
  private readonly open: HTMLElement;
  private readonly controls: ReturnType<typeof stepControls>;
  private parts: readonly Part[] = [];
  /** Whether a layer's cell is shown where the layer comes up. */
  private readonly openCell = new Observable(false);
  private source: TraceSource | null = null;
  private readonly redraw = perFrame(() => {
    for (const part of this.parts) part.draw();
  });

  constructor(
    private readonly cursor: StepCursor,
    player: Player,
    openPanel: () => void,
    private readonly explain: (error: unknown) => string,
  ) {
    this.controls = stepControls(cursor, player, (step) => this.when(step));
    this.open = button('', openPanel, 'secondary').root;
    this.root.append(this.title, this.where, this.problem, this.controls.root, this.content, this.open);
    new ResizeObserver(this.redraw).observe(this.content);
    onThemeChange(this.redraw);
    cursor.step.watch(() => this.point());
  }

  /** Shows a step of a trace; the trace that was shown is closed. */
  show(inspected: Inspected, source: TraceSource): void {
    this.source?.close();
    this.source = source;
    const { outline } = source;
    this.cursor.begin(outline.steps, inspected.cursor.step);
    this.controls.refresh();
    this.name(inspected);
    const inputs = outline.columns.map((column, index) => signalView(source, { of: 'column', index }, column));
    const layers = outline.layers.map((layer, i) => layerView(source, layer, i, this.openCell));
    const read = outline.characters === null ? [] : [readView(outline.characters)];
    const answers = outline.choices === null ? [] : [answerView(outline, outline.choices)];
    const outputs = outline.outputs.flatMap((output, index) => {
      const ref = { of: 'output', index } as const;
      const own = [signalView(source, ref, output)];
      return hasTopList(output.units) ? [...own, largestView(ref, output)] : own;
    });
    const said = inspected.kind === 'run' ? [outcomeView(source)] : [];
    this.parts = [...inputs, ...read, ...layers, ...outputs, ...said, ...answers];
    const heading = (text: string) => element('h2', {}, text);
    this.content.replaceChildren(
      heading(t('Input')),
      ...[...inputs, ...read].map(({ root }) => root),
      ...layers.map(({ root }) => root),
      ...(outputs.length > 0 ? [heading(t('Outputs'))] : []),
      ...outputs.map(({ root }) => root),
      ...(inspected.kind === 'run' ? [heading(outline.choices === null ? t('Forecast') : t('Answer'))] : []),
      ...[...said, ...answers].map(({ root }) => root),
      ...(outline.forecast.length > 1 ? [outcomeTable(forecastsIn(outline))] : []),
    );
    source.onArrival((what) => (what === 'steps' ? this.point() : this.redraw()));
    source.failure.watch((error) => {
      this.problem.hidden = error === null;
      setText(this.problem, error === null ? '' : this.explain(error));
    });
    this.point();
  }

  /** Lets go of the trace. */
  close(): void {
    this.source?.close();
    this.source = null;
    this.parts = [];
  }

  private point(): void {
    const step = this.cursor.step.value;
    const values = this.source?.stepValues(step) ?? null;
    for (const part of this.parts) part.point(step, values);
  }

  /** Says which run or file is looked at. */
  private name(inspected: Inspected): void {
    const { kind, cursor } = inspected;
    const path = cursor.kind === 'run' ? cursor.run : cursor.model;
    setText(this.title, kind === 'run' ? runName(path) : lastOf(path));
    this.title.title = path;
    setText(this.open, kind === 'run' ? t('Open in the Run Panel') : t('Open the Model'));
    if (kind === 'run') {
      const { window, windows, series } = inspected.trace;
      const where = t('{0} part, {1} of {2}', partTitle(window.part), window.index + 1, windows);
      setText(this.where, series === undefined ? where : `${where} · ${series}`);
    } else setText(this.where, readName(inspected.trace.input));
  }

  private when(step: number): string {
    const time = this.source?.outline.time ?? [];
    const at = time[step];
    return at === undefined ? '' : timeWriter(usualGap(time))(at);
  }
}

/** A run's name, from its folder's: what follows the time it was begun. */
function runName(dir: string): string {
  return lastOf(dir).replace(/^\d{8}-\d{6}-/, '');
}

const lastOf = (path: string): string => path.split(/[\\/]/).at(-1) ?? path;

/** A signal: its value where it is one number, else its values as bars. */
function signalView(source: TraceSource, ref: SignalRef, signal: SignalOutline): Part {
  if (signal.units === 1) return columnView(source, ref, signal);
  const own = strip(ref, signal, new Observable<number | null>(null));
  return { ...own, point: (_, values) => own.point(values) };
}

/** The largest numbers of an output. */
function largestView(ref: SignalRef, output: SignalOutline): Part {
  const list = outputList(ref, output.name, (unit) => t('unit {0}', unit + 1));
  return { root: list.root, draw: () => undefined, point: (_, values) => list.point(values) };
}

/** What was said about the whole window. */
function outcomeView(source: TraceSource): Part {
  const root = element('p', { class: 'outcome' });
  return {
    root,
    draw: () => undefined,
    point: () => setText(root, outcome(source.outline, source.answer)),
  };
}

const around = 12;

/** The text that is read, with the step's character marked. */
function readView(characters: readonly string[]): Part {
  const before = element('span');
  const here = element('mark');
  const after = element('span');
  // Characters follow one another, words have spaces between them.
  const between = characters.some((token) => [...token].length > 1) ? ' ' : '';
  const text = (from: number, to: number) =>
    characters.slice(Math.max(0, from), Math.max(0, to)).map(shownCharacter).join(between);
  return {
    root: element('p', { class: 'read' }, before, here, after),
    draw: () => undefined,
    point: (step) => {
      setText(before, text(step - around, step) + between);
      setText(here, text(step, step + 1));
      setText(after, between + text(step + 1, step + 1 + around));
    },
  };
}

/** The likeliest answers at the step as bars, and what is right there. */
function answerView(outline: TraceOutline, choices: Choices): Part {
  const said = element('p', { class: 'outcome', hidden: true });
  const list = answerList(choices);
  return {
    root: element('div', {}, said, list.root),
    draw: () => undefined,
    point: (_, values) => {
      list.point(values);
      if (values === null) return;
      const text = answerAt(outline, values);
      said.hidden = text === null;
      setText(said, text ?? '');
    },
  };
}

/** A layer: its signals as strips that share the chosen unit, and its equations with the values of that unit. */
function layerView(source: TraceSource, layer: LayerOutline, index: number, openCell: Observable<boolean>): Part {
  const unit = new Observable<number | null>(null);
  const strips = layer.signals.map((signal, i) => strip({ of: 'layer', layer: index, signal: i }, signal, unit));
  const equations = equationList(layer.equations, t('Equations of {0}', layer.op));
  const said = element('p', { class: 'meaning' });
  let current: StepValues | null = null;
  const fill = () => {
    const values = current;
    setText(said, unit.value === null ? t('Values: mean of all units') : t('Values: unit {0}', unit.value + 1));
    equations.fill((name) => {
      const signal = layer.signals.findIndex((candidate) => candidate.name === name);
      if (signal < 0 || values === null) return null;
      const all = values.of({ of: 'layer', layer: index, signal });
      return number(unit.value === null ? mean(all) : (all[unit.value] ?? Number.NaN), 3);
    });
  };
  unit.watch(fill);
  const title = element(
    'h2',
    {},
    layerTitle(source.outline.layers, index),
    ' ',
    element('span', { class: 'meaning' }, unitCount(layer.hidden)),
  );
  const shown = layer.equations.length === 0 ? [] : [said, equations.root];
  const cell = cellView(source, layer, index, unit, openCell);
  return {
    root: element('section', {}, title, ...strips.map(({ root }) => root), ...shown, cell.root),
    draw: () => {
      for (const one of strips) one.draw();
      cell.draw();
    },
    point: (step, values) => {
      for (const one of strips) one.point(values);
      cell.point(step, values);
      if (values === null) return;
      current = values;
      fill();
    },
  };
}

/** A row a step of the horizon, of several columns each after the other. */
function outcomeTable(told: readonly TargetOutcome[]): HTMLElement {
  const rows = told.flatMap(({ target, forecast, truth }) => {
    const decimals = decimalsFor([...forecast, ...truth]);
    return forecast.map((value, i) => {
      const ahead = told.length > 1 && forecast.length === 1 ? '' : `+${i + 1}`;
      return element(
        'tr',
        {},
        element('th', { scope: 'row' }, [...(told.length > 1 ? [target] : []), ahead].join(' ').trim()),
        element('td', {}, fixed(value, decimals)),
        element('td', {}, fixed(truth[i] ?? Number.NaN, decimals)),
      );
    });
  });
  const column = (text: string) => element('th', { scope: 'col' }, text);
  const first = told.length > 1 ? t('Target') : t('step');
  const head = element('tr', {}, column(first), column(t('forecast')), column(t('truth')));
  return element('table', { class: 'numbers figures' }, element('thead', {}, head), element('tbody', {}, ...rows));
}
