import type { ModelDescription } from '../../extension/protocol/model';
import { iconButton } from '../controls/toolkit';
import { element, perFrame, setText } from '../dom';
import { say, t } from '../l10n';
import { number } from '../numbers';
import type { SavePicture } from '../savePicture';
import { Section } from '../section';
import { onThemeChange } from '../theme';
import { Crumbs } from './crumbs';
import { type Choice, groupDetail, nodeDetail, type Summarise } from './detail';
import { excerpt } from './excerpt';
import { listen } from './gestures';
import { type Layout, layOut } from './layout';
import { nextBox } from './moves';
import { type Item, Outline, type Sheet } from './outline';
import { leastScale, Picture } from './picture';
import { asPng, asSvg } from './saved';
import { SearchBar } from './search';
import { atOnce, inSlices } from './slices';
import { TextRuler } from './text';
import { stepsKey } from './unrolled';

/** Below this width the diagram runs from top to bottom. */
const narrow = 640;
/** So does one that would have to be drawn smaller than this to fit from left to right. */
const readable = 0.75;
/** A diagram of more boxes is laid out while the page answers. */
const atOnceUpTo = 300;
/** No more keys of what is open are remembered than this many letters. */
const longestMemory = 20_000;

/** What is open, kept over a reload. */
export interface DiagramMemory {
  readonly value: { readonly opened: string };
  keep(change: { readonly opened: string }): void;
}

export interface DiagramServices {
  /** Null where the page remembers nothing. */
  readonly memory: DiagramMemory | null;
  /** Sums up an initializer; null where the host does not. */
  readonly summarise: Summarise | null;
  readonly save: SavePicture;
}

/** The model as a diagram: boxes that open, close and can be chosen, and what the chosen one is. */
export class Architecture {
  readonly section = new Section('architecture', t('Architecture'));
  private readonly picture = new Picture((around, any) => this.crumbs.show(this.name, around, any));
  private readonly crumbs = new Crumbs((key) => {
    this.choose(key);
    this.picture.focus(key);
    this.picture.corner(key);
  });
  private readonly notes = element('div', { class: 'diagramNotes' });
  private readonly waiting = element(
    'p',
    { class: 'meaning', role: 'status', hidden: true },
    t('Laying the diagram out…'),
  );
  private readonly detail = element('div', { class: 'nodeDetail' });
  /** Says what is chosen while the focus is elsewhere; the whole detail would be too much to hear. */
  private readonly said = element('p', { class: 'hidden', role: 'status' });
  private readonly search = new SearchBar((id, all) => this.find(id, all));
  private ruler = new TextRuler();
  private model: ModelDescription | null = null;
  private outline: Outline | null = null;
  private name = '';
  private prefersAcross = true;
  private readonly open = new Set<string>();
  private chosen: string | null = null;
  private found: ReadonlySet<string> = new Set();
  private layout: Layout | null = null;
  /** Width of the page when the diagram was laid out. */
  private laidOutFor = 0;
  private fitted = false;
  /** The box that was last pressed. */
  private pressed: { readonly key: string; readonly toggled: boolean } | null = null;
  private asking: AbortController | null = null;

  constructor(private readonly services: DiagramServices) {
    const { section, picture } = this;
    section.tools.append(
      this.search.root,
      element(
        'span',
        { class: 'buttons' },
        iconButton(t('Zoom out'), 'zoomOut', () => this.zoom(picture.scale / 1.25)).root,
        iconButton(t('Zoom in'), 'zoomIn', () => this.zoom(picture.scale * 1.25)).root,
        iconButton(t('Fit to the page'), 'fit', () => this.fit()).root,
        iconButton(t('Save the diagram as SVG…'), 'drawing', () => this.save('image/svg+xml')).root,
        iconButton(t('Save the diagram as PNG…'), 'picture', () => this.save('image/png')).root,
      ),
    );
    const body = element('div', { class: 'diagramBody' }, picture.view, this.detail);
    section.content.append(this.notes, this.crumbs.root, this.waiting, body, this.said);
    listen(picture, {
      zoom: (scale, point) => this.zoom(scale, point),
      fit: () => this.fit(),
      press: (key, { handle, twice }) => this.press(key, handle, twice),
      enter: (key) => this.press(key, key === this.chosen, false),
      space: (key) => this.choose(key),
      escape: (key) => this.escape(key),
      move: (key, way) => {
        const from = picture.box(key);
        const to = from && nextBox(from, way, picture.all, picture.flows, picture.across);
        if (to) picture.focus(to.item.key);
      },
    });
    section.root.addEventListener('keydown', (event) => {
      if (event.key !== 'f' || !(event.ctrlKey || event.metaKey) || event.altKey) return;
      event.preventDefault();
      event.stopPropagation();
      this.search.focus();
    });
    const relayout = perFrame(() => {
      const room = section.content.clientWidth;
      if (room > 0 && room !== this.laidOutFor) this.resized();
    });
    new ResizeObserver(relayout).observe(section.content);
    onThemeChange(() => {
      this.ruler = new TextRuler();
      picture.repaint();
    });
    this.remembered();
  }

