import type { LayerOutline, Span, TraceOutline, TraceVersion, UnitOrder } from '../../extension/protocol/inspection';
import { type ButtonControl, button, dropdown } from '../controls/toolkit';
import { element, perFrame, setText } from '../dom';
import { explain, t } from '../l10n';
import { timeWriter, usualGap } from '../numbers';
import type { BlockMemory, Blocks } from './blocks';
import { answerAt, shownCharacter } from './choices';
import { horizonIn } from './forecasts';
import { plainNaming } from './heatRow';
import { Seek, seekHelp } from './seek';
import { layerTitle } from './signals';
import type { Arrival, StepValues, TraceSource } from './source';
import { Stack } from './stack';
import { stepControls } from './stepControls';
import { Player, StepCursor, stepByKeys } from './stepCursor';
import { type StepTable, stepTable, type TableUnits } from './stepTable';
import { keysHelp } from './surface';
import { answerList, hasTopList, outputList, type TopList } from './topList';
import { traceBlocks } from './traceBlocks';
import { traceRows } from './traceRows';
import { colouringUnit } from './unitColour';
import { outputOf, UnitFocus } from './unitFocus';
import { ViewState } from './viewState';

const orders: readonly UnitOrder[] = ['index', 'value', 'similarity'];
const versions: readonly TraceVersion[] = ['edited', 'original', 'difference'];
/** A unit colours what is read when the pointer has rested on it for so many ms: what it passes over is not asked for. */
const rest = 120;

/** What went through a model: the input, every layer's signals, the answers; one axis, one cursor. */
export class TraceView {
  readonly root = element('div');
  /** Shows all steps again; stands wherever the tools of the section are. */
  readonly resetZoom: ButtonControl;
  /** Which unit is chosen, which are pinned, in which order and version all is shown. */
  readonly state = new ViewState();
  readonly cursor: StepCursor;
  private readonly focus = new UnitFocus(this.state);
  /** Goes to a step of a window; a model file has but one. */
  go: (window: number, step: number) => void = (_, step) => this.cursor.move(step);
  private readonly player: Player;
  private readonly stack: Stack;
  private readonly said = element('p', { class: 'outcome' });
  private readonly problem = element('p', { class: 'error', role: 'alert', hidden: true });
  private readonly atStep = element('p', { class: 'outcome', hidden: true });
  private readonly pinNote = element('p', { class: 'hidden', role: 'status' });
  private readonly lists = element('div', { class: 'topLists' });
  private readonly tables = element('details', { class: 'tables', open: true });
  private readonly controls: ReturnType<typeof stepControls>;
  private readonly seek: Seek;
  private readonly blocks: Blocks;
  private readonly order = dropdown(t('Order of units'), (value) => {
    const order = orders.find((each) => each === value);
    if (order !== undefined) this.state.order.set(order);
  });
  private readonly version = dropdown(t('Values'), (value) => {
    const version = versions.find((each) => each === value);
    if (version !== undefined) this.state.version.set(version);
  });
  private source: TraceSource | null = null;
  private sentence: (source: TraceSource) => string = () => '';
  private stepTables: readonly StepTable[] = [];
  private topLists: readonly TopList[] = [];
  private readonly follows = perFrame(() => this.tellStep());

