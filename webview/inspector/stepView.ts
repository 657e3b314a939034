import type { Inspected } from '../../extension/protocol/panels';
import type { StepTrace, TracedChoices, TraceLayer, TraceSignal } from '../../extension/protocol/trace';
import { button } from '../controls/toolkit';
import { element, perFrame, setText } from '../dom';
import { t } from '../l10n';
import { decimalsFor, fixed, number, timeWriter, usualGap } from '../numbers';
import { Observable } from '../observable';
import { onThemeChange } from '../theme';
import { answerAt, likeliest, percent, placeAt, shownCharacter, shownName } from '../trace/choices';
import { equationList } from '../trace/equations';
import { paintLines } from '../trace/lines';
import { partTitle } from '../trace/parts';
import { atStep, extent, layerTitle, mean, unitCount } from '../trace/signals';
import { stepControls } from '../trace/stepControls';
import type { Player, StepCursor } from '../trace/stepCursor';
import { outcome, readName } from '../trace/words';
import { strip } from './strip';

/** A part of the view that follows the step. */
interface Part {
  point(step: number): void;
  draw(): void;
}

/** One step of a trace, taken apart from input to forecast in a narrow column. */
export class StepView {
  readonly root = element('div');
  private readonly title = element('h1');
  private readonly where = element('p', { class: 'meaning' });
  private readonly content = element('div');
  private readonly open: HTMLElement;
  private readonly controls: ReturnType<typeof stepControls>;
  private parts: readonly Part[] = [];
  private trace: StepTrace | null = null;

  constructor(
    private readonly cursor: StepCursor,
    player: Player,
    openPanel: () => void,
  ) {
    this.controls = stepControls(cursor, player, (step) => this.when(step));
    this.open = button('', openPanel, 'secondary').root;
    this.root.append(this.title, this.where, this.controls.root, this.content, this.open);
    const redraw = perFrame(() => {
      for (const part of this.parts) part.draw();
    });
    new ResizeObserver(redraw).observe(this.content);
    onThemeChange(redraw);
    cursor.step.watch((step) => {
      for (const part of this.parts) part.point(step);
    });
  }

  show(inspected: Inspected): void {
    const { trace, cursor } = inspected;
    this.trace = trace;
    this.cursor.begin(trace.trace.steps, cursor.step);
    this.controls.refresh();
    this.name(inspected);
    const inputs = trace.columns.map(signalView);
    const layers = trace.trace.layers.map((layer, i) => layerView(layer, i));
    const read = trace.characters === null ? [] : [readView(trace.characters)];
    const answers = trace.choices === null ? [] : [answerView(trace, trace.choices)];
    const outputs = inspected.kind === 'model' ? inspected.trace.outputs.map(signalView) : [];
    this.parts = [...inputs, ...read, ...layers, ...answers, ...outputs];
    const heading = (text: string) => element('h2', {}, text);
    this.content.replaceChildren(
      heading(t('Input')),
      ...[...inputs, ...read].map(({ root }) => root),
      ...layers.map(({ root }) => root),
      ...(outputs.length > 0 ? [heading(t('Outputs'))] : []),
      ...outputs.map(({ root }) => root),
      ...(inspected.kind === 'run' ? [heading(trace.choices === null ? t('Forecast') : t('Answer'))] : []),
      ...(inspected.kind === 'run' ? [element('p', { class: 'outcome' }, outcome(trace))] : []),
      ...answers.map(({ root }) => root),
      ...(trace.forecast.length > 1 ? [horizonTable(trace)] : []),
    );
    for (const part of this.parts) part.point(this.cursor.step.value);
  }

  /** Says which run or file is looked at. */
  private name(inspected: Inspected): void {
    const { kind, cursor } = inspected;
    const path = cursor.kind === 'run' ? cursor.run : cursor.model;
    setText(this.title, kind === 'run' ? runName(path) : lastOf(path));
    this.title.title = path;
    setText(this.open, kind === 'run' ? t('Open in the Run Panel') : t('Open the Model'));
    if (kind === 'run') {
      const { window, windows } = inspected.trace;
      setText(this.where, t('{0} window {1} of {2}', partTitle(window.part), window.index + 1, windows));
    } else setText(this.where, readName(inspected.trace.input));
  }

  private when(step: number): string {
    const at = this.trace?.time?.[step];
    return at === undefined ? '' : timeWriter(usualGap(this.trace?.time ?? []))(at);
  }
}

/** A run's name, from its folder's: what follows the time it was begun. */
function runName(dir: string): string {
  return lastOf(dir).replace(/^\d{8}-\d{6}-/, '');
}

const lastOf = (path: string): string => path.split(/[\\/]/).at(-1) ?? path;

