import type { StepTrace, TraceSignal } from '../../extension/protocol/trace';
import { type ButtonControl, button } from '../controls/toolkit';
import { element, setText } from '../dom';
import { t } from '../l10n';
import { timeWriter, usualGap } from '../numbers';
import { Observable } from '../observable';
import { choiceRow, textRow } from './choiceRows';
import { answerAt, answersEveryStep, isTranscript, shownCharacter, shownName } from './choices';
import { axisRow, columnRow, heatRow } from './rows';
import { layerTitle, unitCount } from './signals';
import { Stack, type StackRow } from './stack';
import { stepControls } from './stepControls';
import { Player, StepCursor, stepByKeys } from './stepCursor';
import { type StepTable, stepTable } from './stepTable';
import { agreement } from './words';

/** What went through a model: the input, every layer's signals, the answers; one axis, one cursor. */
export class TraceView {
  readonly root = element('div');
  /** Shows all steps again; stands wherever the tools of the section are. */
  readonly resetZoom: ButtonControl;
  private readonly cursor: StepCursor;
  private readonly player: Player;
  private readonly stack: Stack;
  private readonly said = element('p', { class: 'outcome' });
  private readonly atStep = element('p', { class: 'outcome', hidden: true });
  private readonly tables = element('details', { class: 'tables', open: true });
  private readonly controls: ReturnType<typeof stepControls>;
  private shown: StepTrace | null = null;
  private stepTables: readonly StepTable[] = [];

  /**
   * @param area where the keys step.
   * @param move tells the host where the user went.
   * @param onStep is told of every step that is shown.
   */
  constructor(area: HTMLElement, move: (step: number) => Promise<unknown>, onStep: (step: number) => void) {
    this.cursor = new StepCursor(move);
    this.player = new Player(this.cursor);
    this.resetZoom = button(t('Reset Zoom'), () => this.stack.reset(), 'secondary');
    this.resetZoom.root.classList.add('reset');
    this.stack = new Stack(
      this.cursor,
      (zoomed) => this.resetZoom.enable(zoomed),
      (step) => this.describe(step),
    );
    this.controls = stepControls(this.cursor, this.player, (step) => this.when(step));
    this.tables.append(element('summary', {}, t('Numbers of this step')));
    this.root.append(this.said, this.controls.root, this.atStep, this.stack.root, this.tables);
    stepByKeys(area, this.cursor, this.player);
    this.cursor.step.watch((step) => {
      if (this.shown !== null) onStep(step);
      this.tellStep(step);
      if (this.tables.open) this.fillTables();
    });
    this.tables.addEventListener('toggle', () => this.fillTables());
  }

  get step(): number {
    return this.cursor.step.value;
  }

  /** The cursor moved elsewhere. */
  follow(step: number): void {
    this.cursor.follow(step);
  }

  /** Stops playing. */
  stop(): void {
    this.player.stop();
  }

  /** Shows a trace from `step` on, with a sentence about it; `outputs` are those of the model that have a value at each step. */
  show(trace: StepTrace, step: number, said: string, outputs: readonly TraceSignal[] = []): void {
    this.shown = trace;
    const { layers } = trace.trace;
    this.cursor.begin(trace.trace.steps, step);
    this.controls.refresh();
    setText(this.said, said);
    this.tellStep(this.step);
    this.showStack(trace, outputs);
    this.stepTables = layers.map((layer, i) => stepTable(layer, layerTitle(layer, i)));
    const titled = layers.map((layer, i) =>
      element('div', {}, element('h3', {}, layerTitle(layer, i)), this.stepTables[i]?.root ?? null),
    );
    this.tables.replaceChildren(
      element('summary', {}, t('Numbers of this step')),
      element('div', { class: 'columns' }, ...titled),
    );
    this.fillTables();
  }

