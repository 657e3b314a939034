import type { StateEdit, TraceOutline } from '../../extension/protocol/inspection';
import { button, dropdown, progressRing } from '../controls/toolkit';
import { element, perFrame, setText } from '../dom';
import { explain, t } from '../l10n';
import type { TraceBlock } from './blocks';
import { effectOf } from './editEffect';
import { editList } from './editList';
import { setTheSame } from './editWords';
import { signalName } from './signalName';
import type { TraceSource } from './source';
import { UnitChooser } from './unitChooser';
import type { LayerUnit, UnitFocus } from './unitFocus';

/**
 * Changes the states of a trace and says what follows: a number is set after this step or after every one, the model runs again,
 * and what it gives then stands first, beside what it gave before.
 */
export class EditBlock implements TraceBlock {
  readonly id = 'edit';
  readonly title = t('Edit States');
  readonly root = element('div', { class: 'edit' });
  private readonly chooser: UnitChooser;
  private readonly states = dropdown(t('State'), (state) => {
    this.state = state;
    this.showNow();
  });
  private readonly value = element('input', { type: 'number', step: 'any', 'aria-label': t('Value') });
  private readonly now = element('p', { class: 'meaning' });
  private readonly setHere = button(t('Set After This Step'), () => this.add('here'), 'primary');
  private readonly clamp = button(t('Hold After Every Step'), () => this.add('everywhere'), 'secondary');
  private readonly ablate = button(t('Ablate Unit'), () => this.add('ablated'), 'secondary');
  private readonly undoAll = button(t('Undo All'), () => this.run([]), 'secondary');
  private readonly form = element('div', { class: 'editForm' });
  private readonly waiting = element('div', { class: 'notice', role: 'status', hidden: true });
  private readonly error = element('p', { class: 'error', role: 'alert', hidden: true });
  private readonly effect = element('div', { class: 'effect', role: 'status' });
  private readonly edits = element('div', { class: 'editsPlace' });
  private source: TraceSource | null = null;
  /** The trace without edits, once the page has had it. */
  private original: TraceOutline | null = null;
  /** The edited trace that follows from `original`. */
  private followed: string | null = null;
  private step = 0;
  private asking: AbortController | null = null;
  private offered = '';
  private state = '';
  private readonly showNow = perFrame(() => this.paint());