  /**
   * @param area where the keys step.
   * @param move tells the host where the user went.
   * @param onStep is told of every step that is shown.
   * @param memory knows which blocks below the pictures are open.
   */
  constructor(
    area: HTMLElement,
    move: (step: number) => Promise<unknown>,
    onStep: (step: number) => void,
    memory: BlockMemory,
  ) {
    this.cursor = new StepCursor(move);
    this.player = new Player(this.cursor);
    this.resetZoom = button(t('Reset Zoom'), () => this.stack.time.reset(), 'secondary');
    this.resetZoom.root.classList.add('reset');
    this.stack = new Stack(
      this.cursor,
      (zoomed) => this.resetZoom.enable(zoomed),
      (step) => this.describe(step),
    );
    this.controls = stepControls(this.cursor, this.player, (step) => this.when(step));
    const { focus } = this;
    this.seek = new Seek(area, this.cursor, this.state, focus, () => this.player.stop());
    this.controls.root.append(this.seek.root, this.order.root, this.version.root);
    this.order.offer(
      orders.map((order) => ({ value: order, text: orderName(order) })),
      'index',
    );
    this.tables.append(element('summary', {}, t('Numbers of this step')));
    const keys = element('p', { class: 'meaning keys' }, keysHelp(), ' ', seekHelp());
    this.blocks = traceBlocks(
      {
        cursor: this.cursor,
        state: this.state,
        focus,
        inView: () => this.inView(),
        go: (window, step) => this.go(window, step),
        replace: (outline) => this.replace(outline),
      },
      memory,
    );
    this.root.append(this.said, this.problem, this.controls.root, this.seek.said, this.atStep, this.stack.root, keys);
    this.root.append(this.pinNote, this.lists, this.tables, this.blocks.root);
    stepByKeys(area, this.cursor, this.player);
    this.cursor.step.watch((step) => {
      if (this.source !== null) onStep(step);
      this.follows();
      this.blocks.point(step);
    });
    this.tables.addEventListener('toggle', this.follows);
    focus.current.watch(this.follows);
    this.watchState();
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

  /**
   * Shows a trace from `step` on, with a sentence about it that may grow as values arrive. The trace that was shown is closed.
   * Zoom, order and pins stay where the new one has place for them.
   */
  show(source: TraceSource, step: number, said: (source: TraceSource) => string): void {
    if (this.source !== source) this.source?.close();
    this.source = source;
    this.sentence = said;
    const { outline } = source;
    this.state.keepWithin((signal) => source.signal(signal)?.units ?? 0);
    this.offerVersions(outline.edits.length > 0);
    this.cursor.begin(outline.steps, step);
    this.controls.refresh();
    const { rows, headings } = traceRows(source, this.state, (at) => this.when(at), this.stack.relayout);
    this.stack.show(rows, headings, outline.steps + horizonIn(outline));
    this.showNumbers(source);
    this.seek.show(source);
    this.blocks.show(source, this.step);
    source.onArrival((what) => this.take(what));
    source.failure.watch((error) => {
      this.problem.hidden = error === null;
      setText(this.problem, error === null ? '' : explain(error));
    });
    this.tellStep();
  }

  /** Shows the trace with states changed, or without changes again. */
  private replace(outline: TraceOutline): void {
    if (this.source !== null) this.show(this.source.sibling(outline), this.step, this.sentence);
  }

  private inView(): Span {
    const { from, to } = this.stack.time.view;
    return { from: Math.floor(from), to: Math.ceil(to) };
  }

  /** Lets go of the trace: its memory is free again. */
  close(): void {
    this.player.stop();
    this.source?.close();
    this.source = null;
  }

  private watchState(): void {
    const { order, version, pins, chosen } = this.state;
    order.watch(() => {
      this.stack.redraw();
      this.stack.refresh();
    });
    version.watch(() => {
      this.stack.redraw();
      this.follows();
    });
    pins.watch((list) => {
      this.stack.relayout();
      setText(this.pinNote, list.length === 0 ? '' : t('Pinned units: {0}', list.length));
    });
    let waiting: ReturnType<typeof setTimeout> | undefined;
    let coloured = colouringUnit(this.state);
    chosen.watch(() => {
      this.stack.refresh();
      clearTimeout(waiting);
      waiting = setTimeout(() => {
        const unit = colouringUnit(this.state);
        if (unit !== coloured) this.stack.redraw();
        coloured = unit;
      }, rest);
    });
  }

  private offerVersions(edited: boolean): void {
    this.version.root.hidden = !edited;
    if (!edited) this.state.version.set('edited');
    this.version.offer(
      versions.map((version) => ({ value: version, text: versionName(version) })),
      this.state.version.value,
    );
  }

  /** The tables and lists under the pictures. */
  private showNumbers({ outline }: TraceSource): void {
    const { layers, outputs, choices } = outline;
    this.stepTables = layers.map((layer, i) => stepTable(layer, i, layerTitle(layers, i), this.unitsOf(layer, i)));
    const titled = layers.map((_, i) =>
      element('div', {}, element('h3', {}, layerTitle(layers, i)), this.stepTables[i]?.root ?? null),
    );
    this.tables.replaceChildren(
      element('summary', {}, t('Numbers of this step')),
      element('div', { class: 'columns' }, ...titled),
    );
    this.topLists = [
      ...(choices?.everyStep === true && hasTopList(choices.names.length) ? [answerList(choices)] : []),
      ...outputs.flatMap((output, index) =>
        hasTopList(output.units) ? [outputList({ of: 'output', index }, output.name, plainNaming(output).unit)] : [],
      ),
    ];
    this.lists.replaceChildren(...this.topLists.map(({ root }) => root));
  }

  /** The unit of a layer that is looked at. */
  private unitsOf(layer: LayerOutline, index: number): TableUnits {
    return {
      chosen: () => (this.focus.current.value?.layer === index ? this.focus.current.value.unit : null),
      choose: (unit) => this.focus.hold({ layer: index, unit }, outputOf(layer)),
    };
  }

  private take(what: Arrival): void {
    if (what === 'steps') {
      this.stack.refresh();
      this.follows();
      return;
    }
    this.stack.redraw();
    if (what === 'orders') this.stack.refresh();
  }

  private values(): StepValues | null {
    return this.source?.stepValues(this.step, this.state.version.value) ?? null;
  }

  /** What stands in words and numbers about the step. */
  private tellStep(): void {
    if (this.source === null) return;
    setText(this.said, this.sentence(this.source));
    const values = this.values();
    for (const list of this.topLists) list.point(values);
    if (this.tables.open) for (const table of this.stepTables) table.point(values);
    if (values === null) return;
    const text = answerAt(this.source.outline, values);
    this.atStep.hidden = text === null;
    setText(this.atStep, text ?? '');
  }

  private when(step: number): string {
    const time = this.source?.outline.time ?? null;
    if (time === null) return '';
    const gap = usualGap(time);
    const last = time.at(-1) ?? 0;
    return timeWriter(gap)(time[step] ?? last + gap * (step - time.length + 1));
  }

  private describe(step: number): string {
    const place = t('Step {0} of {1}', step + 1, this.cursor.count);
    const { source } = this;
    const values = this.values();
    if (source === null) return place;
    const { columns, characters } = source.outline;
    const single = [...columns.entries()].filter(([, { units }]) => units === 1 && values !== null);
    const read = single.map(([index, { name }]) => `${name} ${values?.of({ of: 'column', index })[0] ?? ''}`);
    const character = characters?.[step];
    const said = values === null ? null : answerAt(source.outline, values);
    const parts = [place, this.when(step), ...read, character === undefined ? '' : shownCharacter(character), said];
    const { chosen } = this.state;
    const signal = chosen.value === null ? null : source.signal(chosen.value.signal);
    if (chosen.value !== null && signal !== null && values !== null) {
      const { unit, figure } = plainNaming(signal);
      const value = values.of(chosen.value.signal)[chosen.value.unit] ?? Number.NaN;
      parts.push(`${signal.name} ${unit(chosen.value.unit)} ${figure(value)}`);
    }
    return parts.filter((text) => text !== null && text !== '').join(', ');
  }
}

function orderName(order: UnitOrder): string {
  switch (order) {
    case 'index':
      return t('as they are');
    case 'value':
      return t('by value');
    case 'similarity':
      return t('by similarity');
  }
}

function versionName(version: TraceVersion): string {
  switch (version) {
    case 'edited':
      return t('with the changes');
    case 'original':
      return t('as the model has it');
    case 'difference':
      return t('the difference');
  }
}
