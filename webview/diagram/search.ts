import { iconButton } from '../controls/toolkit';
import { element, setText } from '../dom';
import { t } from '../l10n';
import { number } from '../numbers';
import { BoxIndex } from './boxIndex';
import type { Outline } from './outline';

/** A field that finds boxes, and goes from one found to the next. */
export class SearchBar {
  readonly root: HTMLElement;
  private readonly field = element('input', {
    type: 'search',
    'aria-label': t('Search the diagram'),
    placeholder: t('Search'),
    title: t('Search by operator, name or tensor (Ctrl+F)'),
    spellcheck: 'false',
  });
  private readonly count = element('output', { class: 'figures' });
  private readonly previous = iconButton(t('Previous box found (Shift+Enter)'), 'previous', () => this.step(-1));
  private readonly next = iconButton(t('Next box found (Enter)'), 'next', () => this.step(1));
  private index: BoxIndex | null = null;
  private hits: readonly string[] = [];
  private at = -1;

  /** @param go shows the box that was found; null where the search is over. All that were found are told as well. */
  constructor(private readonly go: (id: string | null, all: readonly string[]) => void) {
    this.root = element(
      'span',
      { class: 'buttons search', role: 'search' },
      element('span', { class: 'within' }, this.field, this.count),
      this.previous.root,
      this.next.root,
    );
    this.field.addEventListener('input', () => this.search());
    this.field.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') this.step(event.shiftKey ? -1 : 1);
      else if (event.key === 'Escape' && this.field.value !== '') this.clear();
      else return;
      event.preventDefault();
    });
    this.tell();
  }

  over(outline: Outline): void {
    this.index = new BoxIndex(outline);
    this.hits = this.index.find(this.field.value);
    this.at = -1;
    this.tell();
  }

  focus(): void {
    this.field.focus();
    this.field.select();
  }

  private clear(): void {
    this.field.value = '';
    this.search();
  }

  private search(): void {
    this.hits = this.index?.find(this.field.value) ?? [];
    this.at = -1;
    if (this.hits.length > 0) this.step(1);
    else {
      this.tell();
      this.go(null, []);
    }
  }

  private step(by: 1 | -1): void {
    if (this.hits.length === 0) return;
    this.at = this.at < 0 && by < 0 ? this.hits.length - 1 : (this.at + by + this.hits.length) % this.hits.length;
    this.tell();
    this.go(this.hits[this.at] ?? null, this.hits);
  }

  private tell(): void {
    const { hits, at } = this;
    const none = this.field.value.trim() === '';
    const text = hits.length === 0 ? t('nothing found') : t('{0} of {1}', number(at + 1), number(hits.length));
    setText(this.count, none ? '' : text);
    this.previous.enable(hits.length > 0);
    this.next.enable(hits.length > 0);
  }
}