  /** @param replace shows another version of the trace in place of the one that is shown. */
  constructor(
    private readonly focus: UnitFocus,
    private readonly replace: (outline: TraceOutline) => void,
  ) {
    this.chooser = new UnitChooser(focus);
    this.ablate.root.title = t('Holds the state at 0 after every step');
    this.clamp.root.title = t('Holds the state at this value after every step');
    const value = element(
      'span',
      { class: 'field' },
      element('span', { class: 'label', 'aria-hidden': 'true' }, t('Value')),
      this.value,
    );
    this.form.append(this.states.root, value, this.setHere.root, this.clamp.root, this.ablate.root);
    const cancel = button(t('Cancel'), () => this.asking?.abort(), 'secondary');
    this.waiting.append(progressRing(), element('p', {}, t('Running the model again…')), cancel.root);
    this.root.append(this.chooser.root, this.form, this.now, this.waiting, this.error, this.effect, this.edits);
    this.value.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') this.add('here');
    });
    focus.current.watch(this.showNow);
  }

  show(source: TraceSource): void {
    const { outline } = source;
    this.source = source;
    if (outline.edits.length === 0) this.original = outline;
    else if (outline.id !== this.followed) this.original = null;
    this.chooser.show(source);
    this.offered = '';
    this.error.hidden = true;
    this.waiting.hidden = true;
    this.listEdits(outline);
    this.tellEffect(source);
  }

  point(step: number): void {
    this.step = step;
    this.showNow();
  }

  private listEdits(outline: TraceOutline): void {
    const { edits } = outline;
    const list = editList(outline, (at) => this.run(edits.filter((_, i) => i !== at)));
    this.edits.hidden = edits.length === 0;
    this.edits.replaceChildren(list, this.undoAll.root);
    this.undoAll.show(edits.length > 1);
  }

  /** Says what the edits did, what the model gives first. */
  private tellEffect(source: TraceSource): void {
    this.asking?.abort();
    const { outline } = source;
    if (outline.edits.length === 0) {
      this.effect.replaceChildren();
      return;
    }
    const asking = new AbortController();
    this.asking = asking;
    effectOf(source, this.original, asking.signal).then(
      (sentences) => {
        if (asking.signal.aborted) return;
        const [first = '', ...more] = sentences;
        const lines = more.map((sentence) => element('p', {}, sentence));
        const hint = t(
          '“Values” above the pictures switches between these numbers, those of before, and the difference.',
        );
        this.effect.replaceChildren(
          element('p', { class: 'outcome' }, first),
          ...lines,
          element('p', { class: 'meaning' }, hint),
        );
      },
      (error: unknown) => {
        if (!asking.signal.aborted) this.fail(error);
      },
    );
  }

  private focused(): LayerUnit | null {
    return this.focus.current.value;
  }

  private paint(): void {
    const { source, step } = this;
    if (source === null || source.closed || !this.root.checkVisibility()) return;
    this.chooser.point(step);
    const focused = this.focused();
    const layer = focused === null ? undefined : source.outline.layers[focused.layer];
    if (focused === null || layer === undefined) return;
    this.form.hidden = layer.states.length === 0;
    if (layer.states.length === 0) {
      setText(this.now, t('This layer carries no state that could be set.'));
      return;
    }
    const offered = `${focused.layer} ${layer.states.join(' ')}`;
    if (offered !== this.offered) {
      this.offered = offered;
      const states = layer.states.map((state) => ({ value: state, text: signalName(state) }));
      if (!layer.states.includes(this.state)) this.state = layer.states.includes('h') ? 'h' : (layer.states[0] ?? '');
      this.states.offer(states, this.state);
    }
    const signal = layer.signals.findIndex(({ name }) => name === this.state);
    const values = source.stepValues(step)?.of({ of: 'layer', layer: focused.layer, signal });
    const value = values?.[focused.unit];
    const name = t('{0} of unit {1}', signalName(this.state), focused.unit + 1);
    setText(this.now, value === undefined ? '' : t('{0} is {1} after step {2}.', name, value, step + 1));
    if (document.activeElement !== this.value && this.value.value === '') this.value.value = '0';
  }

  private add(where: 'here' | 'everywhere' | 'ablated'): void {
    const { source, step } = this;
    const focused = this.focused();
    if (source === null || focused === null) return;
    const { outline } = source;
    const value = where === 'ablated' ? 0 : this.value.valueAsNumber;
    if (!Number.isFinite(Math.fround(value))) {
      this.error.hidden = false;
      setText(this.error, t('The value is no number that a state can have: type one such as 0.5.'));
      this.value.focus();
      return;
    }
    const [from, to] = where === 'here' ? [step, step + 1] : [0, outline.steps];
    const edit: StateEdit = { ...focused, state: this.state, from, to, value };
    this.run([...outline.edits.filter((other) => !setTheSame(other, edit)), edit]);
  }

  /** Runs the model with these edits and shows what comes of it. */
  private run(edits: readonly StateEdit[]): void {
    const { source } = this;
    if (source === null) return;
    this.asking?.abort();
    const asking = new AbortController();
    this.asking = asking;
    this.error.hidden = true;
    this.waiting.hidden = false;
    source.ask('edit', { edits }, asking.signal).then(
      (outline) => {
        if (asking.signal.aborted) return;
        this.followed = outline.id;
        this.waiting.hidden = true;
        const again = this.edits.contains(document.activeElement);
        this.replace(outline);
        // What had the focus is gone with its edit.
        if (again && !this.edits.contains(document.activeElement)) this.setHere.root.focus();
      },
      (error: unknown) => {
        this.waiting.hidden = true;
        if (!asking.signal.aborted) this.fail(error);
      },
    );
  }

  private fail(error: unknown): void {
    this.waiting.hidden = true;
    this.error.hidden = false;
    setText(this.error, explain(error));
  }
}
