import type { Part } from '../../extension/protocol/data';
import type { Cursor } from '../../extension/protocol/panels';
import type { RunDetail } from '../../extension/protocol/run';
import type { RunTrace, WindowRef } from '../../extension/protocol/trace';
import { slider } from '../controls/slider';
import { type ButtonControl, button, dropdown } from '../controls/toolkit';
import { element, setText } from '../dom';
import { explain, t } from '../l10n';
import { timeWriter, usualGap } from '../numbers';
import { Observable } from '../observable';
import type { Memory } from '../page';
import { choiceRow, textRow } from '../trace/choiceRows';
import { answerAt, answersEveryStep, isTranscript, shownCharacter, shownName } from '../trace/choices';
import { partName } from '../trace/parts';
import { axisRow, columnRow, heatRow } from '../trace/rows';
import { layerTitle, unitCount } from '../trace/signals';
import { Stack, type StackRow } from '../trace/stack';
import { stepControls } from '../trace/stepControls';
import { Player, StepCursor, stepByKeys } from '../trace/stepCursor';
import { type StepTable, stepTable } from '../trace/stepTable';
import { agreement, outcome } from '../trace/words';
import type { RunPageState } from './pageState';
import { Section } from './section';

interface Ask {
  readonly trace: (window: WindowRef, signal: AbortSignal) => Promise<RunTrace>;
  readonly move: (step: number) => Promise<unknown>;
}

const parts: readonly Part[] = ['train', 'validation', 'test'];

/** What happens inside the model on one window: the input, every layer's signals, the forecast; one axis, one cursor. */
export class InspectorSection {
  readonly section = new Section('inspector', t('Inspector'));
  private readonly cursor: StepCursor;
  private readonly player: Player;
  private readonly stack: Stack;
  private readonly outcome = element('p', { class: 'outcome' });
  private readonly atStep = element('p', { class: 'outcome', hidden: true });
  private readonly error = element('p', { class: 'error', role: 'alert', hidden: true });
  private readonly tables = element('details', { class: 'tables', open: true });
  private readonly controls: ReturnType<typeof stepControls>;
  private readonly resetZoom: ButtonControl;
  private readonly part = dropdown(t('Part'), (value) => this.open({ part: value as Part, index: 0 }));
  private readonly window = slider(
    t('Window'),
    1,
    (index) => t('{0} of {1}', index + 1, this.shown?.windows ?? 1),
    (index) => this.open({ part: this.memory.value.part as Part, index }),
  );
  private shown: RunTrace | null = null;
  private stepTables: readonly StepTable[] = [];
  private asking: AbortController | null = null;

  constructor(
    private readonly memory: Memory<RunPageState>,
    private readonly ask: Ask,
    private readonly onShown: (window: WindowRef, steps: number) => void,
  ) {
    this.cursor = new StepCursor(ask.move);
    this.player = new Player(this.cursor);
    this.resetZoom = button(t('Reset Zoom'), () => this.stack.reset(), 'secondary');
    this.resetZoom.root.classList.add('reset');
    this.stack = new Stack(
      this.cursor,
      (zoomed) => this.resetZoom.enable(zoomed),
      (step) => this.describe(step),
    );
    this.controls = stepControls(this.cursor, this.player, (step) => this.when(step));
    this.part.offer(
      parts.map((part) => ({ value: part, text: partName(part) })),
      memory.value.part,
    );
    this.section.tools.append(this.resetZoom.root, this.part.root, this.window.root);
    this.tables.append(element('summary', {}, t('Numbers of this step')));
    this.section.content.append(
      this.error,
      this.outcome,
      this.controls.root,
      this.atStep,
      this.stack.root,
      this.tables,
    );
    stepByKeys(this.section.root, this.cursor, this.player);
    this.cursor.step.watch((step) => {
      if (this.shown !== null) memory.keep({ step });
      this.tellStep(step);
      if (this.tables.open) this.fillTables();
    });
    this.tables.addEventListener('toggle', () => this.fillTables());
  }

  /** Follows the run: a window can be traced once something has been learnt and nothing is training. */
  show({ summary }: RunDetail): void {
    const idle = !['preparing', 'training', 'paused'].includes(summary.state.kind);
    if (idle && (summary.report !== null || summary.best !== null)) {
      const { part, window, step } = this.memory.value;
      this.open({ part: part as Part, index: window }, step);
    } else if (idle)
      this.section.hold({
        kind: 'empty',
        text: t('There is nothing to inspect: this run ended before its first epoch. Resume it or train again.'),
      });
    else
      this.section.hold({
        kind: 'empty',
        text: t('When training ends, the hidden state of any window can be stepped through here.'),
      });
  }

