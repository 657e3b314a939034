import { icon } from './controls/icons';
import { button, progressRing } from './controls/toolkit';
import { element } from './dom';
import { t } from './l10n';

/** What a section shows in place of its content. */
export type Placeholder =
  | { readonly kind: 'none' }
  | { readonly kind: 'empty'; readonly text: string }
  | { readonly kind: 'loading'; readonly text: string }
  /** Loading that may never end. */
  | { readonly kind: 'running'; readonly text: string; readonly cancel: () => void }
  | {
      readonly kind: 'error';
      readonly text: string;
      readonly retry: { readonly label: string; readonly run: () => void };
    };

/** A part of the page with a heading, its tools, and a content that may not be there yet. */
export class Section {
  readonly root: HTMLElement;
  readonly tools = element('div', { class: 'tools' });
  readonly content = element('div', { class: 'content' });
  private readonly notice = element('div', { class: 'notice', hidden: true });
  private shown = '';

  constructor(
    readonly id: string,
    readonly title: string,
  ) {
    const heading = element('h2', { id: `${id}-title`, tabindex: -1 }, title);
    this.root = element(
      'section',
      { id, 'aria-labelledby': `${id}-title` },
      element('div', { class: 'bar' }, heading, this.tools),
      this.notice,
      this.content,
    );
  }

  /** Brings the section into view and puts the focus on its heading. */
  reveal(): void {
    this.root.scrollIntoView({ block: 'start' });
    this.root.querySelector('h2')?.focus({ preventScroll: true });
  }

  hold(placeholder: Placeholder): void {
    const key = JSON.stringify(placeholder);
    if (key === this.shown) return;
    this.shown = key;
    const none = placeholder.kind === 'none';
    this.notice.hidden = none;
    this.content.hidden = !none;
    this.tools.hidden = !none;
    this.notice.removeAttribute('role');
    this.notice.replaceChildren();
    if (placeholder.kind === 'none') return;
    if (placeholder.kind === 'loading' || placeholder.kind === 'running') this.notice.append(progressRing());
    if (placeholder.kind === 'error') this.notice.append(icon('failed'));
    this.notice.append(element('p', {}, placeholder.text));
    if (placeholder.kind === 'running') this.notice.append(button(t('Cancel'), placeholder.cancel, 'secondary').root);
    if (placeholder.kind === 'error') {
      this.notice.setAttribute('role', 'alert');
      this.notice.append(button(placeholder.retry.label, placeholder.retry.run, 'secondary').root);
    }
  }
}
