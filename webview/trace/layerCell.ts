import { type Equation, type Expression, parseEquations, within } from '../../extension/protocol/cellLanguage';
import type { LayerOutline, TraceVersion } from '../../extension/protocol/inspection';
import { element, setText } from '../dom';
import { t } from '../l10n';
import { fixed, number } from '../numbers';
import { colourNames, paletteSize } from '../palettes';
import { theme } from '../theme';
import { CellDrawing } from './cellDrawing';
import { cellEquations } from './cellEquations';
import { type CellNode, cellGraph } from './cellGraph';
import { layOut } from './cellLayout';
import { knownAt, nodeValue, type ValueOf } from './cellValues';
import { equationList } from './equations';
import { signalName } from './signalName';
import { place, type Scale, scaleOf } from './signals';
import type { TraceSource } from './source';

/** A number on a wire or in an equation: three decimals, so that it keeps its width from step to step. */
export const cellFigure = (value: number): string => (Math.abs(value) < 10 ? fixed(value, 3) : number(value));

/** A layer's cell, with the numbers of one unit at one step in its picture and its equations. */
export class LayerCell {
  readonly root = element('div', { class: 'cellContent' });
  private readonly before = element('span', { class: 'meaning' });
  private readonly after = element('span', { class: 'meaning' });
  private readonly fill: (known: ValueOf, set: (state: string) => number | null) => void;

  /** @param index the layer's place in the trace. */
  constructor(
    private readonly layer: LayerOutline,
    private readonly index: number,
  ) {
    const equations = readable(layer);
    const label = t('Equations of {0}', layer.op);
    if (equations.length === 0) {
      const table = statesTable(layer);
      const text = layer.equations.length === 0 ? null : equationList(layer.equations, label).root;
      this.root.append(element('p', { class: 'meaning whole' }, unreadable(layer)), table.root);
      if (text !== null) this.root.append(element('div', { class: 'scroll' }, text));
      this.fill = table.fill;
      return;
    }
    const graph = cellGraph(equations);
    const layout = layOut(graph);
    const drawing = new CellDrawing(layout);
    const filled = cellEquations(equations, label, cellFigure);
    const key = t('Coloured lines carry the number of this unit, broken ones those of all units.');
    const picture = element(
      'div',
      { class: 'scroll cellPicture', tabindex: 0, role: 'region', 'aria-label': t('Cell') },
      element('div', { class: 'cellEnds' }, this.before, this.after),
      drawing.root,
      element('p', { class: 'caption' }, key),
    );
    picture.style.setProperty('--wide', String(layout.width));
    this.root.append(picture, element('div', { class: 'cellEquations' }, filled.root));
    this.fill = (known, set) => {
      filled.fill(known, set);
      const figures = new Map(graph.nodes.map((node) => [node.id, figureOf(node, nodeValue(node, known), layer)]));
      drawing.show((id) => figures.get(id) ?? unknown);
    };
  }

  /** Writes the numbers of a unit at a step; what is not there yet leaves what is shown. */
  show(source: TraceSource, step: number, version: Exclude<TraceVersion, 'difference'>, unit: number): void {
    const { layer, index } = this;
    const now = source.stepValues(step, version);
    const earlier = layer.direction === 'reverse' ? step + 1 : step - 1;
    const past = source.stepValues(earlier, version);
    if (now === null) return;
    const begins = earlier < 0 || earlier >= source.outline.steps;
    setText(this.before, begins ? t('At the beginning') : t('After step {0}', earlier + 1));
    setText(this.after, t('After step {0}', step + 1));
    const edits = version === 'original' ? [] : source.outline.edits;
    const here = edits.filter(
      (edit) => edit.layer === index && edit.unit === unit && edit.from <= step && step < edit.to,
    );
    this.fill(
      knownAt(layer, index, unit, now, past),
      (name) => here.findLast(({ state }) => state === name)?.value ?? null,
    );
  }
}

const unknown = { text: '', colour: null };

const figureOf = (node: CellNode, value: number, layer: LayerOutline) =>
  Number.isFinite(value) ? { text: cellFigure(value), colour: colourOf(node, value, layer) } : unknown;

/** The equations of a layer, where they are written in the language of cells and name nothing but what the layer has. */
function readable({ equations, signals }: LayerOutline): readonly Equation[] {
  const known = new Set(['x', ...signals.map(({ name }) => name)]);
  const isKnown = (part: Expression) => part.kind !== 'name' || known.has(part.name) || /^[A-Z]/.test(part.name);
  try {
    const read = parseEquations(equations.join('\n'));
    return read.every(({ name, value }) => known.has(name) && [...within(value)].every(isKnown)) ? read : [];
  } catch {
    return [];
  }
}

const unreadable = ({ op }: LayerOutline): string =>
  t('{0} is no cell whose equations are known, so there is no picture of it; this is what it carries on.', op);

/** A value's colour on the scale of its signal; what has no name has that of what it is one minus of, or one about zero. */
function colourOf(
  { name, label, value: { kind }, inputs }: CellNode,
  value: number,
  { signals }: LayerOutline,
): string | null {
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
    return {
      state,
      before,
      after,
      row: element('tr', {}, element('th', { scope: 'row', title: state }, signalName(state)), before, after),
    };
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