/** An input: its value where it is one number, else its values as bars. */
function signalView(signal: TraceSignal): Part & { readonly root: HTMLElement } {
  return signal.units === 1 ? columnView(signal) : strip(signal, new Observable<number | null>(null));
}

/** One input column: its value at the step, and where that lies in the window. */
function columnView(column: TraceSignal): Part & { readonly root: HTMLElement } {
  const { min, max } = extent(column.values);
  const decimals = decimalsFor([min, max]);
  const canvas = element('canvas', { class: 'spark', 'aria-hidden': 'true' });
  const value = element('span', { class: 'figures' });
  let at = 0;
  const draw = () => {
    const line = { values: column.values, start: 0, colour: 'ink', points: 'none' } as const;
    paintLines(canvas, [line], { low: min, high: max }, { from: 0, to: column.values.length }, at);
  };
  const head = element(
    'div',
    { class: 'stripHead' },
    element('strong', {}, column.name),
    element('span', { class: 'meaning' }),
    value,
  );
  return {
    root: element('div', { class: 'signal' }, head, canvas),
    draw,
    point: (step) => {
      at = step;
      setText(value, fixed(column.values[step] ?? Number.NaN, decimals));
      draw();
    },
  };
}

const around = 12;

/** The text that is read, with the step's character marked. */
function readView(characters: readonly string[]): Part & { readonly root: HTMLElement } {
  const before = element('span');
  const here = element('mark');
  const after = element('span');
  const text = (from: number, to: number) =>
    characters.slice(Math.max(0, from), Math.max(0, to)).map(shownCharacter).join('');
  return {
    root: element('p', { class: 'read' }, before, here, after),
    draw: () => undefined,
    point: (step) => {
      setText(before, text(step - around, step));
      setText(here, text(step, step + 1));
      setText(after, text(step + 1, step + 1 + around));
    },
  };
}

const mostAnswers = 5;

/** The likeliest answers at the step as bars, and what is right there. */
function answerView(trace: StepTrace, choices: TracedChoices): Part & { readonly root: HTMLElement } {
  const said = element('p', { class: 'outcome' });
  const list = element('ol', { class: 'answers', 'aria-label': t('Likeliest answers') });
  return {
    root: element('div', {}, said, list),
    draw: () => undefined,
    point: (step) => {
      const text = answerAt(trace, step);
      said.hidden = text === null;
      setText(said, text ?? '');
      const items = likeliest(choices, placeAt(choices, step), mostAnswers).map(({ name, probability }) => {
        const bar = element('span', { class: 'bar', 'aria-hidden': 'true' });
        bar.style.setProperty('--share', String(probability));
        return element(
          'li',
          {},
          element('span', { class: 'name', title: name }, shownName(name, choices)),
          bar,
          element('span', { class: 'figures' }, percent(probability)),
        );
      });
      list.replaceChildren(...items);
    },
  };
}

/** A layer: its signals as strips that share the chosen unit, and its equations with the values of that unit. */
function layerView(layer: TraceLayer, index: number): Part & { readonly root: HTMLElement } {
  const unit = new Observable<number | null>(null);
  const strips = layer.signals.map((signal) => strip(signal, unit));
  const equations = equationList(layer.equations, t('Equations of {0}', layer.op));
  const said = element('p', { class: 'meaning' });
  let step = 0;
  const fill = () => {
    setText(said, unit.value === null ? t('Values: mean of all units') : t('Values: unit {0}', unit.value + 1));
    equations.fill((name) => {
      const signal = layer.signals.find((candidate) => candidate.name === name);
      if (signal === undefined) return null;
      const values = atStep(signal, step);
      return number(unit.value === null ? mean(values) : (values[unit.value] ?? Number.NaN), 3);
    });
  };
  unit.watch(fill);
  const title = element(
    'h2',
    {},
    layerTitle(layer, index),
    ' ',
    element('span', { class: 'meaning' }, unitCount(layer.hidden)),
  );
  const shown = layer.equations.length === 0 ? [] : [said, equations.root];
  return {
    root: element('section', {}, title, ...strips.map(({ root }) => root), ...shown),
    draw: () => {
      for (const one of strips) one.draw();
    },
    point: (to) => {
      step = to;
      for (const one of strips) one.point(to);
      fill();
    },
  };
}

function horizonTable({ forecast, truth }: StepTrace): HTMLElement {
  const decimals = decimalsFor([...forecast, ...truth]);
  const rows = forecast.map((value, i) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row' }, `+${i + 1}`),
      element('td', {}, fixed(value, decimals)),
      element('td', {}, fixed(truth[i] ?? Number.NaN, decimals)),
    ),
  );
  const column = (text: string) => element('th', { scope: 'col' }, text);
  const head = element('tr', {}, column(t('step')), column(t('forecast')), column(t('truth')));
  return element('table', { class: 'numbers figures' }, element('thead', {}, head), element('tbody', {}, ...rows));
}
