import type { SignalOutline, SignalRef } from '../../extension/protocol/inspection';
import { iconButton } from '../controls/toolkit';
import { element, setText } from '../dom';
import { t } from '../l10n';
import { number } from '../numbers';
import { theme } from '../theme';
import { paintLegend, paintTiles, type View } from './heatmap';
import { paintProfile } from './profile';
import { RankView } from './rankView';
import { picture } from './rows';
import { mean, meaning, type Scale, scaleOf, scaleOfDifferences, unitName } from './signals';
import type { PlacedTile, TraceSource } from './source';
import { plainRow, type RowUnits, type StackRow } from './stackRow';
import type { ViewState } from './viewState';

/** How a signal's units are named and its numbers written. */
export interface Naming {
  readonly title: string;
  readonly meaning: string;
  readonly unit: (unit: number) => string;
  readonly figure: (value: number) => string;
  /** What is written where no unit is chosen: a number, and what it is. */
  readonly summary: (values: Float32Array) => { readonly value: number; readonly name: string };
}

/** Of a signal as its cell names it: units have numbers, and all together a mean. */
export function plainNaming({ name }: SignalOutline): Naming {
  return {
    title: name,
    meaning: meaning(name),
    unit: (unit) => unitName(name, unit),
    figure: (value) => number(value, 3),
    summary: (values) => ({ value: mean(values), name: t('mean') }),
  };
}

const wantedHeight = 96;
const mostHeight = 200;
const expandedHeight = 384;
/** Rows of fewer pixels a unit than this can be expanded. */
const comfortable = 6;

