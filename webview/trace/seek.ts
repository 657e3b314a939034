import type { InspectionRequests, SignalRef } from '../../extension/protocol/inspection';
import { iconButton } from '../controls/toolkit';
import { element, setText } from '../dom';
import { explain, t } from '../l10n';
import { number } from '../numbers';
import { signalName } from './signalName';
import { layerTitle } from './signals';
import type { TraceSource } from './source';
import type { StepCursor } from './stepCursor';
import { outputOf, type UnitFocus } from './unitFocus';
import type { ViewState } from './viewState';

type What = 'peak' | 'saturation';
type Towards = 1 | -1;
type Found = NonNullable<InspectionRequests['seek']['result']>;

/** A signal in which something is looked for, in one of its units or in all. */
interface Target {
  readonly signal: SignalRef;
  readonly unit: number | null;
  readonly name: string;
}

/** Controls with keys of their own: letters that are typed there are theirs. */
const typed = 'input:not([type="range"]), select, textarea, vscode-dropdown, vscode-text-field';

/** What the keys do, for people. */
export const seekHelp = (): string =>
  t('P goes to the next peak of the chosen unit, S to the next saturated gate, with Shift to the one before.');

/** Jumps to where the chosen unit peaks or a gate saturates, by buttons and by keys: P and S forwards, with Shift backwards. */
export class Seek {
  readonly root = element('span', { class: 'buttons', role: 'group', 'aria-label': t('Jump') });
  /** What was found, or that there is none. */
  readonly said = element('p', { class: 'meaning seekSaid', role: 'status' });
  private source: TraceSource | null = null;
  private asking: AbortController | null = null;

  /** @param stop stops what plays. */
  constructor(
    area: HTMLElement,
    private readonly cursor: StepCursor,
    private readonly state: ViewState,
    private readonly focus: UnitFocus,
    private readonly stop: () => void,
  ) {
    this.root.append(
      iconButton(t('Previous peak of the chosen unit (Shift+P)'), 'previousPeak', () => void this.go('peak', -1)).root,
      iconButton(t('Next peak of the chosen unit (P)'), 'nextPeak', () => void this.go('peak', 1)).root,
      iconButton(
        t('Previous step with a saturated gate (Shift+S)'),
        'previousSaturation',
        () => void this.go('saturation', -1),
      ).root,
      iconButton(t('Next step with a saturated gate (S)'), 'nextSaturation', () => void this.go('saturation', 1)).root,
    );
    area.addEventListener('keydown', (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || !(event.target instanceof Element)) return;
      const what = { p: 'peak', s: 'saturation' }[event.key.toLowerCase()] as What | undefined;
      if (what === undefined || event.target.closest(typed) !== null) return;
      event.preventDefault();
      void this.go(what, event.shiftKey ? -1 : 1);
    });
  }

  show(source: TraceSource): void {
    this.asking?.abort();
    this.source = source;
    setText(this.said, '');
  }

  private async go(what: What, towards: Towards): Promise<void> {
    const { source } = this;
    if (source === null) return;
    this.stop();
    this.asking?.abort();
    const asking = new AbortController();
    this.asking = asking;
    const from = this.cursor.step.value;
    const targets = what === 'peak' ? this.peaks(source) : this.gates(source);
    if (targets.length === 0) {
      setText(this.said, t('This layer has no gate that could be saturated.'));
      return;
    }
    try {
      const found = await Promise.all(
        targets.map(async (target) => {
          const { signal, unit } = target;
          return { target, place: await source.ask('seek', { signal, unit, what, from, towards }, asking.signal) };
        }),
      );
      if (asking.signal.aborted) return;
      const there = found.flatMap(({ target, place }) => (place === null ? [] : [{ target, place }]));
      const [first] = there.sort((a, b) => (a.place.step - b.place.step) * towards);
      if (first === undefined) {
        setText(this.said, none(what, towards, targets, from));
        return;
      }
      this.cursor.move(first.place.step);
      setText(this.said, sentenceOf(what, first.target, first.place));
    } catch (error) {
      if (!asking.signal.aborted) setText(this.said, explain(error));
    }
  }

  /** The signal that is chosen in the pictures, else the first layer's hidden state. */
  private peaks(source: TraceSource): readonly Target[] {
    const chosen = this.state.chosen.value;
    if (chosen !== null && source.signal(chosen.signal) !== null)
      return [targetOf(source, chosen.signal, this.unitOf(chosen.signal) ?? chosen.unit)];
    const { layer = 0 } = this.focus.current.value ?? {};
    const outline = source.outline.layers[layer];
    if (outline !== undefined) {
      const signal: SignalRef = { of: 'layer', layer, signal: outputOf(outline) };
      return [targetOf(source, signal, this.unitOf(signal))];
    }
    return [];
  }

  /** The gate that is chosen, else every gate of the layer that is looked at. */
  private gates(source: TraceSource): readonly Target[] {
    const chosen = this.state.chosen.value;
    const layer = chosen?.signal.of === 'layer' ? chosen.signal.layer : (this.focus.current.value?.layer ?? 0);
    const signals = source.outline.layers[layer]?.signals ?? [];
    const gates = signals.flatMap(({ range }, signal) => (range === 'gate' ? [signal] : []));
    const own = chosen?.signal.of === 'layer' && gates.includes(chosen.signal.signal) ? [chosen.signal.signal] : gates;
    return own.map((signal) => {
      const ref: SignalRef = { of: 'layer', layer, signal };
      return targetOf(source, ref, this.unitOf(ref));
    });
  }

  private unitOf(signal: SignalRef): number | null {
    const focused = this.focus.current.value;
    if (signal.of === 'layer' && focused?.layer === signal.layer) return focused.unit;
    return this.state.chosenOf(signal);
  }
}

function targetOf(source: TraceSource, signal: SignalRef, unit: number | null): Target {
  const outline = source.signal(signal);
  const name = signalName(outline?.name ?? '');
  const layer = signal.of === 'layer' ? source.outline.layers[signal.layer] : undefined;
  const several = source.outline.layers.length > 1;
  const whole =
    layer === undefined || signal.of !== 'layer' || !several
      ? name
      : `${layerTitle(source.outline.layers, signal.layer)}, ${name}`;
  if (outline?.units === 1) return { signal, unit: 0, name: whole };
  return { signal, unit, name: unit === null ? t('{0} in all units', whole) : t('{0} of unit {1}', whole, unit + 1) };
}

function sentenceOf(what: What, { name, unit }: Target, { step, value }: Found): string {
  if (what === 'peak') return t('Step {0}: {1} has a peak of {2}.', step + 1, name, number(value, 3));
  if (unit === null) return t('Step {0}: {1} is mostly saturated.', step + 1, name);
  return t('Step {0}: {1} is saturated at {2}.', step + 1, name, number(value, 3));
}

function none(what: What, towards: Towards, targets: readonly Target[], from: number): string {
  const names = targets.map(({ name }) => name).join(t(', '));
  if (what === 'peak')
    return towards === 1
      ? t('{0} has no peak after step {1}.', names, from + 1)
      : t('{0} has no peak before step {1}.', names, from + 1);
  return towards === 1
    ? t('No saturation after step {1}: {0}.', names, from + 1)
    : t('No saturation before step {1}: {0}.', names, from + 1);
}
