import type { OpenedModel } from '../../extension/protocol/model';
import { element, setText } from '../dom';
import { t } from '../l10n';
import { parameterCount } from '../trace/signals';
import { purposeOf } from './words';

/** The top of the page: which file this is, what it was trained for, who wrote it and how big it is. */
export class ModelHeader {
  readonly root = element('header', { class: 'head' });
  private readonly name = element('h1');
  private readonly purpose = element('p', { class: 'answer' });
  private readonly facts = element('p', { class: 'said figures' });
  private readonly error = element('p', { class: 'error', role: 'alert', hidden: true });

  constructor() {
    this.root.append(element('div', { class: 'title' }, this.name), this.purpose, this.facts, this.error);
  }

  show(name: string, { description, purpose }: OpenedModel): void {
    setText(this.name, name);
    document.title = name;
    this.purpose.hidden = purpose === null;
    setText(this.purpose, purpose === null ? '' : purposeOf(purpose));
    const { producer, opset, parameters } = description;
    const by = producer === '' ? '' : t('written by {0}', producer);
    const facts = [by, t('operator set {0}', opset), parameterCount(parameters)];
    setText(this.facts, facts.filter((fact) => fact !== '').join(' · '));
    this.complain(null);
  }

  /** Shows what went wrong with the file since it was shown; null when all is well again. */
  complain(text: string | null): void {
    this.error.hidden = text === null;
    setText(this.error, text ?? '');
  }
}
