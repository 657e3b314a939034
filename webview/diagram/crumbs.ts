import { element } from '../dom';
import { t } from '../l10n';
import type { PlacedBox } from './layout';
import { clip } from './text';

/** Which open boxes the middle of the view is in, outermost first: their titles may be far out of it. */
export class Crumbs {
  readonly root = element('div', {
    class: 'crumbs',
    role: 'navigation',
    'aria-label': t('Where the view is'),
    hidden: true,
  });
  private shown = '';

  /** @param go is told the key of the box that was chosen. */
  constructor(private readonly go: (key: string) => void) {}

  /** @param any whether something is open at all; where nothing is, there is no place to speak of. */
  show(whole: string, around: readonly PlacedBox[], any: boolean): void {
    const key = JSON.stringify([whole, any, around.map(({ item }) => item.key)]);
    if (key === this.shown) return;
    this.shown = key;
    this.root.hidden = !any;
    const links = around.map(({ item, title }) => {
      const link = element('button', { class: 'link' }, title);
      link.addEventListener('click', () => this.go(item.key));
      return element('span', {}, ' › ', link);
    });
    this.root.replaceChildren(element('span', {}, clip(whole, 60)), ...links);
  }
}
