import type { StateEdit, TraceOutline } from '../../extension/protocol/inspection';
import { iconButton } from '../controls/toolkit';
import { element } from '../dom';
import { t } from '../l10n';
import { number } from '../numbers';
import { layerTitle } from './signals';

/** What an edit does, as a sentence. */
export function editSentence({ layers, steps }: TraceOutline, edit: StateEdit): string {
  const layer = layers[edit.layer];
  const place = layers.length > 1 && layer !== undefined ? `${layerTitle(layer, edit.layer)}, ` : '';
  const what = `${place}${t('{0} of unit {1}', edit.state, edit.unit + 1)}`;
  const all = edit.from === 0 && edit.to === steps;
  if (all && edit.value === 0) return t('{0} is ablated: 0 after every step.', what);
  if (all) return t('{0} is held at {1} after every step.', what, number(edit.value));
  if (edit.to === edit.from + 1) return t('{0} is set to {1} after step {2}.', what, number(edit.value), edit.from + 1);
  return t('{0} is set to {1} after steps {2} to {3}.', what, number(edit.value), edit.from + 1, edit.to);
}

/** The edits of a trace as a list in which each can be taken back. */
export function editList(outline: TraceOutline, remove: (index: number) => void): HTMLElement {
  const items = outline.edits.map((edit, i) => {
    const sentence = editSentence(outline, edit);
    const undo = iconButton(t('Undo: {0}', sentence), 'unpin', () => remove(i));
    return element('li', {}, element('span', {}, sentence), undo.root);
  });
  return element('ul', { class: 'edits', 'aria-label': t('Edits') }, ...items);
}

/** Whether two edits set the same number: then the later one takes the place of the other. */
export const setTheSame = (a: StateEdit, b: StateEdit): boolean =>
  a.layer === b.layer && a.state === b.state && a.unit === b.unit && a.from === b.from && a.to === b.to;
