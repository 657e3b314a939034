import type { InputWish, OpenedModel } from '../../extension/protocol/model';
import type { InputFileKind, InputKind } from '../../extension/protocol/trace';
import { numberField } from '../controls/numberField';
import { textField } from '../controls/textField';
import { button, checkbox, dropdown } from '../controls/toolkit';
import { element, setText } from '../dom';
import { t } from '../l10n';
import { readName } from '../trace/words';

/** The files that inputs are read from, by the kind of input; a name is all that a page knows of a file. */
export type InputFiles = Readonly<Partial<Record<InputFileKind, string>>>;

const isFileKind = (kind: InputKind): kind is InputFileKind => kind === 'file' || kind === 'rows' || kind === 'text';

const mostText = 100_000;

/** Chooses what a model reads. */
export class ModelInputs {
  readonly controls: readonly HTMLElement[];
  private readonly kind = dropdown(t('Input'), (value) => {
    const kind = this.kinds().find((each) => each === value);
    if (kind !== undefined) void this.choose(kind);
  });
  private readonly file = button(t('Choose File…'), () => void this.chooseFile(), 'secondary');
  private readonly vocabulary = button(t('Choose Vocabulary…'), () => void this.chooseFile(), 'secondary');
  private readonly fileName = element('span', { class: 'meaning fileName', hidden: true });
  private readonly text = textField(t('Text'), '', mostText, (text) => this.change({ text }));
  private readonly row = numberField(t('First row'), 1, { min: 1, max: 1_000_000_000 }, (row) =>
    this.change({ row: row - 1 }),
  );
  private readonly standardised = checkbox(t('Standardise'), false, (on) => this.change({ standardised: on }));
  private readonly seed = numberField(t('Seed'), 1, { min: 0, max: 2 ** 32 - 1 }, (seed) => this.change({ seed }));
  private readonly steps = numberField(t('Steps'), 20, { min: 1, max: 100_000 }, (steps) => this.change({ steps }));
  private readonly batch = numberField(t('Batch'), 1, { min: 1, max: 1024 }, (batch) => this.change({ batch }));
  private readonly names: Partial<Record<InputFileKind, string>> = {};
  private wish: InputWish = {
    kind: 'noise',
    seed: 1,
    steps: 20,
    batch: 1,
    row: 0,
    standardised: false,
    text: '',
  };
  private model: Pick<OpenedModel, 'free' | 'reads' | 'purpose'> = {
    free: { steps: false, batch: false },
    reads: { rows: false, text: false, vocabulary: false },
    purpose: null,
  };

  /**
   * @param kind what was chosen last; after a reload nobody knows any more which file.
   * @param chooseInputs lets the user choose the file for a kind of input; null where none was chosen.
   * @param onChange is told of every change, and of a file that was chosen: then the user wants to see it.
   */
  constructor(
    kind: string,
    private readonly chooseInputs: (kind: InputFileKind) => Promise<{ readonly name: string } | null>,
    private readonly onChange: (wish: InputWish, fileChosen: boolean) => void,
  ) {
    const first = (['noise', 'zeros', 'impulse'] as const).find((each) => each === kind);
    if (first !== undefined) this.wish = { ...this.wish, kind: first };
    const { file, vocabulary, text, row, standardised, seed, steps, batch } = this;
    const parts = [this.kind, file, { root: this.fileName }, text, vocabulary, row, standardised, seed, steps, batch];
    this.controls = parts.map(({ root }) => root);
  }

  get value(): InputWish {
    return this.wish;
  }

  /** The name of the file that is read now. */
  get chosenFile(): string | null {
    const { kind } = this.wish;
    return isFileKind(kind) ? (this.names[kind] ?? null) : null;
  }

  /** Whether everything that the chosen kind of input needs is there. */
  get complete(): boolean {
    const { kind, text } = this.wish;
    if (kind === 'text') return text !== '' && (this.model.reads.vocabulary || this.names.text !== undefined);
    return !isFileKind(kind) || this.names[kind] !== undefined;
  }

  /** Offers what fits a model. */
  fit(model: Pick<OpenedModel, 'free' | 'reads' | 'purpose'>): void {
    // A model of ours is shown the length that it was trained with first.
    if (this.model.purpose === null && model.purpose !== null) {
      this.wish = { ...this.wish, steps: model.purpose.lookback };
      this.steps.set(this.wish.steps);
    }
    this.model = model;
    const kinds = this.kinds();
    if (!kinds.includes(this.wish.kind)) this.wish = { ...this.wish, kind: 'noise' };
    this.kind.offer(
      kinds.map((each) => ({ value: each, text: readName(each) })),
      this.wish.kind,
    );
    this.refresh();
  }

  /** Shows what was chosen before the page went away. */
  restore(wish: InputWish, file: string | null): void {
    this.wish = wish;
    if (file !== null && isFileKind(wish.kind)) this.names[wish.kind] = file;
    this.kind.choose(wish.kind);
    this.seed.set(wish.seed);
    this.steps.set(wish.steps);
    this.batch.set(wish.batch);
    this.row.set(wish.row + 1);
    this.text.set(wish.text);
    this.standardised.check(wish.standardised);
    this.refresh();
  }

  private kinds(): readonly InputKind[] {
    const { rows, text } = this.model.reads;
    return [
      'noise',
      'zeros',
      'impulse',
      ...(rows ? (['rows'] as const) : []),
      ...(text ? (['text'] as const) : []),
      'file',
    ];
  }

  private refresh(): void {
    const { kind } = this.wish;
    const { free, reads, purpose } = this.model;
    const made = kind === 'zeros' || kind === 'noise' || kind === 'impulse';
    const name = this.chosenFile;
    this.file.show(kind === 'file' || kind === 'rows');
    this.vocabulary.show(kind === 'text' && !reads.vocabulary);
    this.fileName.hidden = name === null;
    setText(this.fileName, name ?? '');
    this.fileName.title = name ?? '';
    this.text.show(kind === 'text');
    this.row.show(kind === 'rows');
    this.standardised.root.hidden = kind !== 'rows' || purpose !== null;
    this.seed.show(kind === 'noise');
    this.steps.show(free.steps && (made || kind === 'rows'));
    this.batch.show(free.batch && made);
  }

  private async choose(kind: InputKind): Promise<void> {
    const before = this.wish.kind;
    this.wish = { ...this.wish, kind };
    if (kind !== 'text' && isFileKind(kind) && this.names[kind] === undefined && !(await this.chooseFile())) {
      this.wish = { ...this.wish, kind: before };
      this.kind.choose(before);
      this.refresh();
      return;
    }
    this.change({});
  }

  /** Whether a file was chosen. */
  private async chooseFile(): Promise<boolean> {
    const { kind } = this.wish;
    if (!isFileKind(kind)) return false;
    const chosen = await this.chooseInputs(kind);
    if (chosen === null) return false;
    this.names[kind] = chosen.name;
    this.refresh();
    this.onChange(this.wish, true);
    return true;
  }

  private change(change: Partial<InputWish>): void {
    this.wish = { ...this.wish, ...change };
    this.refresh();
    this.onChange(this.wish, false);
  }
}
