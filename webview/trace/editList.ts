import type { TraceOutline } from '../../extension/protocol/inspection';
import { iconButton } from '../controls/toolkit';
import { element } from '../dom';
import { t } from '../l10n';
import { editSentence } from './editWords';

/** The edits of a trace as a list in which each can be taken back. */
export function editList(outline: TraceOutline, remove: (index: number) => void): HTMLElement {
  const items = outline.edits.map((edit, i) => {
    const sentence = editSentence(outline, edit);
    const undo = iconButton(t('Undo: {0}', sentence), 'unpin', () => remove(i));
    return element('li', {}, element('span', {}, sentence), undo.root);
  });
  return element('ul', { class: 'edits', 'aria-label': t('Edits') }, ...items);
}
