import { type Equation, parseEquations } from '../../extension/protocol/cellLanguage';
import type { LayerOutline } from '../../extension/protocol/inspection';
import { element, perFrame, setText } from '../dom';
import { t } from '../l10n';
import { fixed, number } from '../numbers';
import { colourNames, paletteSize } from '../palettes';
import { onThemeChange, theme } from '../theme';
import type { TraceBlock } from './blocks';
import { CellDrawing } from './cellDrawing';
import { type CellEquations, cellEquations } from './cellEquations';
import { type CellGraph, type CellNode, cellGraph } from './cellGraph';
import { layOut } from './cellLayout';
import { nodeValue, type ValueOf } from './cellValues';
import { place, type Scale, scaleOf } from './signals';
import type { StepValues, TraceSource } from './source';
import { UnitChooser } from './unitChooser';
import type { UnitFocus } from './unitFocus';
import type { ViewState } from './viewState';

/** A number on a wire or in an equation: three decimals, so that it keeps its width from step to step. */
export const cellFigure = (value: number): string => (Math.abs(value) < 10 ? fixed(value, 3) : number(value));

/** What is shown of a layer; made again only for another layer. */
interface ShownCell {
  readonly equations: readonly Equation[];
  readonly graph: CellGraph | null;
  readonly drawing: CellDrawing | null;
  readonly filled: CellEquations | null;
  readonly states: StatesTable;
}

/** One unit of one layer at the cursor's step: the cell as a picture with its numbers, and its equations with the values put in. */
export class CellBlock implements TraceBlock {
  readonly id = 'cell';
  readonly title = t('Cell');
  readonly root = element('div', { class: 'cell' });
  private readonly chooser: UnitChooser;
  private readonly said = element('p', { class: 'meaning' });
  private readonly before = element('span', { class: 'meaning' });
  private readonly after = element('span', { class: 'meaning' });
  private readonly picture = element('div', {
    class: 'scroll cellPicture',
    tabindex: 0,
    role: 'region',
    'aria-label': t('Cell'),
  });
  private readonly content = element('div', { class: 'cellContent' });
  private source: TraceSource | null = null;
  private layer = -1;
  private shown: ShownCell | null = null;
  private step = 0;
  private readonly refresh = perFrame(() => this.paint());

  constructor(
    private readonly focus: UnitFocus,
    private readonly state: ViewState,
  ) {
    this.chooser = new UnitChooser(focus);
    this.root.append(this.chooser.root, this.said, this.content);
    focus.current.watch(this.refresh);
    state.version.watch(this.refresh);
    onThemeChange(this.refresh);
  }

  show(source: TraceSource): void {
    this.source = source;
    this.chooser.show(source);
    this.layer = -1;
    this.refresh();
  }

  point(step: number): void {
    this.step = step;
    this.refresh();
  }

  private paint(): void {
    const { source, step } = this;
    if (source === null || source.closed || !this.root.checkVisibility()) return;
    const version = this.state.version.value === 'original' ? 'original' : 'edited';
    const now = source.stepValues(step, version);
    this.chooser.point(step);
    const unit = this.focus.current.value;
    const layer = unit === null ? undefined : source.outline.layers[unit.layer];
    if (unit === null || layer === undefined) return;
    if (unit.layer !== this.layer) this.showLayer(unit.layer, layer);
    const { states, graph, drawing, filled } = this.shown ?? {};
    const backwards = layer.direction === 'reverse';
    const earlier = backwards ? step + 1 : step - 1;
    const past = source.stepValues(earlier, version);
    if (now === null || step >= source.outline.steps) return;
    const exists = earlier >= 0 && earlier < source.outline.steps;
    setText(this.before, exists ? t('After step {0}', earlier + 1) : t('At the beginning'));
    setText(this.after, t('After step {0}', step + 1));
    const known = knownAt(layer, unit.layer, unit.unit, now, past);
    const edits = version === 'original' ? [] : source.outline.edits;
    filled?.fill(known, (name) => {
      const set = edits.findLast(
        (edit) =>
          edit.layer === unit.layer &&
          edit.state === name &&
          edit.unit === unit.unit &&
          edit.from <= step &&
          step < edit.to,
      );
      return set?.value ?? null;
    });
    states?.fill(known);
    if (graph === null || graph === undefined) return;
    const figures = new Map(
      graph.nodes.map((node) => {
        const value = nodeValue(node, known);
        return [
          node.id,
          { text: Number.isFinite(value) ? cellFigure(value) : '', colour: colourOf(node, value, layer) },
        ];
      }),
    );
    drawing?.show((id) => figures.get(id) ?? { text: '', colour: null });
  }