  private showStack(shown: StepTrace, outputs: readonly TraceSignal[]): void {
    const { trace } = shown;
    const headings = new Map<StackRow, HTMLElement>();
    const rows: StackRow[] = [axisRow((step) => this.when(step) || String(step + 1))];
    for (const column of shown.columns) {
      const isTarget = column.name === shown.target;
      if (column.units > 1) rows.push(heatRow(column, new Observable<number | null>(null)));
      else rows.push(columnRow(column, isTarget ? continuation(shown) : [], isTarget ? 88 : 48, isTarget ? key() : []));
    }
    const { characters, choices } = shown;
    if (characters !== null) rows.push(textRow(t('text'), t('what is read'), characters.map(shownCharacter)));
    for (const [i, layer] of trace.layers.entries()) {
      const unit = new Observable<number | null>(null);
      const own = layer.signals.map((signal) => heatRow(signal, unit));
      const [first] = own;
      const title = element(
        'h3',
        {},
        layerTitle(layer, i),
        ' ',
        element('span', { class: 'meaning' }, unitCount(layer.hidden)),
      );
      if (first !== undefined)
        headings.set(first, heading(title, element('p', { class: 'meaning' }, agreement(layer))));
      rows.push(...own);
    }
    for (const [i, output] of outputs.entries()) {
      const row =
        output.units > 1 ? heatRow(output, new Observable<number | null>(null)) : columnRow(output, [], 48, []);
      if (i === 0) headings.set(row, heading(element('h3', {}, t('Outputs'))));
      rows.push(row);
    }
    if (choices !== null && answersEveryStep(choices)) {
      const answers = choiceRow(choices);
      headings.set(answers, heading(element('h3', {}, t('Answers'))));
      rows.push(answers);
      if (!isTranscript(choices)) {
        const right = choices.truth.map((name) => (name === null ? null : shownName(name, choices)));
        rows.push(textRow(t('truth'), t('what is right'), right));
      }
    }
    this.stack.show(rows, headings, trace.steps + shown.forecast.length);
  }

  /** What is answered at the step, where that is another thing than what is answered at the end. */
  private tellStep(step: number): void {
    const text = this.shown === null ? null : answerAt(this.shown, step);
    this.atStep.hidden = text === null;
    setText(this.atStep, text ?? '');
  }

  private when(step: number): string {
    const { shown } = this;
    if (shown === null || shown.time === null) return '';
    const gap = usualGap(shown.time);
    const last = shown.time.at(-1) ?? 0;
    return timeWriter(gap)(shown.time[step] ?? last + gap * (step - shown.time.length + 1));
  }

  private describe(step: number): string {
    const place = t('Step {0} of {1}', step + 1, this.cursor.count);
    const single = this.shown?.columns.filter(({ units }) => units === 1) ?? [];
    const values = single.map(({ name, values }) => `${name} ${values[step] ?? ''}`);
    const character = this.shown?.characters?.[step];
    const read = character === undefined ? [] : [shownCharacter(character)];
    const answer = this.shown === null ? '' : (answerAt(this.shown, step) ?? '');
    return [place, this.when(step), ...values, ...read, answer].filter((text) => text !== '').join(', ');
  }

  private fillTables(): void {
    if (this.tables.open) for (const table of this.stepTables) table.point(this.step);
  }
}

const heading = (...parts: readonly HTMLElement[]) => element('div', { class: 'heading' }, ...parts);

/** What followed the window, and what the model said would: the truth as rings, the forecast as dots. */
function continuation({ trace, truth, forecast }: StepTrace): Parameters<typeof columnRow>[1] {
  const start = trace.steps;
  return [
    { values: truth, start, colour: 'ink', points: 'ring' },
    { values: forecast, start, colour: 'orange', points: 'dot' },
  ];
}

function key(): readonly Node[] {
  return [
    element('span', { class: 'meaning' }, element('span', { class: 'ring', 'aria-hidden': 'true' }, '○ '), t('truth')),
    element(
      'span',
      { class: 'meaning' },
      element('span', { class: 'dot', 'aria-hidden': 'true' }, '● '),
      t('forecast'),
    ),
  ];
}
