import { textOf } from '../../extension/protocol/cellLanguage';
import { setText, svg } from '../dom';
import type { CellNode } from './cellGraph';
import type { LabelSpot } from './cellLabels';
import type { CellLayout, DrawnNode, DrawnWire } from './cellLayout';

/** What a wire shows: its value as text, and the colour of the value on its scale; null where it is not known. */
export interface WireFigure {
  readonly text: string;
  readonly colour: string | null;
}

/** The picture of a cell, which the equations beside it say in words. It is made once; `show` writes the numbers of a step into it. */
export class CellDrawing {
  readonly root: SVGSVGElement;
  private readonly wires = new Map<string, SVGElement[]>();
  private readonly values = new Map<string, SVGElement[]>();

  constructor(layout: CellLayout) {
    const { width, height } = layout;
    this.root = svg(
      'svg',
      {
        class: 'cellDrawing',
        width,
        height,
        viewBox: `0 0 ${width} ${height}`,
        'aria-hidden': 'true',
      },
      svg('g', {}, ...[...layout.wires].sort((a, b) => Number(b.all) - Number(a.all)).map((wire) => this.wire(wire))),
      svg('g', {}, ...layout.wires.map((wire) => this.junction(wire))),
      svg('g', {}, ...layout.nodes.map(node)),
      svg('g', {}, ...layout.labels.map((spot) => this.label(spot))),
    );
  }

  /** Writes the numbers of a step; a state before the step is known by its plain name, after it with a prime. */
  show(figureOf: (node: string) => WireFigure): void {
    for (const [id, wires] of this.wires) {
      const { colour } = figureOf(id);
      for (const wire of wires) {
        wire.style.setProperty('--value', colour ?? '');
        wire.classList.toggle('unknown', colour === null);
      }
    }
    for (const [id, values] of this.values) {
      for (const value of values) setText(value, figureOf(id).text);
    }
  }

  private wire({ from, all, corners }: DrawnWire): SVGElement {
    const path = svg('path', {
      class: all ? 'cellWire all' : 'cellWire',
      d: `M${corners.map(({ x, y }) => `${x} ${y}`).join('L')}`,
    });
    // What all units carry has no colour of its own: there is no single number.
    if (!all) this.remember(this.wires, from, path);
    return path;
  }

  private junction({ from, all, junction }: DrawnWire): SVGElement | null {
    if (junction === null) return null;
    const dot = svg('circle', { class: 'cellJunction', cx: junction.x, cy: junction.y, r: 3 });
    if (!all) this.remember(this.wires, from, dot);
    return dot;
  }

  private label({ of, name, x, y, anchor }: LabelSpot): SVGElement {
    const value = svg('tspan', { class: 'cellValue' });
    this.remember(this.values, of, value);
    const named = name === '' ? null : svg('tspan', { class: 'cellName' }, `${name}\u2002`);
    return svg('text', { class: 'cellLabel', x, y, 'text-anchor': anchor, dy: '0.35em' }, named, value);
  }

  private remember(map: Map<string, SVGElement[]>, id: string, part: SVGElement): void {
    const parts = map.get(id);
    if (parts === undefined) map.set(id, [part]);
    else parts.push(part);
  }
}

/** A node as it is drawn: a circle, or a pill where its name is longer; where lines join, a dot. */
function node({ node: { kind, label, value, name }, x, y, halfWidth, halfHeight }: DrawnNode): SVGElement {
  if (kind === 'join') return svg('circle', { class: 'cellJoin', cx: x, cy: y, r: 4 });
  const text = svg('text', { x, y, dy: '0.35em' }, label);
  if (kind === 'input') return svg('g', { class: 'cellNode input' }, text);
  const shape = svg('rect', {
    x: x - halfWidth,
    y: y - halfHeight,
    width: 2 * halfWidth,
    height: 2 * halfHeight,
    rx: kind === 'linear' ? 4 : halfHeight,
  });
  const title = svg('title', {}, `${name === null ? '' : `${name} = `}${textOf(value)}`);
  return svg('g', { class: `cellNode ${classOf(kind)}` }, title, shape, text);
}

const classOf = (kind: CellNode['kind']): string => (kind === 'gate' || kind === 'linear' ? 'weighted' : 'single');
