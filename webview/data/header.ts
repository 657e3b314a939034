import type { DataFacts } from '../../extension/protocol/facts';
import { type ButtonControl, button, progressRing } from '../controls/toolkit';
import { element, setText } from '../dom';
import { say, t } from '../l10n';
import { proposalSentence, sizeOf } from './words';

/** The top of the page: which file this is, how large, and what can be learnt from it. */
export class DataHeader {
  readonly root = element('header', { class: 'head' });
  private readonly name = element('h1');
  private readonly answer = element('p', { class: 'answer' });
  private readonly facts = element('p', { class: 'said figures' });
  private readonly data = element('p', { class: 'said', hidden: true });
  private readonly error = element('p', { class: 'error', role: 'alert', hidden: true });
  private readonly changed = element('p', { class: 'notice', role: 'status', hidden: true });
  private readonly train: ButtonControl;

  constructor(train: () => void, again: () => void) {
    this.train = button(t('Train on This File…'), train, 'primary');
    this.changed.append(t('The file has changed since it was read.'), button(t('Read Again'), again, 'secondary').root);
    const actions = element('div', { class: 'actions' }, this.train.root);
    this.root.append(
      element('div', { class: 'title' }, this.name, actions),
      this.answer,
      this.data,
      this.facts,
      this.changed,
      this.error,
    );
  }

  /** @param data where an experiment file says that its data is; null for data itself */
  show(name: string, data: string | null, facts: DataFacts): void {
    setText(this.name, name);
    document.title = name;
    const isFolder = facts.folder !== null;
    const label = data !== null ? t('Train') : isFolder ? t('Train on This Folder…') : t('Train on This File…');
    setText(this.train.root, label);
    this.data.hidden = data === null;
    setText(this.data, data === null ? '' : t('Of {0}, with the choices of this file.', data));
    this.tellProposal(facts);
    setText(this.facts, sizeOf(facts));
    this.complain(null);
    this.tellChanged(false);
  }

  private tellProposal({ proposal, folder }: DataFacts): void {
    this.train.enable(proposal.kind === 'task');
    this.answer.setAttribute('aria-busy', proposal.kind === 'pending' ? 'true' : 'false');
    if (proposal.kind === 'pending') {
      this.answer.replaceChildren(progressRing(), t('Looking for what can be learnt from it…'));
    } else setText(this.answer, proposal.kind === 'none' ? say(proposal.why) : proposalSentence(proposal, folder));
  }

  /** The proposal could not be made, for a reason that is none of the file's. */
  giveUp(text: string): void {
    setText(this.answer, '');
    this.complain(text);
  }

  complain(text: string | null): void {
    this.error.hidden = text === null;
    setText(this.error, text ?? '');
  }

  tellChanged(changed: boolean): void {
    this.changed.hidden = !changed;
  }
}
