import type { Part } from '../../extension/protocol/data';
import type { Experiment } from '../../extension/protocol/experiment';
import type { TracedRun } from '../../extension/protocol/inspection';
import type { RunCursor } from '../../extension/protocol/panels';
import type { RunDetail } from '../../extension/protocol/run';
import type { WindowRef } from '../../extension/protocol/trace';
import { slider } from '../controls/slider';
import { dropdown } from '../controls/toolkit';
import { element } from '../dom';
import { explain, t } from '../l10n';
import type { Memory } from '../page';
import { Section } from '../section';
import { partName } from '../trace/parts';
import { type TraceHost, TraceSource } from '../trace/source';
import { TraceView } from '../trace/traceView';
import { outcome } from '../trace/words';
import type { RunPageState } from './pageState';

interface Ask {
  readonly trace: (window: WindowRef, signal: AbortSignal) => Promise<TracedRun>;
  readonly move: (step: number) => Promise<unknown>;
  /** Answers what the pictures ask of a trace. */
  readonly host: TraceHost;
}

const parts: readonly Part[] = ['train', 'validation', 'test'];

/** Whether what is read is cut out of longer rows or texts; else each item is read whole. */
const hasWindows = ({ task, data }: Experiment): boolean =>
  task === 'forecast' || task === 'language' || (data.series === null && data.text === null && data.sound === null);

/** What happens inside the model on one window of the run's data. */
export class InspectorSection {
  readonly section = new Section('inspector', t('Inspector'));
  private readonly view: TraceView;
  private readonly error = element('p', { class: 'error', role: 'alert', hidden: true });
  private readonly part = dropdown(t('Part'), (value) => this.open({ part: value as Part, index: 0 }));
  private readonly window = slider(
    t('Window'),
    1,
    (index) => this.placeOf(index),
    (index) => this.open({ part: this.memory.value.part as Part, index }),
  );
  private shown: TracedRun | null = null;
  private asking: AbortController | null = null;
  /** The step that was asked for in another window. */
  private goal: number | null = null;

  constructor(
    private readonly memory: Memory<RunPageState>,
    private readonly ask: Ask,
    private readonly onShown: (window: WindowRef, steps: number) => void,
  ) {
    this.view = new TraceView(this.section.root, ask.move, (step) => memory.keep({ step }), {
      open: memory.value.blocks,
      keep: (blocks) => memory.keep({ blocks }),
    });
    this.view.go = (window, step) => this.go(window, step);
    this.part.offer(
      parts.map((part) => ({ value: part, text: partName(part) })),
      memory.value.part,
    );
    this.section.tools.append(this.view.resetZoom.root, this.part.root, this.window.root);
    this.section.content.append(this.error, this.view.root);
  }

  /** Follows the run: a window can be traced once something has been learnt and nothing is training. */
  show({ summary, experiment }: RunDetail): void {
    this.window.name(hasWindows(experiment) ? t('Window') : t('Sequence'));
    const idle = !['preparing', 'training', 'paused'].includes(summary.state.kind);
    if (idle && (summary.report !== null || summary.best !== null)) {
      const { part, window, step } = this.memory.value;
      this.open({ part: part as Part, index: window }, step);
    } else if (idle)
      this.section.hold({
        kind: 'empty',
        text: t('There is nothing to inspect: this run ended before its first epoch. Resume it or train again.'),
      });
    else
      this.section.hold({
        kind: 'empty',
        text: t('When training ends, the hidden state of any window can be stepped through here.'),
      });
  }

  /** The cursor moved elsewhere. */
  follow(cursor: RunCursor): void {
    const { part, window } = this.memory.value;
    if (cursor.window.part !== part || cursor.window.index !== window) this.open(cursor.window, cursor.step);
    else this.view.follow(cursor.step);
  }

  /** Goes to a step of a window of the part. */
  private go(index: number, step: number): void {
    const { part, window } = this.memory.value;
    if (index === window) {
      this.view.cursor.move(step);
      return;
    }
    this.goal = step;
    this.open({ part: part as Part, index }, step);
  }

  /** Traces a window and shows it; what is shown stays until the other one is there. */
  open(window: WindowRef, step = this.view.step): void {
    this.view.stop();
    this.asking?.abort();
    const asking = new AbortController();
    this.asking = asking;
    this.memory.keep({ part: window.part, window: window.index });
    if (this.shown === null) {
      const cancel = () => {
        asking.abort();
        this.offerAgain(t('The model was not run to its end.'), window);
      };
      this.section.hold({ kind: 'running', text: t('Tracing the window through the model…'), cancel });
    }
    this.ask.trace(window, asking.signal).then(
      (trace) => {
        if (!asking.signal.aborted) this.take(trace, step);
      },
      (error: unknown) => {
        if (!asking.signal.aborted) this.fail(error, window);
      },
    );
  }

  private fail(error: unknown, window: WindowRef): void {
    if (this.shown === null) {
      this.offerAgain(explain(error), window);
      return;
    }
    this.error.hidden = false;
    this.error.textContent = explain(error);
  }

  private offerAgain(text: string, window: WindowRef): void {
    const retry = { label: t('Try Again'), run: () => this.open(window) };
    this.section.hold({ kind: 'error', text, retry });
  }

  private placeOf(index: number): string {
    const { window, windows = 1, series } = this.shown ?? {};
    const place = t('{0} of {1}', index + 1, windows);
    return series === undefined || window?.index !== index ? place : `${place} · ${series}`;
  }

  private take(run: TracedRun, step: number): void {
    this.shown = run;
    this.error.hidden = true;
    this.section.hold({ kind: 'none' });
    this.memory.keep({ part: run.window.part, window: run.window.index });
    this.part.choose(run.window.part);
    this.window.set(run.window.index, 0, run.windows - 1);
    const source = new TraceSource(run.outline, this.ask.host);
    this.view.show(source, step, ({ outline, answer }) => outcome(outline, answer));
    this.onShown(run.window, run.outline.steps);
    // The host keeps the step from window to window until it hears of another.
    if (this.goal !== null) this.ask.move(this.goal).catch(() => undefined);
    this.goal = null;
  }
}