/** Units by time of one signal, with the chosen step's values as bars beside it. */
export function heatRow(
  source: TraceSource,
  signal: SignalRef,
  outline: SignalOutline,
  naming: Naming,
  state: ViewState,
  relayout: () => void,
): StackRow {
  const { units } = outline;
  const perUnit = Math.min(14, Math.max(1, Math.round(wantedHeight / units)));
  const collapsed = Math.min(mostHeight, Math.max(14, perUnit * units));
  const canvas = picture(collapsed);
  const profile = picture(collapsed);
  const legend = picture(6);
  const said = element('div', { class: 'value figures' });
  const which = element('div', { class: 'which' });
  const side = element('div', { class: 'side' }, profile, element('div', { class: 'reading' }, said, which));
  const ends = [element('span'), element('span')] as const;
  const ranks = new RankView(units);
  let expanded = false;
  let view: View | null = null;
  let step = 0;
  let seen = false;
  let drawn: { readonly key: string; readonly tiles: readonly PlacedTile[] } | null = null;

  const version = () => (signal.of === 'choices' ? 'edited' : state.version.value);
  /** Of differences that is known from those that were seen, the widest so far. */
  let differences: Scale | null = null;
  const scale = (): Scale => (version() === 'difference' ? differences : null) ?? scaleOf(outline, version());
  /** Only the units of layers are ordered: answers and outputs have places of their own. */
  const wanted = () => (signal.of === 'layer' ? state.order.value : 'index');
  /** The unit at each rank; while the order is not known, as they are. */
  const order = () => source.unitsInOrder(signal, wanted()) ?? source.unitsInOrder(signal, 'index');
  const rankOf = (unit: number) => order()?.indexOf(unit) ?? -1;

  const sayEnds = () => {
    const { low, high } = scale();
    setText(ends[0], number(low, 2));
    setText(ends[1], number(high, 2));
  };
  const widen = (tiles: readonly PlacedTile[]) => {
    const seen = scaleOfDifferences(tiles.map(({ tile }) => tile.values));
    if (seen === null || (differences !== null && differences.high >= seen.high)) return;
    differences = seen;
    sayEnds();
    point(step);
  };
  const draw = () => {
    if (view === null) return;
    const window = { ...view, firstRank: ranks.first, endRank: ranks.end };
    const [width, height] = [canvas.clientWidth * devicePixelRatio, canvas.clientHeight * devicePixelRatio];
    const tiles = source.tiles({ signal, version: version(), order: wanted() }, window, width, height);
    const key = [...Object.values(window), width, height, theme().kind, theme().grid, wanted()].join(' ');
    // Most calls come because something else has changed.
    if (drawn?.key === key && drawn.tiles.length === tiles.length && drawn.tiles.every((tile, i) => tile === tiles[i]))
      return;
    drawn = { key, tiles };
    if (version() === 'difference') widen(tiles);
    paintTiles(canvas, tiles, scale(), window, source.outline.steps);
    paintLegend(legend, scale());
  };
  /** The step's values in the order of the ranks in view. */
  const paintBars = (all: Float32Array, chosen: number | null) => {
    const inOrder = order();
    const shown = Float32Array.from(
      { length: ranks.end - ranks.first },
      (_, i) => all[inOrder?.[ranks.first + i] ?? 0] ?? Number.NaN,
    );
    paintProfile(profile, shown, scale(), 'down', chosen === null ? null : rankOf(chosen) - ranks.first);
  };
  const point = (to: number, onScreen = seen) => {
    step = to;
    seen = onScreen;
    const values = source.stepValues(step, version());
    side.classList.toggle('waiting', values === null && step < source.outline.steps);
    if (values === null) return;
    const all = values.of(signal);
    const chosen = state.chosenOf(signal);
    if (seen) paintBars(all, chosen);
    const read =
      chosen === null ? naming.summary(all) : { value: all[chosen] ?? Number.NaN, name: naming.unit(chosen) };
    setText(said, naming.figure(read.value));
    setText(which, read.name);
    which.title = read.name;
  };
  const refresh = () => {
    draw();
    point(step);
  };
  const resize = () => {
    const height = `${expanded ? Math.max(collapsed, Math.min(expandedHeight, 14 * units)) : collapsed}px`;
    canvas.style.height = height;
    profile.style.height = height;
    if (!expanded) ranks.reset();
    relayout();
    refresh();
  };
  const choose = (unit: number) => state.chosen.set({ signal, unit });
  const rowUnits: RowUnits = {
    move: (by) => {
      const inOrder = order();
      const chosen = state.chosenOf(signal);
      const from = chosen === null ? (by > 0 ? -1 : units) : rankOf(chosen);
      const rank = Math.min(units - 1, Math.max(0, from + by));
      ranks.include(rank);
      choose(inOrder?.[rank] ?? rank);
      refresh();
    },
    take: () => choose(state.chosenOf(signal) ?? order()?.[ranks.first] ?? 0),
    pin: () => {
      const chosen = state.chosenOf(signal);
      if (chosen !== null) state.togglePin(signal, chosen);
    },
    scroll: (share) => {
      const moved = ranks.scroll(share);
      if (moved) refresh();
      return moved;
    },
    zoom: (factor, at) => {
      if (!expanded) return;
      ranks.zoom(factor, at);
      refresh();
    },
  };

  const tools = element('span', { class: 'rowTools' });
  if (perUnit < comfortable && units > 1) {
    const zoomIn = iconButton(t('Fewer units, larger'), 'zoomIn', () => rowUnits.zoom(0.5, 0.5));
    const zoomOut = iconButton(t('More units, smaller'), 'zoomOut', () => rowUnits.zoom(2, 0.5));
    const expand = iconButton('', 'expand', () => {
      expanded = !expanded;
      show();
      resize();
    });
    const show = () => {
      const words = expanded ? t('Show {0} small again', naming.title) : t('Show {0} larger', naming.title);
      expand.mean(words, expanded ? 'collapse' : 'expand');
      zoomIn.show(expanded);
      zoomOut.show(expanded);
    };
    show();
    tools.append(expand.root, zoomIn.root, zoomOut.root);
  }
  const label = element(
    'div',
    { class: 'signal' },
    element('strong', { title: naming.title }, naming.title),
    element('span', { class: 'meaning' }, naming.meaning),
    tools,
    element('span', { class: 'legend figures' }, ends[0], legend, ends[1]),
  );
  const unwatch = [
    state.chosen.watch(() => point(step)),
    state.version.watch(() => {
      differences = null;
      sayEnds();
      drawn = null;
    }),
  ];
  return {
    ...plainRow,
    label,
    canvas,
    side,
    units: rowUnits,
    draw: (to) => {
      view = to;
      draw();
    },
    point,
    hover: (share) => {
      if (share !== null) choose(order()?.[ranks.rankAt(share)] ?? 0);
    },
    dispose: () => {
      for (const stop of unwatch) stop();
    },
  };
}
