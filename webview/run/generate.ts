import type { GenerateWish } from '../../extension/protocol/model';
import type { RunDetail } from '../../extension/protocol/run';
import { type NumberControl, numberField } from '../controls/numberField';
import { type ButtonControl, button, progressRing } from '../controls/toolkit';
import { element, setText } from '../dom';
import { explain, t } from '../l10n';
import { number } from '../numbers';
import type { Memory } from '../page';
import { Section } from '../section';
import type { RunPageState } from './pageState';

type Ask = (wish: GenerateWish, signal: AbortSignal) => Promise<{ readonly text: string }>;

/** A text of the model: what it was given, and what it wrote after it. */
interface Written {
  readonly prompt: string;
  readonly text: string;
}

/** What the page remembers of a text; what is before it the model wrote too. */
const mostKept = 20_000;
const mostSeed = 2 ** 32 - 1;

/** What is asked for as long as nobody says otherwise: what `unroll generate` writes. */
const usual: GenerateWish = { prompt: '', length: 500, temperature: 0.8, topK: null, topP: 1, seed: 1 };

/** Lets a language model write on after a prompt. */
export class GenerateSection {
  readonly section = new Section('generate', t('Generate'));
  private wish: GenerateWish;
  private written: Written | null;
  /** Whether what is asked for now was asked for already: then another text is wanted, so another seed. */
  private isAsked = false;
  private running: AbortController | null = null;
  private readonly prompt = element('textarea', { rows: 2, spellcheck: 'false', 'aria-label': t('Prompt') });
  private readonly seed: NumberControl;
  private readonly write = button(t('Generate'), () => this.generate(), 'primary');
  private readonly more = button(t('Write On'), () => this.writeOn(), 'secondary');
  private readonly keep = button(t('Open as Text'), () => this.openText(), 'secondary');
  private readonly cancel = button(t('Cancel'), () => this.running?.abort(), 'secondary');
  private readonly ring = progressRing();
  private readonly said = element('span', { class: 'meaning', role: 'status' });
  private readonly error = element('p', { class: 'error', role: 'alert', hidden: true });
  private readonly before = element('span', { class: 'meaning' });
  private readonly after = element('span');
  private readonly text = element(
    'div',
    { class: 'generated scroll', tabindex: 0, role: 'region', 'aria-label': t('What the model wrote'), hidden: true },
    this.before,
    this.after,
  );

  /** @param open shows a text as a document that can be saved */
  constructor(
    private readonly memory: Memory<RunPageState>,
    private readonly ask: Ask,
    private readonly open: (text: string) => Promise<unknown>,
  ) {
    const { wish, written } = restored(memory.value.generated);
    this.wish = wish;
    this.written = written;
    this.prompt.value = wish.prompt;
    this.prompt.placeholder = t('What stands before; the model writes on after it. Empty begins a line.');
    this.prompt.addEventListener('input', () => this.change({ prompt: this.prompt.value }));
    this.prompt.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) this.generate();
    });
    this.seed = numberField(t('Seed'), wish.seed, { min: 0, max: mostSeed }, (seed) => this.change({ seed }));
    const fields = [
      numberField(t('Temperature'), wish.temperature, { min: 0, max: 100, step: 0.1 }, (temperature) =>
        this.change({ temperature }),
      ),
      numberField('Top-k', wish.topK ?? 0, { min: 0, max: 1e9 }, (topK) =>
        this.change({ topK: topK === 0 ? null : topK }),
      ),
      numberField('Top-p', wish.topP, { min: 0.01, max: 1, step: 0.01 }, (topP) => this.change({ topP })),
      this.seed,
      numberField(t('Length'), wish.length, { min: 1, max: 1e6 }, (length) => this.change({ length })),
    ];
    const meaning = t(
      'A temperature below 1 makes the likely likelier, and 0 always takes the likeliest. Top-k draws from so many of the likeliest, 0 from all; top-p from the likeliest that have so much probability together. The same seed writes the same text.',
    );
    this.section.content.append(
      this.prompt,
      element('div', { class: 'wishes' }, ...fields.map(({ root }) => root)),
      element('p', { class: 'meaning explained' }, meaning),
      element(
        'div',
        { class: 'wishes' },
        ...[this.write, this.more, this.keep, this.cancel].map(({ root }) => root),
        this.ring,
        this.said,
      ),
      this.error,
      this.text,
    );
    this.refresh();
  }

  /** Follows the run: it writes as soon as it has a model. */
  show({ summary }: RunDetail): void {
    if (summary.state.kind === 'done') this.section.hold({ kind: 'none' });
    else if (['preparing', 'training', 'paused'].includes(summary.state.kind))
      this.section.hold({ kind: 'empty', text: t('When training ends, the model can be let write here.') });
    else
      this.section.hold({
        kind: 'empty',
        text: t('A model writes when its training has ended. Resume the run or train again.'),
      });
  }

  private change(wish: Partial<GenerateWish>): void {
    this.wish = { ...this.wish, ...wish };
    this.isAsked = false;
    this.remember();
  }

  private generate(): void {
    if (this.isAsked) {
      this.change({ seed: this.wish.seed === mostSeed ? 0 : this.wish.seed + 1 });
      this.seed.set(this.wish.seed);
    }
    void this.run(this.wish, this.wish.prompt, '');
  }

  /** Goes on after what is written, which the model reads again. */
  private writeOn(): void {
    if (this.written === null) return;
    const { prompt, text } = this.written;
    const wish = { ...this.wish, prompt: prompt + text };
    void this.run(wish, prompt, text);
  }

  private async run(wish: GenerateWish, prompt: string, before: string): Promise<void> {
    if (this.running !== null) return;
    const running = new AbortController();
    this.running = running;
    this.error.hidden = true;
    setText(this.said, t('The model writes…'));
    this.refresh();
    try {
      const { text } = await this.ask(wish, running.signal);
      this.written = { prompt, text: before + text };
      this.isAsked = true;
      setText(this.said, t('{0} characters', number(before.length + text.length)));
      this.remember();
    } catch (error) {
      setText(this.said, '');
      this.error.hidden = running.signal.aborted;
      setText(this.error, explain(error));
    }
    this.running = null;
    this.refresh();
    if (before !== '') this.text.scrollTop = this.text.scrollHeight;
  }

  private openText(): void {
    if (this.written === null) return;
    this.open(this.written.prompt + this.written.text).catch((error: unknown) => {
      this.error.hidden = false;
      setText(this.error, explain(error));
    });
  }

  private refresh(): void {
    const { written } = this;
    const isRunning = this.running !== null;
    const show = (control: ButtonControl, shown: boolean) => {
      control.show(shown);
      control.enable(!isRunning);
    };
    show(this.write, true);
    show(this.more, written !== null);
    show(this.keep, written !== null);
    this.cancel.show(isRunning);
    this.ring.hidden = !isRunning;
    this.text.hidden = written === null;
    setText(this.before, written?.prompt ?? '');
    setText(this.after, written?.text ?? '');
  }

  private remember(): void {
    const text = this.written?.text ?? '';
    const kept = this.written === null || text.length > mostKept ? null : this.written;
    this.memory.keep({ generated: JSON.stringify({ wish: this.wish, written: kept }) });
  }
}

/** What was asked for and written before the page was loaded anew. */
function restored(saved: string): { readonly wish: GenerateWish; readonly written: Written | null } {
  try {
    const { wish, written } = JSON.parse(saved) as { wish: GenerateWish; written: Written | null };
    return { wish: { ...usual, ...wish }, written };
  } catch {
    return { wish: usual, written: null };
  }
}