  /** @param across whether the diagram runs from left to right where there is room. @param name of its pictures. */
  show(model: ModelDescription | null, name: string, across: boolean): void {
    if (model === null) {
      this.section.hold({ kind: 'empty', text: t('The diagram appears as soon as the model is built.') });
      return;
    }
    if (model.diagram.nodes.length === 0) {
      this.section.hold({ kind: 'empty', text: t('This model has no inputs, nodes or outputs to draw.') });
      return;
    }
    this.section.hold({ kind: 'none' });
    this.name = name;
    this.prefersAcross = across;
    if (JSON.stringify(model) === JSON.stringify(this.model)) return;
    this.model = model;
    this.outline = new Outline(model.diagram);
    this.search.over(this.outline);
    const first = model.diagram.nodes.find(({ kind, group }) => kind === 'recurrent' && group === null);
    if (this.chosen === null || !this.outline.nodes.has(this.chosen)) this.chosen = first?.id ?? null;
    this.fitted = false;
    void this.draw(null);
  }

  private resized(): void {
    this.fitted = false;
    void this.draw(null);
  }

  /** Lays out what is open, and shows it. @param anchor the box whose entry stays where it is on the screen. */
  private async draw(anchor: string | null): Promise<void> {
    const { outline, section } = this;
    const room = section.content.clientWidth;
    if (outline === null || room === 0) return;
    this.laidOutFor = room;
    this.asking?.abort();
    const asking = new AbortController();
    this.asking = asking;
    const focused = this.picture.focusedKey();
    const whole = outline.draw(this.open);
    const sheet = excerpt(whole, this.chosen);
    this.remark(whole, sheet);
    const layout = await this.place(sheet, room, asking.signal);
    if (layout === null) return;
    this.layout = layout;
    const label = t('Diagram of the model, {0} boxes', layout.boxes.length);
    const at = this.picture.entryOf(anchor);
    this.picture.show(layout, label);
    // From left to right all of it is in view.
    if (this.fitted && !layout.across) this.zoom(this.picture.scale);
    else this.begin();
    this.picture.keep(anchor, at);
    this.picture.choose(this.chosen, this.found);
    if (focused !== null)
      this.picture.focus(layout.boxes.some(({ item }) => item.key === focused) ? focused : (this.chosen ?? ''));
    this.tell();
  }

  private async place(sheet: Sheet, room: number, signal: AbortSignal): Promise<Layout | null> {
    const { ruler, open } = this;
    const work = (across: boolean) => layOut(sheet, { across, ruler, open });
    if (countOf(sheet) <= atOnceUpTo) {
      const across = this.prefersAcross && room >= narrow ? atOnce(work(true)) : null;
      return across !== null && room / across.width >= readable ? across : atOnce(work(false));
    }
    this.waiting.hidden = this.layout !== null;
    this.picture.view.setAttribute('aria-busy', 'true');
    const layout = await inSlices(work(false), signal);
    if (signal.aborted) return null;
    this.waiting.hidden = true;
    this.picture.view.removeAttribute('aria-busy');
    return layout;
  }

  /** Says what the picture leaves out. */
  private remark(whole: Sheet, shown: Sheet): void {
    const said = (this.outline?.diagram.notes ?? []).map(say);
    const [all, some] = [countOf(whole), countOf(shown)];
    if (some < all) {
      said.unshift(
        t(
          '{0} boxes are too many for one picture: the {1} around the chosen one are shown. Search for others.',
          number(all),
          number(some),
        ),
      );
    }
    this.notes.replaceChildren(...said.map((text) => element('p', { class: 'meaning' }, text)));
  }

  /** The view is as high as this, in pixels, and scrolls beyond. */
  private get limit(): number {
    return Math.max(280, Math.min(800, Math.round(innerHeight * 0.7)));
  }

  /** The scale at which a diagram is first shown: as a whole where that can be read, else as wide as it can be read. */
  private begin(): void {
    this.fitted = true;
    const { picture, limit } = this;
    const { width, height } = picture.size;
    const room = picture.view.parentElement?.clientWidth ?? this.laidOutFor;
    const wide = Math.min(1, room / width);
    const whole = Math.min(wide, limit / height);
    picture.zoom(picture.across ? wide : Math.max(Math.min(1, wide < readable ? 1 : wide), whole), limit);
    if (!picture.across && whole >= readable) picture.zoom(whole, limit);
    const first = picture.box(this.chosen) ?? picture.all[0];
    if (first !== undefined) picture.centre(first.item.key);
  }

  private fit(): void {
    const { picture, limit } = this;
    const { width, height } = picture.size;
    const room = picture.view.parentElement?.clientWidth ?? picture.view.clientWidth;
    const tall = Math.max(limit, picture.view.clientHeight);
    picture.zoom(Math.max(leastScale, Math.min(1, room / width, tall / height)), limit);
  }

