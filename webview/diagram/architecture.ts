import type { DiagramNode, ModelDescription } from '../../extension/protocol/model';
import { iconButton } from '../controls/toolkit';
import { element, perFrame, svg } from '../dom';
import { t } from '../l10n';
import { number } from '../numbers';
import { Section } from '../section';
import { onThemeChange, theme } from '../theme';
import { equationList } from '../trace/equations';
import { parameterCount, unitCount } from '../trace/signals';
import { type Layout, type PlacedEdge, type PlacedNode, place } from './layout';

/** More boxes than this are no picture any more, and laying them out would hold the page up. */
const mostBoxes = 400;
/** Below this width the diagram runs from top to bottom. */
const narrow = 640;
/** So does one that would have to be drawn smaller than this to fit from left to right. */
const readable = 0.75;
/** A diagram from top to bottom is drawn smaller where that keeps it within this height, as far as it can be read. */
const tall = 800;

/** The model as a diagram: boxes that can be chosen, and what the chosen one computes. */
export class Architecture {
  readonly section = new Section('architecture', t('Architecture'));
  private readonly frame = element('div', { class: 'diagram' });
  private readonly detail = element('div', { class: 'nodeDetail', 'aria-live': 'polite' });
  private model: ModelDescription | null = null;
  private chosen: string | null = null;
  private across = true;
  /** Width of the page when the diagram was drawn. */
  private laidOutFor = 0;
  private size = { width: 1, height: 1 };
  private scale = 1;
  private picture: SVGSVGElement | null = null;

  /** @param tooMany says what to do about a model of so many boxes that they are no picture. */
  constructor(private readonly tooMany: (boxes: number) => string) {
    this.section.tools.append(
      iconButton(t('Zoom out'), 'zoomOut', () => this.zoom(this.scale / 1.25)).root,
      iconButton(t('Zoom in'), 'zoomIn', () => this.zoom(this.scale * 1.25)).root,
      iconButton(t('Fit to the page'), 'fit', () => this.zoom(this.fitting())).root,
    );
    this.section.content.append(this.frame, this.detail);
    const relayout = perFrame(() => {
      const room = this.section.content.clientWidth;
      if (room > 0 && room !== this.laidOutFor) this.draw();
    });
    new ResizeObserver(relayout).observe(this.section.content);
    onThemeChange(() => this.draw());
  }

  show(model: ModelDescription | null): void {
    if (model === null) {
      this.section.hold({ kind: 'empty', text: t('The diagram appears as soon as the model is built.') });
      return;
    }
    if (model.diagram.nodes.length > mostBoxes) {
      this.section.hold({ kind: 'empty', text: this.tooMany(model.diagram.nodes.length) });
      return;
    }
    this.section.hold({ kind: 'none' });
    if (JSON.stringify(model) === JSON.stringify(this.model)) return;
    this.model = model;
    this.chosen = model.diagram.nodes.find(({ kind }) => kind === 'recurrent')?.id ?? null;
    this.draw();
  }

  private fitting(): number {
    const wide = Math.min(1, this.section.content.clientWidth / this.size.width);
    return this.across ? wide : Math.min(wide, Math.max(readable, tall / this.size.height));
  }

  private zoom(scale: number): void {
    this.scale = Math.min(3, Math.max(0.2, scale));
    this.picture?.setAttribute('width', String(this.size.width * this.scale));
    this.picture?.setAttribute('height', String(this.size.height * this.scale));
  }

  private draw(): void {
    const { model } = this;
    if (model === null || this.section.content.clientWidth === 0) return;
    const room = this.section.content.clientWidth;
    const lay = (across: boolean) => place(model.diagram, across, measure(), notesOf);
    const wide = room >= narrow ? lay(true) : null;
    this.across = wide !== null && room / wide.width >= readable;
    const plan = this.across && wide !== null ? wide : lay(false);
    this.laidOutFor = room;
    this.size = { width: plan.width, height: plan.height };
    this.picture = this.paint(plan);
    this.frame.replaceChildren(this.picture);
    this.zoom(this.fitting());
    this.tell();
  }

