import type { DiagramGroup, DiagramNode } from '../../extension/protocol/model';
import { t } from '../l10n';
import { number } from '../numbers';
import { parameterCount, unitCount } from '../trace/signals';
import type { Item } from './outline';

/** How big what comes out of a box is, in words or as a shape. */
export function sizeOf({ units, direction, detail }: DiagramNode): string {
  if (units === null) return detail;
  return direction === 'bidirectional' ? t('2 × {0}', unitCount(units)) : unitCount(units);
}

/** Which way a box reads, where that is not from first to last. */
export function readsOf({ direction }: DiagramNode): string {
  if (direction === 'bidirectional') return t('both directions');
  return direction === 'reverse' ? t('backwards') : '';
}

/** What stands under the title of a box. */
export function notesOf(node: DiagramNode): readonly string[] {
  const size = [sizeOf(node), readsOf(node)].filter((part) => part !== '').join(t(', '));
  return [size, parameterCount(node.parameters)].filter((note) => note !== '');
}

/** What a group is called. */
export function groupTitle({ title, kind, count }: DiagramGroup): string {
  return kind === 'repeat' || (kind === 'recurrence' && count > 1) ? t('{0} × {1}', title, number(count)) : title;
}

export const titleOf = ({ node, group }: Item): string => node?.title ?? (group === null ? '' : groupTitle(group));

export const boxCount = (count: number): string => (count === 1 ? t('1 box') : t('{0} boxes', number(count)));