  private zoom(scale: number, point?: { readonly x: number; readonly y: number }): void {
    this.picture.zoom(scale, this.limit, point);
  }

  private press(key: string, handle: boolean, twice: boolean): void {
    const item = this.picture.box(key)?.item;
    if (item === undefined) return;
    // What opened at the first of two presses has put something else under the pointer.
    const again = twice && this.pressed?.key === key;
    if (twice && (!again || this.pressed?.toggled === true)) return;
    const closedGroup = item.group !== null && !this.open.has(key);
    const toggled = item.opens && (handle || again || closedGroup);
    this.pressed = { key, toggled };
    this.chosen = key;
    if (toggled) this.toggle(this.openKey(item));
    else this.choose(key);
  }

  private choose(key: string | null): void {
    this.chosen = key;
    this.picture.choose(key);
    this.tell();
  }

  /** What opens and closes with a box: its inside, else its steps; what is open of them closes first. */
  private openKey({ key, node }: Item): string {
    const steps = stepsKey(key);
    return node !== null && (node.bodies.length === 0 || this.open.has(steps)) ? steps : key;
  }

  private toggle(key: string): void {
    const { chosen, open } = this;
    if (open.has(key)) open.delete(key);
    else {
      open.add(key);
      // A box is open in one way at a time.
      if (chosen !== null) open.delete(key === chosen ? stepsKey(chosen) : chosen);
    }
    this.keep();
    void this.draw(chosen);
  }

  /** Closes the innermost of what is open around a box; where nothing is, leaves the boxes. */
  private escape(key: string): void {
    for (let item = this.picture.box(key)?.item; item !== undefined; item = this.picture.box(item.parent)?.item) {
      const own = this.openKey(item);
      if (!item.opens || !this.open.has(own)) continue;
      this.chosen = item.key;
      this.picture.focus(item.key);
      this.toggle(own);
      return;
    }
    this.picture.view.focus();
  }

  /** Shows a box that was searched for, and opens what it is in. */
  private find(id: string | null, all: readonly string[]): void {
    this.found = new Set(all);
    if (id === null || this.outline === null) {
      this.picture.choose(this.chosen, this.found);
      return;
    }
    const around = this.outline.around(id);
    const closed = around.filter((key) => !this.open.has(key));
    for (const key of closed) this.open.add(key);
    this.chosen = id;
    const there = closed.length === 0 && this.picture.box(id) !== undefined;
    if (closed.length > 0) this.keep();
    const show = () => {
      this.picture.choose(id, this.found);
      this.picture.centre(id);
      this.tell();
    };
    if (there) show();
    else void this.draw(null).then(show);
  }

  private keep(): void {
    const text = JSON.stringify([...this.open]);
    if (text.length <= longestMemory) this.services.memory?.keep({ opened: text });
  }

  private remembered(): void {
    try {
      const keys: unknown = JSON.parse(this.services.memory?.value.opened || '[]');
      if (Array.isArray(keys)) for (const key of keys) if (typeof key === 'string') this.open.add(key);
    } catch {
      // What another version wrote is not worth a word.
    }
  }

  private save(type: 'image/png' | 'image/svg+xml'): void {
    const { layout } = this;
    if (layout === null) return;
    const name = this.name.replace(/\.onnx$/i, '');
    const svgFile = () => new TextEncoder().encode(asSvg(layout));
    if (type === 'image/png') this.services.save(`${name}-architecture.png`, type, () => asPng(layout));
    else this.services.save(`${name}-architecture.svg`, type, svgFile);
  }

  /** Writes what the chosen box is. */
  private tell(): void {
    const { model, outline, chosen } = this;
    const item = this.picture.box(chosen)?.item;
    const node = item?.node ?? outline?.nodes.get(chosen ?? '');
    if (model === null || (item === undefined && node === undefined)) {
      this.detail.replaceChildren(element('p', { class: 'meaning' }, t('Choose a box to see what it is.')));
      return;
    }
    const choices = item === undefined ? [] : this.choicesFor(item);
    const parts = node
      ? nodeDetail(node, model.parameters, choices, this.services.summarise)
      : item?.group
        ? groupDetail(item.group, item.holds, choices)
        : [];
    this.detail.replaceChildren(...parts);
    setText(this.said, parts[0]?.textContent ?? '');
  }

  private choicesFor({ key, node, opens }: Item): readonly Choice[] {
    if (!opens) return [];
    const steps = stepsKey(key);
    const inside = { label: this.open.has(key) ? t('Close') : t('Open'), run: () => this.toggle(key) };
    const unrolled = { label: this.open.has(steps) ? t('Roll Up') : t('Unroll'), run: () => this.toggle(steps) };
    return [
      ...(node === null || node.bodies.length > 0 ? [inside] : []),
      ...(node?.kind === 'recurrent' ? [unrolled] : []),
    ];
  }
}

/** How many items a sheet has, and what is open on it. */
function countOf({ items }: Sheet): number {
  return items.reduce((sum, { inside }) => sum + 1 + (inside === null ? 0 : countOf(inside)), 0);
}
