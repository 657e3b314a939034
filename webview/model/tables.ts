import type { ModelDescription, ModelPort, Realisation } from '../../extension/protocol/model';
import { element } from '../dom';
import { t } from '../l10n';
import { number } from '../numbers';
import { Section } from '../section';
import { directionName } from './words';

/** What goes into a model and what comes out of it. */
export class PortsSection {
  readonly section = new Section('ports', t('Inputs and Outputs'));

  show({ inputs, outputs }: ModelDescription): void {
    const rows = [
      ...inputs.map((port) => portRow(t('input'), port)),
      ...outputs.map((port) => portRow(t('output'), port)),
    ];
    const head = headRow([t('port'), t('name'), t('type'), t('shape')]);
    this.section.content.replaceChildren(table(t('Inputs and Outputs'), head, rows));
  }
}

/** How a recurrence is written in its file. */
function realisationName(realisation: Realisation): string {
  return {
    operator: t('one operator'),
    quantised: t('one operator of 8 bits'),
    stepForm: t('Scan over its equations'),
    scan: 'Scan',
    loop: 'Loop',
    unrolled: t('steps one after the other'),
  }[realisation];
}

/** Every recurrence of a model, one a row. */
export class LayersSection {
  readonly section = new Section('layers', t('Recurrent Layers'));

  show({ recurrent }: ModelDescription): void {
    if (recurrent.length === 0) {
      const text = t('No recurrent layer was recognised in this file, so there is nothing to step through.');
      this.section.hold({ kind: 'empty', text });
      return;
    }
    this.section.hold({ kind: 'none' });
    const rows = recurrent.map(({ node, op, realisation, direction, hidden, input, gates, parameters }) =>
      element(
        'tr',
        {},
        element('th', { scope: 'row', class: 'name' }, node || '\u2013'),
        element('td', {}, op),
        element('td', {}, realisationName(realisation)),
        element('td', {}, directionName(direction)),
        element('td', { class: 'figures' }, number(hidden)),
        element('td', { class: 'figures' }, number(input)),
        element('td', {}, gates.length === 0 ? '\u2013' : gates.join(' ')),
        element('td', { class: 'figures' }, number(parameters)),
      ),
    );
    const head = headRow([
      t('node'),
      t('layer'),
      t('written as'),
      t('reads'),
      t('hidden units'),
      t('inputs a step'),
      t('order of gates'),
      t('parameters'),
    ]);
    this.section.content.replaceChildren(table(t('Recurrent Layers'), head, rows));
  }
}

const headRow = (titles: readonly string[]) =>
  element('tr', {}, ...titles.map((title) => element('th', { scope: 'col' }, title)));

function table(title: string, head: HTMLElement, rows: readonly HTMLElement[]): HTMLElement {
  const body = element('tbody', {}, ...rows);
  const whole = element('table', { class: 'facts', 'aria-label': title }, element('thead', {}, head), body);
  return element('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': title }, whole);
}

function portRow(kind: string, { name, dtype, shape }: ModelPort): HTMLElement {
  return element(
    'tr',
    {},
    element('td', {}, kind),
    element('th', { scope: 'row', class: 'name' }, name),
    element('td', {}, dtype),
    element('td', { class: 'figures' }, shape === null ? '\u2013' : `[${shape.join(', ')}]`),
  );
}