  /** Lays another layer's cell out. */
  private showLayer(index: number, layer: LayerOutline): void {
    this.layer = index;
    const equations = readable(layer);
    const graph = equations.length === 0 ? null : cellGraph(equations);
    const drawing = graph === null ? null : new CellDrawing(layOut(graph));
    const label = t('Equations of {0}', layer.op);
    const filled = drawing === null ? null : cellEquations(equations, label, cellFigure);
    this.shown = { equations, graph, drawing, filled, states: statesTable(layer) };
    setText(this.said, drawing === null ? unreadable(layer) : '');
    this.said.hidden = drawing !== null;
    if (drawing === null || filled === null) {
      this.content.replaceChildren(this.shown.states.root);
      return;
    }
    const ends = element('div', { class: 'cellEnds' }, this.before, this.after);
    const key = element(
      'p',
      { class: 'caption' },
      t('Coloured lines carry the number of this unit, broken ones those of all units.'),
    );
    this.picture.replaceChildren(element('div', { class: 'cellSheet' }, ends, drawing.root, key));
    this.content.replaceChildren(this.picture, element('div', { class: 'scroll' }, filled.root));
  }
}

/** The equations of a layer, where they are written in the language of cells. */
function readable({ equations, signals }: LayerOutline): readonly Equation[] {
  try {
    const read = parseEquations(equations.join('\n'));
    return read.every(({ name }) => signals.some((signal) => signal.name === name)) ? read : [];
  } catch {
    return [];
  }
}

const unreadable = ({ op }: LayerOutline): string =>
  t('{0} is no cell whose equations are known, so there is no picture of it; this is what it carries on.', op);

/** The numbers of a unit by the names of equations: a state without a prime is that of the step before. */
function knownAt(
  { signals, states }: LayerOutline,
  layer: number,
  unit: number,
  now: StepValues,
  past: StepValues | null,
): ValueOf {
  const found = (values: StepValues | null, name: string) => {
    const signal = signals.findIndex((each) => each.name === name);
    if (signal < 0 || values === null) return Number.NaN;
    return values.of({ of: 'layer', layer, signal })[unit] ?? Number.NaN;
  };
  return (name) => {
    if (name.endsWith("'")) return found(now, name.slice(0, -1));
    return found(states.includes(name) ? past : now, name);
  };
}

/** A value's colour on the scale of its signal; what has no name has that of what it is one minus of, or one about zero. */
function colourOf(
  { name, label, value: { kind }, inputs }: CellNode,
  value: number,
  { signals }: LayerOutline,
): string | null {
  if (!Number.isFinite(value)) return null;
  const [only, ...more] = inputs;
  const complement = kind === 'binary' && label === '1 −' && more.length === 0 ? only?.from : undefined;
  const signal = signals.find((each) => each.name === (name ?? complement ?? label).replace("'", ''));
  const scale: Scale = signal === undefined ? { scheme: 'diverging', low: -1, high: 1 } : scaleOf(signal);
  const at = place(scale, value);
  // What is near the middle of its scale is near the background; the wire still has to be seen.
  const size = scale.scheme === 'diverging' ? Math.abs(at - 0.5) : at;
  return size < 0.12 ? theme().middle : (colourNames(scale.scheme)[Math.round(at * (paletteSize - 1))] ?? null);
}

interface StatesTable {
  readonly root: HTMLElement;
  fill(known: ValueOf): void;
}

/** Of a recurrence without equations: each state before and after the step. */
function statesTable({ states, op }: LayerOutline): StatesTable {
  const rows = states.map((state) => {
    const [before, after] = [element('td'), element('td')];
    return { state, before, after, row: element('tr', {}, element('th', { scope: 'row' }, state), before, after) };
  });
  const column = (text: string) => element('th', { scope: 'col' }, text);
  const head = element('tr', {}, column(t('state')), column(t('before the step')), column(t('after the step')));
  return {
    root: element(
      'table',
      { class: 'numbers figures', 'aria-label': t('States of {0}', op) },
      element('thead', {}, head),
      element('tbody', {}, ...rows.map(({ row }) => row)),
    ),
    fill: (known) => {
      for (const { state, before, after } of rows) {
        setText(before, cellFigure(known(state)));
        setText(after, cellFigure(known(`${state}'`)));
      }
    },
  };
}
