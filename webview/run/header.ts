import type { Task } from '../../extension/protocol/experiment';
import type { RunPanelContract } from '../../extension/protocol/panels';
import type { Progress, RunDetail, RunState } from '../../extension/protocol/run';
import { icon } from '../controls/icons';
import { type ButtonControl, button } from '../controls/toolkit';
import { element, setText } from '../dom';
import { say, t } from '../l10n';
import { duration } from '../numbers';
import { answer, purpose, stateName } from './words';

export type Action = RunPanelContract['requests']['act']['params']['action'];

/** Which actions make sense in a state, the likeliest first. */
function actionsFor(state: RunState, learnt: boolean, task: Task): readonly Action[] {
  switch (state.kind) {
    case 'preparing':
      return ['stop'];
    case 'training':
      return ['pause', 'stop'];
    case 'paused':
      return ['continue', 'stop'];
    case 'stopped':
    case 'interrupted':
      return learnt ? ['resume', 'export', 'openExperiment'] : ['resume', 'openExperiment'];
    case 'failed':
      return learnt ? ['openExperiment', 'export'] : ['openExperiment'];
    case 'done':
      return ['export', ...usesOf(task), 'openExperiment'];
  }
}

/** What a finished model can be used for; what a language model writes has a section of its own. */
function usesOf(task: Task): readonly Action[] {
  if (task === 'language') return [];
  return task === 'forecast' ? ['predict', 'backtest'] : ['predict'];
}

/** Screen readers hear of progress no oftener than this. */
const announceEvery = 15_000;

/** The top of the panel: what this run is, the answer, how far it is, and what can be done. */
export class Header {
  readonly root = element('header', { class: 'head' });
  private readonly name = element('h1');
  private readonly state = element('span', { class: 'state' });
  private readonly answer = element('p', { class: 'answer' });
  private readonly purpose = element('p', { class: 'purpose' });
  private readonly actions = element('div', { class: 'actions' });
  private readonly error = element('p', { class: 'error', role: 'alert', hidden: true });
  private readonly bar = element('div', {
    class: 'progress',
    role: 'progressbar',
    'aria-label': t('Training progress'),
  });
  private readonly filled = element('div');
  private readonly said = element('p', { class: 'said figures' });
  private readonly live = element('p', { class: 'hidden', 'aria-live': 'polite' });
  private readonly notes = element('details', { class: 'notes' });
  private readonly buttons: Readonly<Record<Action, ButtonControl>>;
  private shownState = '';
  private announced = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly act: (action: Action) => Promise<unknown>,
    explain: (error: unknown) => string,
  ) {
    const make = (action: Action, label: string, primary: boolean) =>
      button(label, () => void this.run(action, explain), primary ? 'primary' : 'secondary');
    this.buttons = {
      pause: make('pause', t('Pause'), false),
      continue: make('continue', t('Continue'), true),
      stop: make('stop', t('Stop'), false),
      resume: make('resume', t('Resume'), true),
      export: make('export', t('Export…'), true),
      predict: make('predict', t('Predict…'), false),
      backtest: make('backtest', t('Backtest…'), false),
      openExperiment: make('openExperiment', t('Open Experiment'), false),
    };
    this.bar.append(this.filled);
    this.actions.append(...Object.values(this.buttons).map(({ root }) => root));
    this.root.append(
      element('div', { class: 'title' }, this.name, this.state, this.actions),
      this.answer,
      this.purpose,
      this.error,
      this.bar,
      this.said,
      this.notes,
      this.live,
    );
  }

  show(detail: RunDetail): void {
    const { summary, experiment, notes } = detail;
    setText(this.name, summary.name);
    this.name.title = summary.dir;
    document.title = summary.name;
    this.showState(summary.state);
    const { report } = summary;
    const first = report === null ? answer(detail) : say(report.verdict);
    this.answer.hidden = first === null;
    this.answer.classList.toggle('error', summary.state.kind === 'failed');
    setText(this.answer, first ?? '');
    setText(this.purpose, purpose(experiment));
    const actions = actionsFor(summary.state, summary.best !== null || report !== null, experiment.task);
    for (const [action, control] of Object.entries(this.buttons))
      control.show(actions.some((shown) => shown === action));
    this.notes.hidden = notes.length === 0;
    if (this.notes.childElementCount === 0 && notes.length > 0) {
      const list = element('ul', {}, ...notes.map((note) => element('li', {}, say(note))));
      this.notes.append(element('summary', {}, t('Notes on data and training ({0})', notes.length)), list);
    }
    const running = ['preparing', 'training', 'paused'].includes(summary.state.kind);
    this.bar.hidden = !running;
    if (report !== null) {
      const how = [
        t('Best epoch {0} of {1}', report.bestEpoch, summary.epoch),
        duration(report.seconds),
        report.provider.toUpperCase(),
      ];
      if (detail.architecture !== null) how.push(t('{0} parameters', detail.architecture.parameters));
      setText(this.said, how.join(' · '));
    } else if (!running) setText(this.said, '');
    else this.progress(detail.progress, summary.state, summary.epoch, summary.epochs);
  }

  /** How far training is; `epoch` of `epochs` are complete. */
  progress(progress: Progress | null, state: RunState, epoch: number, epochs: number): void {
    const part = progress === null || progress.steps === 0 ? 0 : progress.step / progress.steps;
    const done = progress === null ? epoch : Math.max(epoch, progress.epoch - 1 + part);
    const share = epochs === 0 ? 0 : Math.min(1, done / epochs);
    this.filled.style.width = `${share * 100}%`;
    const parts = [t('Epoch {0} of {1}', progress?.epoch ?? epoch, progress?.epochs ?? epochs)];
    if (state.kind === 'preparing') parts.splice(0, 1, t('Reading the data and building the model…'));
    else if (progress !== null) {
      parts.push(t('step {0} of {1}', progress.step, progress.steps));
      if (progress.secondsLeft !== null && state.kind === 'training') {
        parts.push(t('{0} left', duration(progress.secondsLeft)));
      }
    }
    const text = parts.join(' · ');
    setText(this.said, text);
    this.bar.setAttribute('aria-valuenow', String(Math.round(share * 100)));
    this.bar.setAttribute('aria-valuemin', '0');
    this.bar.setAttribute('aria-valuemax', '100');
    this.bar.setAttribute('aria-valuetext', text);
    if (performance.now() - this.announced > announceEvery) this.announce(text);
  }

  /** Shows what went wrong with something the user asked for; null when all is well again. */
  complain(text: string | null): void {
    this.error.hidden = text === null;
    setText(this.error, text ?? '');
  }

  private announce(text: string): void {
    this.announced = performance.now();
    setText(this.live, text);
  }

  private showState(state: RunState): void {
    if (this.shownState === state.kind) return;
    if (this.shownState !== '') this.announce(stateName(state));
    this.shownState = state.kind;
    this.state.className = `state ${state.kind}`;
    this.state.replaceChildren(icon(state.kind), stateName(state));
  }

  private async run(action: Action, explain: (error: unknown) => string): Promise<void> {
    const control = this.buttons[action];
    control.enable(false);
    this.complain(null);
    try {
      await this.act(action);
    } catch (error) {
      this.complain(explain(error));
    }
    control.enable(true);
  }
}