  /** The cursor moved elsewhere. */
  follow(cursor: Cursor): void {
    const { part, window } = this.memory.value;
    if (cursor.window.part !== part || cursor.window.index !== window) this.open(cursor.window, cursor.step);
    else this.cursor.follow(cursor.step);
  }

  /** Traces a window and shows it; what is shown stays until the other one is there. */
  open(window: WindowRef, step = this.cursor.step.value): void {
    this.player.stop();
    this.asking?.abort();
    const asking = new AbortController();
    this.asking = asking;
    this.memory.keep({ part: window.part, window: window.index });
    if (this.shown === null) this.section.hold({ kind: 'loading', text: t('Tracing the window through the model…') });
    this.ask.trace(window, asking.signal).then(
      (trace) => {
        if (!asking.signal.aborted) this.take(trace, step);
      },
      (error: unknown) => {
        if (!asking.signal.aborted) this.fail(error, window);
      },
    );
  }

  private fail(error: unknown, window: WindowRef): void {
    if (this.shown === null) {
      const retry = { label: t('Try Again'), run: () => this.open(window) };
      this.section.hold({ kind: 'error', text: explain(error), retry });
      return;
    }
    this.error.hidden = false;
    this.error.textContent = explain(error);
  }

  private take(run: RunTrace, step: number): void {
    this.shown = run;
    this.error.hidden = true;
    this.section.hold({ kind: 'none' });
    this.memory.keep({ part: run.window.part, window: run.window.index });
    this.part.choose(run.window.part);
    this.window.set(run.window.index, 0, run.windows - 1);
    this.cursor.begin(run.trace.steps, step);
    this.controls.refresh();
    this.outcome.textContent = outcome(run);
    this.tellStep(this.cursor.step.value);
    this.showStack(run);
    this.stepTables = run.trace.layers.map((layer, i) => stepTable(layer, layerTitle(layer, i)));
    const titled = run.trace.layers.map((layer, i) =>
      element('div', {}, element('h3', {}, layerTitle(layer, i)), this.stepTables[i]?.root ?? null),
    );
    this.tables.replaceChildren(
      element('summary', {}, t('Numbers of this step')),
      element('div', { class: 'columns' }, ...titled),
    );
    this.fillTables();
    this.onShown(run.window, run.trace.steps);
  }

  private showStack(run: RunTrace): void {
    const { trace } = run;
    const headings = new Map<StackRow, HTMLElement>();
    const rows: StackRow[] = [axisRow((step) => this.when(step) || String(step + 1))];
    for (const column of run.columns) {
      const isTarget = column.name === run.target;
      rows.push(columnRow(column, isTarget ? continuation(run) : [], isTarget ? 88 : 48, isTarget ? key() : []));
    }
    const { characters, choices } = run;
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
      if (first !== undefined) {
        headings.set(
          first,
          element('div', { class: 'heading' }, title, element('p', { class: 'meaning' }, agreement(layer))),
        );
      }
      rows.push(...own);
    }
    if (choices !== null && answersEveryStep(choices)) {
      const answers = choiceRow(choices);
      headings.set(answers, element('div', { class: 'heading' }, element('h3', {}, t('Answers'))));
      rows.push(answers);
      if (!isTranscript(choices)) {
        const right = choices.truth.map((name) => (name === null ? null : shownName(name, choices)));
        rows.push(textRow(t('truth'), t('what is right'), right));
      }
    }
    this.stack.show(rows, headings, trace.steps + run.forecast.length);
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
    const values = this.shown?.columns.map(({ name, values }) => `${name} ${values[step] ?? ''}`) ?? [];
    const character = this.shown?.characters?.[step];
    const read = character === undefined ? [] : [shownCharacter(character)];
    const answer = this.shown === null ? '' : (answerAt(this.shown, step) ?? '');
    return [place, this.when(step), ...values, ...read, answer].filter((text) => text !== '').join(', ');
  }

  private fillTables(): void {
    if (this.tables.open) for (const table of this.stepTables) table.point(this.cursor.step.value);
  }
}

/** What followed the window, and what the model said would: the truth as rings, the forecast as dots. */
function continuation(run: RunTrace): Parameters<typeof columnRow>[1] {
  const start = run.trace.steps;
  return [
    { values: run.truth, start, colour: 'ink', points: 'ring' },
    { values: run.forecast, start, colour: 'orange', points: 'dot' },
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
