import type { LayerOutline } from '../../extension/protocol/inspection';
import { dropdown } from '../controls/toolkit';
import { element, setAttribute, setText } from '../dom';
import { t } from '../l10n';
import { fixed } from '../numbers';
import type { StepValues } from './source';

const pageSize = 32;

export interface StepTable {
  readonly root: HTMLElement;
  /** Null: they are on their way; what is shown stays. */
  point(values: StepValues | null): void;
}

/** The unit of a layer that is looked at, which a click on its row chooses. */
export interface TableUnits {
  chosen(): number | null;
  choose(unit: number): void;
}

/** One step's numbers of a layer: a row a unit, a column a signal; `index` is the layer's place in its trace; wide layers are shown a page of units at a time. */
export function stepTable(layer: LayerOutline, index: number, title: string, units: TableUnits): StepTable {
  let first = 0;
  let shown: StepValues | null = null;
  const body = element('tbody');
  const head = layer.signals.map(({ name }) => element('th', { scope: 'col', title: name }, name));
  const table = element(
    'table',
    { class: 'numbers figures', 'aria-label': title },
    element('thead', {}, element('tr', {}, element('th', { scope: 'col' }, t('unit')), ...head)),
    body,
  );
  const cells = new Map<number, readonly HTMLElement[]>();
  const rows = new Map<number, HTMLElement>();
  const build = () => {
    cells.clear();
    rows.clear();
    for (let unit = first; unit < Math.min(layer.hidden, first + pageSize); unit++) {
      const own = layer.signals.map(() => element('td'));
      cells.set(unit, own);
      const row = element('tr', {}, element('th', { scope: 'row' }, String(unit + 1)), ...own);
      row.addEventListener('click', () => units.choose(unit));
      rows.set(unit, row);
    }
    body.replaceChildren(...rows.values());
  };
  const fill = () => {
    const chosen = units.chosen();
    for (const [unit, row] of rows) setAttribute(row, 'aria-current', unit === chosen ? 'true' : null);
    for (const [i, signal] of layer.signals.entries()) {
      const values = shown?.of({ of: 'layer', layer: index, signal: i }) ?? [];
      for (const [unit, own] of cells) {
        const cell = own[i];
        if (cell !== undefined) setText(cell, unit < signal.units ? fixed(values[unit] ?? Number.NaN, 4) : '');
      }
    }
  };
  build();
  const root = element('div', { class: 'stepTable' });
  if (layer.hidden > pageSize) {
    const pages = dropdown(t('Units'), (value) => {
      first = Number(value);
      build();
      fill();
    });
    const starts = Array.from({ length: Math.ceil(layer.hidden / pageSize) }, (_, page) => page * pageSize);
    const choices = starts.map((start) => ({
      value: String(start),
      text: t('{0} to {1}', start + 1, Math.min(layer.hidden, start + pageSize)),
    }));
    pages.offer(choices, '0');
    root.append(pages.root);
  }
  root.append(element('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': title }, table));
  return {
    root,
    point: (values) => {
      root.classList.toggle('waiting', values === null);
      if (values === null) return;
      shown = values;
      fill();
    },
  };
}
