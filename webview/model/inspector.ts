import type { TracedFile } from '../../extension/protocol/inspection';
import type { InputWish, OpenedModel } from '../../extension/protocol/model';
import type { ModelRan } from '../../extension/protocol/panels';
import type { InputFileKind } from '../../extension/protocol/trace';
import { button, progressRing } from '../controls/toolkit';
import { element, setText } from '../dom';
import { explain, t } from '../l10n';
import type { Memory } from '../page';
import { Section } from '../section';
import { type TraceHost, TraceSource } from '../trace/source';
import { TraceView } from '../trace/traceView';
import { ModelInputs } from './inputs';
import type { ModelPageState } from './pageState';
import { said } from './words';

interface Ask {
  readonly trace: (wish: InputWish, signal: AbortSignal) => Promise<TracedFile>;
  readonly chooseInputs: (kind: InputFileKind) => Promise<{ readonly name: string } | null>;
  readonly move: (step: number) => Promise<unknown>;
  /** Answers what the pictures ask of a trace. */
  readonly host: TraceHost;
}

/** A run that takes no longer than this, in ms, is shown without a word. */
const unnoticed = 400;

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
  private readonly inputs: ModelInputs;
  private readonly run = button(t('Run'), () => this.trace(), 'primary');
  private ran = false;
  private asking: AbortController | null = null;
  private waitingSoon: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly memory: Memory<ModelPageState>,
    private readonly ask: Ask,
  ) {
    this.view = new TraceView(this.section.root, ask.move, (step) => memory.keep({ step }), {
      open: memory.value.blocks,
      keep: (blocks) => memory.keep({ blocks }),
    });
    this.inputs = new ModelInputs(
      memory.value.input,
      (kind) =>
        ask.chooseInputs(kind).catch((error: unknown) => {
          this.fail(error);
          return null;
        }),
      (wish, fileChosen) => this.changed(wish, fileChosen),
    );
    this.section.tools.append(this.view.resetZoom.root, ...this.inputs.controls, this.run.root);
    this.view.resetZoom.show(false);
    this.view.root.hidden = true;
    const cancel = button(t('Cancel'), () => this.cancel(), 'secondary');
    this.waiting.append(progressRing(), element('p', {}, t('Running the model…')), cancel.root);
    this.section.content.append(this.hint, this.waiting, this.error, this.view.root);
  }

  /** Takes a model, and what it ran last while the page was away; one that has changed runs again if it ran before. */
  show(model: OpenedModel, ran: ModelRan | null): void {
    const { description } = model;
    this.inputs.fit(model);
    if (ran !== null && !this.ran) {
      this.ran = true;
      this.inputs.restore(ran.wish, ran.inputs);
    }
    this.offerRun();
    if (description.recurrent.length === 0) {
      const text = t('No recurrent layer was recognised in this file, so there is nothing to step through.');
      this.section.hold({ kind: 'empty', text });
      return;
    }
    this.section.hold({ kind: 'none' });
    if (ran?.trace) this.take(ran.trace);
    else if (this.ran) this.trace();
  }

  /** The cursor moved elsewhere. */
  follow(step: number): void {
    this.view.follow(step);
  }

  /** What was asked for once is asked for again when it is to be another input; a file is chosen to be read. */
  private changed(wish: InputWish, fileChosen: boolean): void {
    this.memory.keep({ input: wish.kind });
    this.offerRun();
    if ((this.ran || fileChosen) && this.inputs.complete) this.trace();
  }

  private offerRun(): void {
    this.run.enable(this.inputs.complete);
  }

  private trace(): void {
    this.ran = true;
    this.view.stop();
    this.asking?.abort();
    const asking = new AbortController();
    this.asking = asking;
    this.hint.hidden = true;
    this.error.hidden = true;
    this.waitSoon();
    this.ask.trace(this.inputs.value, asking.signal).then(
      (trace) => {
        if (!asking.signal.aborted) this.take(trace);
      },
      (error: unknown) => {
        if (!asking.signal.aborted) this.fail(error);
      },
    );
  }

  /** What is shown stays until the other is there; a run that takes long says so and can be cancelled. */
  private waitSoon(): void {
    clearTimeout(this.waitingSoon);
    if (this.view.root.hidden) this.waiting.hidden = false;
    else
      this.waitingSoon = setTimeout(() => {
        this.waiting.hidden = false;
      }, unnoticed);
  }

  private waitNoMore(): void {
    clearTimeout(this.waitingSoon);
    this.waiting.hidden = true;
  }

  /** A model that was not run to its end does not run again by itself. */
  private cancel(): void {
    this.asking?.abort();
    this.waitNoMore();
    this.ran = !this.view.root.hidden;
    this.hint.hidden = this.ran;
    this.run.root.focus();
  }

  private take(trace: TracedFile): void {
    const step = this.view.root.hidden ? this.memory.value.step : this.view.step;
    this.hint.hidden = true;
    this.error.hidden = true;
    this.waitNoMore();
    this.view.root.hidden = false;
    this.view.resetZoom.show(true);
    const source = new TraceSource(trace.outline, this.ask.host);
    const file = this.inputs.chosenFile;
    this.view.show(source, step, ({ outline }) => said(trace.input, outline, file));
  }

  /** What went wrong stands in place of what is not true any more. */
  private fail(error: unknown): void {
    this.waitNoMore();
    this.view.root.hidden = true;
    this.view.close();
    this.error.hidden = false;
    setText(this.error, explain(error));
  }
}
