import type { DataFacts } from '../../extension/protocol/facts';
import type { SoundFacts, SoundPicture } from '../../extension/protocol/folderFacts';
import { button, dropdown } from '../controls/toolkit';
import { element } from '../dom';
import { explain, t } from '../l10n';
import { number } from '../numbers';
import { Section } from '../section';
import { SoundPictures } from './soundPictures';
import { headRow, scrolling } from './tables';
import { shareOf } from './words';

/** What sounds are, and pictures of one that is chosen. */
export class SoundsSection {
  readonly section = new Section('sounds', t('Sounds'));
  private readonly forms = element('div');
  private readonly pictures = new SoundPictures();
  private readonly said = element('p', { class: 'said figures', role: 'status' });
  private readonly choice = dropdown(t('Sound'), (name) => void this.choose(name));
  private readonly before = button(t('Previous'), () => this.step(-1), 'secondary');
  private readonly after = button(t('Next'), () => this.step(1), 'secondary');
  private readonly chooser = element(
    'div',
    { class: 'soundChoice' },
    this.choice.root,
    this.before.root,
    this.after.root,
  );
  private names: readonly string[] = [];
  private highest = 0;
  private chosen = '';

  /** @param ask gets the pictures of a sound */
  constructor(private readonly ask: (name: string, highest: number) => Promise<SoundPicture>) {
    this.section.content.append(this.forms, this.chooser, this.said, this.pictures.root);
  }

  /** Whether there is something to show. */
  show({ folder }: DataFacts): boolean {
    const sounds = folder?.sounds ?? null;
    if (folder === null || sounds === null) return false;
    this.forms.replaceChildren(...formsOf(sounds, folder.items));
    const { names, highest } = sounds;
    const isKnown = names.includes(this.chosen) && highest === this.highest;
    this.names = names;
    this.highest = highest;
    this.chooser.hidden = names.length === 0;
    const first = isKnown ? this.chosen : (names[0] ?? '');
    this.choice.offer(
      names.map((name) => ({ value: name, text: name })),
      first,
    );
    if (!isKnown && names.length > 0) void this.choose(first);
    return true;
  }

  private step(by: number): void {
    const next = this.names[this.names.indexOf(this.chosen) + by];
    if (next === undefined) return;
    this.choice.choose(next);
    void this.choose(next);
  }

  private async choose(name: string): Promise<void> {
    this.chosen = name;
    const place = this.names.indexOf(name);
    this.before.enable(place > 0);
    this.after.enable(place < this.names.length - 1);
    try {
      const picture = await this.ask(name, this.highest);
      if (this.chosen !== name) return;
      this.pictures.show(picture);
      this.said.textContent = sentenceFor(picture);
    } catch (error) {
      if (this.chosen !== name) return;
      this.pictures.show(null);
      this.said.textContent = explain(error);
    }
  }
}

function sentenceFor({ name, seconds, readSteps, mels, hop, highest }: SoundPicture): string {
  return t(
    '{0}: {1} seconds, read as {2} steps of {3} bands up to {4} Hz, one every {5} ms.',
    name,
    number(seconds, 3),
    number(readSteps),
    number(mels),
    number(highest),
    number(hop),
  );
}

/** How the files are written: a sentence where all are alike, else a table. */
function formsOf({ forms, highest }: SoundFacts, items: number): HTMLElement[] {
  const [first] = forms;
  if (first === undefined) return [];
  const reach = t('All of them hold frequencies up to {0} Hz.', number(highest));
  const write = ({ rate, channels, bits }: typeof first) =>
    channels === 1
      ? t('{0} samples a second, 1 channel, {1} bits', number(rate), number(bits))
      : t('{0} samples a second, {1} channels, {2} bits', number(rate), number(channels), number(bits));
  if (forms.length === 1)
    return [element('p', { class: 'said figures' }, `${t('All sounds have {0}.', write(first))} ${reach}`)];
  const title = t('How the sounds are written');
  const lines = forms.map((form) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row', class: 'figures' }, write(form)),
      element('td', { class: 'figures amount' }, number(form.count)),
      element('td', { class: 'figures amount' }, shareOf(form.count, items)),
    ),
  );
  const table = element(
    'table',
    { class: 'facts', 'aria-label': title },
    headRow([t('form'), t('count'), t('share')]),
    element('tbody', {}, ...lines),
  );
  return [element('p', { class: 'said figures' }, reach), scrolling(title, table)];
}
