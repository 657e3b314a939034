import type { InputWish, OpenedModel } from '../../extension/protocol/model';
import type { ModelRan } from '../../extension/protocol/panels';
import type { InputKind, ModelTrace } from '../../extension/protocol/trace';
import { numberField } from '../controls/numberField';
import { button, dropdown, progressRing } from '../controls/toolkit';
import { element, setText } from '../dom';
import { explain, t } from '../l10n';
import type { Memory } from '../page';
import { Section } from '../section';
import { TraceView } from '../trace/traceView';
import { readName } from '../trace/words';
import type { ModelPageState } from './pageState';
import { said } from './words';

interface Ask {
  readonly trace: (wish: InputWish, signal: AbortSignal) => Promise<ModelTrace>;
  readonly chooseInputs: () => Promise<{ readonly name: string } | null>;
  readonly move: (step: number) => Promise<unknown>;
}

const kinds: readonly InputKind[] = ['noise', 'zeros', 'impulse', 'file'];
const isKind = (text: string): text is InputKind => kinds.some((kind) => kind === text);

/** What goes through every recurrent layer of a model for an input that the user chooses. */
export class ModelInspector {
  readonly section = new Section('inspector', t('Inspector'));
  private readonly view: TraceView;
  private readonly hint = element(
    'p',
    { class: 'meaning' },
    t('Choose what the model reads, then run it: its gates and states at every step are shown here.'),
  );
  private readonly waiting = element('div', { class: 'notice', role: 'status', hidden: true });
  private readonly error = element('p', { class: 'error', role: 'alert', hidden: true });
  private readonly input = dropdown(t('Input'), (value) => {
    if (isKind(value)) void this.choose(value);
  });
  private readonly file = button(t('Choose File…'), () => void this.choose('file'), 'secondary');
  private readonly seed = numberField(t('Seed'), 1, { min: 0, max: 2 ** 32 - 1 }, (seed) => this.change({ seed }));
  private readonly steps = numberField(t('Steps'), 20, { min: 1, max: 100_000 }, (steps) => this.change({ steps }));
  private readonly batch = numberField(t('Batch'), 1, { min: 1, max: 1024 }, (batch) => this.change({ batch }));
  private readonly run = button(t('Run'), () => this.trace(), 'primary');
  private wish: InputWish;
  private fileName: string | null = null;
  private free: OpenedModel['free'] = { steps: false, batch: false };
  private ran = false;
  private asking: AbortController | null = null;

  constructor(
    private readonly memory: Memory<ModelPageState>,
    private readonly ask: Ask,
  ) {
    const { input } = memory.value;
    // After a reload nobody knows any more which file was chosen.
    const kind = isKind(input) && input !== 'file' ? input : 'noise';
    this.wish = { kind, seed: 1, steps: 20, batch: 1 };
    this.view = new TraceView(this.section.root, ask.move, (step) => memory.keep({ step }));
    this.input.offer(
      kinds.map((each) => ({ value: each, text: readName(each) })),
      kind,
    );
    const tools = [this.input, this.file, this.seed, this.steps, this.batch, this.run];
    this.section.tools.append(this.view.resetZoom.root, ...tools.map(({ root }) => root));
    this.view.resetZoom.show(false);
    this.view.root.hidden = true;
    this.waiting.append(progressRing(), element('p', {}, t('Running the model…')));
    this.section.content.append(this.hint, this.waiting, this.error, this.view.root);
  }

  /** Takes a model, and what it ran last while the page was away; one that has changed runs again if it ran before. */
  show({ description, free }: OpenedModel, ran: ModelRan | null): void {
    this.free = free;
    if (ran !== null && !this.ran) this.restore(ran);
    this.showControls();
    if (description.recurrent.length === 0) {
      const text = t('No recurrent layer was recognised in this file, so there is nothing to step through.');
      this.section.hold({ kind: 'empty', text });
      return;
    }
    this.section.hold({ kind: 'none' });
    if (ran?.trace) this.take(ran.trace);
    else if (this.ran) this.trace();
  }

  private restore({ wish, inputs }: ModelRan): void {
    this.ran = true;
    this.wish = wish;
    this.fileName = inputs;
    this.input.choose(wish.kind);
    this.seed.set(wish.seed);
    this.steps.set(wish.steps);
    this.batch.set(wish.batch);
  }

  /** The cursor moved elsewhere. */
  follow(step: number): void {
    this.view.follow(step);
  }

  private showControls(): void {
    const { kind } = this.wish;
    this.file.show(kind === 'file');
    this.seed.show(kind === 'noise');
    this.steps.show(this.free.steps && kind !== 'file');
    this.batch.show(this.free.batch && kind !== 'file');
  }

  private async choose(kind: InputKind): Promise<void> {
    if (kind === 'file') {
      const chosen = await this.ask.chooseInputs().catch((error: unknown) => {
        this.fail(error);
        return null;
      });
      if (chosen === null) {
        this.input.choose(this.wish.kind);
        return;
      }
      this.fileName = chosen.name;
      this.ran = true;
    }
    this.memory.keep({ input: kind });
    this.change({ kind });
  }

  /** What was asked for once is asked for again when it is to be another input. */
  private change(change: Partial<InputWish>): void {
    this.wish = { ...this.wish, ...change };
    this.showControls();
    if (this.ran) this.trace();
  }

  private trace(): void {
    this.ran = true;
    this.view.stop();
    this.asking?.abort();
    const asking = new AbortController();
    this.asking = asking;
    this.hint.hidden = true;
    this.error.hidden = true;
    this.waiting.hidden = !this.view.root.hidden;
    this.ask.trace(this.wish, asking.signal).then(
      (trace) => {
        if (!asking.signal.aborted) this.take(trace);
      },
      (error: unknown) => {
        if (!asking.signal.aborted) this.fail(error);
      },
    );
  }

  private take(trace: ModelTrace): void {
    const step = this.view.root.hidden ? this.memory.value.step : this.view.step;
    this.hint.hidden = true;
    this.error.hidden = true;
    this.waiting.hidden = true;
    this.view.root.hidden = false;
    this.view.resetZoom.show(true);
    this.view.show(trace, step, said(trace, this.fileName), trace.outputs);
  }

  /** What went wrong stands in place of what is not true any more. */
  private fail(error: unknown): void {
    this.waiting.hidden = true;
    this.view.root.hidden = true;
    this.error.hidden = false;
    setText(this.error, explain(error));
  }
}
