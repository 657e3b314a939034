import type {
  DiagramGroup,
  DiagramInitializer,
  DiagramNode,
  ModelPort,
  TensorSummary,
} from '../../extension/protocol/model';
import { button } from '../controls/toolkit';
import { element, setText } from '../dom';
import { explain, t } from '../l10n';
import { number } from '../numbers';
import { equationList } from '../trace/equations';
import { histogram } from './histogram';
import { clip } from './text';
import { boxCount, groupTitle, readsOf, sizeOf } from './words';

/** What can be done with the chosen box. */
export interface Choice {
  readonly label: string;
  readonly run: () => void;
}

/** Sums up the numbers of an initializer, by its name. */
export type Summarise = (name: string) => Promise<TensorSummary>;

/** A text of a file is cut to so many letters, and shows so many on hover. */
const readable = 200;
const longest = 2000;
/** So many rows of one kind are shown at once, and so many on request. */
const firstRows = 8;
const mostRows = 200;

/** All that is known of a box: what it is, what it reads and makes, its weights, its equations. */
export function nodeDetail(
  node: DiagramNode,
  total: number,
  choices: readonly Choice[],
  summarise: Summarise | null,
): readonly HTMLElement[] {
  const share = total > 0 && node.parameters > 0 ? t('{0} of {1} parameters', node.parameters, total) : '';
  const facts = [sizeOf(node), readsOf(node), share].filter((fact) => fact !== '').join(' · ');
  const title = clip(node.title, readable);
  const equations =
    node.equations.length === 0 ? null : equationList(node.equations, t('Equations of {0}', title)).root;
  const op = node.domain === '' ? node.op : t('{0} of {1}', node.op, node.domain);
  return [
    heading(title, facts),
    choiceRow(choices),
    pairs(t('What it is'), [
      [t('operator'), node.op === node.title && node.domain === '' ? '' : op],
      [t('name'), node.name],
    ]),
    equations,
    pairs(
      t('Attributes'),
      node.attributes.map(({ name, value }) => [name, value]),
      true,
    ),
    ports(t('Reads'), node.inputs),
    ports(t('Makes'), node.outputs),
    weights(node.initializers, summarise),
    pairs(
      t('Remarks'),
      node.remarks.filter(({ sensitive }) => !sensitive).map(({ name, value }) => [name, value]),
      true,
    ),
    onRequest(node),
  ].filter((part) => part !== null);
}

export function groupDetail(group: DiagramGroup, holds: number, choices: readonly Choice[]): readonly HTMLElement[] {
  return [heading(clip(groupTitle(group), readable), boxCount(holds)), choiceRow(choices)].filter(
    (part) => part !== null,
  );
}

const heading = (title: string, facts: string) =>
  element('h3', {}, title, ' ', element('span', { class: 'meaning' }, facts));

function choiceRow(choices: readonly Choice[]): HTMLElement | null {
  if (choices.length === 0) return null;
  const buttons = choices.map(({ label, run }) => button(label, run, 'secondary').root);
  return element('div', { class: 'choices' }, ...buttons);
}

/** A long text, with the whole of it, as far as anybody reads, on hover. */
function long(text: string): HTMLElement {
  const shown = clip(text, readable);
  return element('span', { class: 'long', title: shown === text ? null : clip(text, longest) }, shown);
}

/** Names and values; the title is shown where `titled`, and else only heard. */
function pairs(title: string, rows: readonly (readonly [string, string])[], titled = false): HTMLElement | null {
  const said = rows.filter(([, value]) => value !== '');
  if (said.length === 0) return null;
  const list = said
    .slice(0, mostRows)
    .flatMap(([name, value]) => [element('dt', {}, long(name)), element('dd', {}, long(value))]);
  const facts = element('dl', { 'aria-label': title }, ...list, more(said.length));
  return titled ? part(title, facts) : facts;
}

const more = (count: number) =>
  count <= mostRows ? null : element('dd', { class: 'meaning' }, t('and {0} more', number(count - mostRows)));

const shapeOf = ({ dtype, shape }: ModelPort) => `${dtype}${shape === null ? '' : ` [${shape.join(', ')}]`}`;

function ports(title: string, all: readonly ModelPort[]): HTMLElement | null {
  if (all.length === 0) return null;
  const rows = all
    .slice(0, mostRows)
    .map((port) =>
      element(
        'li',
        {},
        long(port.name),
        ' ',
        element('span', { class: 'meaning figures' }, clip(shapeOf(port), readable)),
      ),
    );
  return part(title, ...folded(rows, all.length));
}

/** A list of which the first rows are shown, and the others on request. `total` counts also what has no row. */
function folded(rows: readonly HTMLElement[], total: number): readonly HTMLElement[] {
  const first = element('ul', {}, ...rows.slice(0, firstRows));
  if (total <= firstRows) return [first];
  const summary = element('summary', {}, t('and {0} more', number(total - firstRows)));
  const cut =
    total > rows.length ? element('li', { class: 'meaning' }, t('and {0} more', number(total - rows.length))) : null;
  return [first, element('details', {}, summary, element('ul', {}, ...rows.slice(firstRows), cut))];
}

const part = (title: string, ...content: HTMLElement[]) =>
  element('div', { class: 'part' }, element('h4', {}, title), ...content);

function weights(all: readonly DiagramInitializer[], summarise: Summarise | null): HTMLElement | null {
  if (all.length === 0) return null;
  // What is read in two places stands once, and what is largest first.
  const once = [...new Map(all.map((each) => [each.name, each])).values()];
  const rows = once
    .toSorted((a, b) => b.parameters - a.parameters)
    .map((each) => {
      const size = each.parameters === 1 ? t('1 number') : t('{0} numbers', number(each.parameters));
      const row = element(
        'li',
        {},
        long(each.name),
        ' ',
        element('span', { class: 'meaning figures' }, `${clip(shapeOf(each), 200)} · ${size}`),
      );
      if (summarise !== null && each.parameters > 0) row.append(...onDemand(each.name, summarise));
      return row;
    });
  return part(t('Weights and fixed values'), ...folded(rows, once.length));
}

/** A button that shows how the numbers of an initializer are distributed, and hides it again. */
function onDemand(name: string, summarise: Summarise): readonly HTMLElement[] {
  const place = element('div', { 'aria-live': 'polite', hidden: true });
  const short = clip(name, 80);
  const show = element(
    'button',
    { class: 'link', 'aria-expanded': 'false', 'aria-label': t('Histogram of {0}', short) },
    t('Histogram'),
  );
  let asked = false;
  show.addEventListener('click', () => {
    place.hidden = !place.hidden;
    show.setAttribute('aria-expanded', String(!place.hidden));
    if (asked) return;
    asked = true;
    place.replaceChildren(element('p', { class: 'meaning' }, t('Reading the numbers…')));
    summarise(name).then(
      (summary) => place.replaceChildren(histogram(short, summary)),
      (error: unknown) => {
        asked = false;
        const said = element('p', { class: 'error', role: 'alert' });
        setText(said, explain(error));
        place.replaceChildren(said);
      },
    );
  });
  return [show, place];
}

/** What exporters leave in a file of their own machine is shown when it is asked for. */
function onRequest({ remarks }: DiagramNode): HTMLElement | null {
  const hidden = remarks.filter(({ sensitive }) => sensitive);
  const list = pairs(
    t('Remarks of the exporter'),
    hidden.map(({ name, value }) => [name, value]),
  );
  if (list === null) return null;
  return element('details', {}, element('summary', {}, t('Remarks of the exporter')), list);
}