  private paint(plan: Layout): SVGSVGElement {
    const arrow = svg('path', { d: 'M0 0 8 4 0 8z', class: 'arrow' });
    const marker = svg(
      'marker',
      { id: 'arrow', viewBox: '0 0 8 8', refX: 8, refY: 4, markerWidth: 7, markerHeight: 7, orient: 'auto' },
      arrow,
    );
    const boxes = plan.nodes.map((placed) => this.box(placed));
    const name = t('Diagram of the model, {0} boxes', plan.nodes.length);
    return svg(
      'svg',
      { viewBox: `0 0 ${plan.width} ${plan.height}`, role: 'group', 'aria-label': name },
      svg('defs', {}, marker),
      ...plan.edges.map((edge) => edgeLine(edge, this.across)),
      ...boxes,
    );
  }

  private box({ node, x, y, width, height }: PlacedNode): SVGElement {
    const notes = notesOf(node);
    const centre = x + width / 2;
    const top = y + height / 2 - (notes.length * 16) / 2;
    const lines = notes.map((note, i) => svg('text', { class: 'note', x: centre, y: top + 16 * (i + 1) }, note));
    const path = this.across
      ? `M${centre + 16} ${y} v-6 a6 6 0 0 0 -6 -6 h-20 a6 6 0 0 0 -6 6 v6`
      : `M${x + width} ${y + height / 2 + 16} h6 a6 6 0 0 0 6 -6 v-20 a6 6 0 0 0 -6 -6 h-6`;
    const loop = svg('path', { class: 'loop', 'marker-end': 'url(#arrow)', d: path });
    const box = svg(
      'g',
      {
        class: `box ${node.kind}`,
        tabindex: 0,
        role: 'button',
        'aria-pressed': String(node.id === this.chosen),
        'aria-label': [node.title, ...notes].join(', '),
        'data-node': node.id,
      },
      svg('rect', { x: x + 0.5, y: y + 0.5, width, height, rx: 2 }),
      node.kind === 'recurrent' ? loop : null,
      svg('text', { class: 'name', x: centre, y: top }, node.title),
      ...lines,
    );
    const choose = () => {
      this.chosen = node.id;
      for (const other of this.frame.querySelectorAll('.box')) {
        other.setAttribute('aria-pressed', String(other.getAttribute('data-node') === node.id));
      }
      this.tell();
    };
    box.addEventListener('click', choose);
    box.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' && event.key !== ' ') return;
      event.preventDefault();
      choose();
    });
    return box;
  }

  private tell(): void {
    const node = this.model?.diagram.nodes.find(({ id }) => id === this.chosen);
    if (node === undefined || this.model === null) {
      this.detail.replaceChildren();
      return;
    }
    const total = this.model.parameters;
    const share = total > 0 && node.parameters > 0 ? t('{0} of {1} parameters', node.parameters, total) : '';
    const facts = [sizeOf(node), readsOf(node), share].filter((fact) => fact !== '').join(' · ');
    const heading = element('h3', {}, node.title, ' ', element('span', { class: 'meaning' }, facts));
    const equations =
      node.equations.length === 0 ? null : equationList(node.equations, t('Equations of {0}', node.title)).root;
    this.detail.replaceChildren(...[heading, equations].filter((part) => part !== null));
  }
}

/** How big what comes out of a box is, in words or as a shape. */
const sizeOf = ({ units, direction, detail }: DiagramNode) => {
  if (units === null) return detail;
  return direction === 'bidirectional' ? t('2 × {0}', unitCount(units)) : unitCount(units);
};

/** Which way a box reads, where that is not from first to last. */
function readsOf({ direction }: DiagramNode): string {
  if (direction === 'bidirectional') return t('both directions');
  return direction === 'reverse' ? t('backwards') : '';
}

function notesOf(node: DiagramNode): readonly string[] {
  const size = [sizeOf(node), readsOf(node)].filter((part) => part !== '').join(t(', '));
  return [size, parameterCount(node.parameters)].filter((note) => note !== '');
}

function edgeLine({ edge, points, x, y }: PlacedEdge, across: boolean): SVGElement {
  const [first, ...rest] = points;
  const path =
    first === undefined ? '' : `M${first.x} ${first.y} ${rest.map((point) => `L${point.x} ${point.y}`).join(' ')}`;
  return svg(
    'g',
    { class: 'edge' },
    svg('path', { d: path, 'marker-end': 'url(#arrow)' }),
    svg('text', { x, y: across ? y - 10 : y }, edge.label),
  );
}

function measure(): (text: string, kind: 'title' | 'note') => number {
  const context = document.createElement('canvas').getContext('2d');
  const { family } = theme();
  return (text, kind) => {
    if (context === null) return number(text.length).length * 8;
    context.font = kind === 'title' ? `600 13px ${family}` : `11px ${family}`;
    return context.measureText(text).width;
  };
}
