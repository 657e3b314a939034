import type { Matches, Span } from '../../extension/protocol/inspection';
import { type NumberControl, numberField } from '../controls/numberField';
import { button } from '../controls/toolkit';
import { element, setText } from '../dom';
import { explain, t } from '../l10n';
import { number } from '../numbers';
import { Asking } from './asking';
import type { TraceBlock } from './blocks';
import type { TraceSource } from './source';
import { StateChoice } from './stateChoice';

/** A span is first chosen around the cursor, so wide to each side. */
const around = 2;
const mostUnits = 24;
const mostPlaces = 50;

/** Finds the places that look like a chosen span: the same units on together. */
export class MatchBlock implements TraceBlock {
  readonly id = 'match';
  readonly title = t('Find Similar Places');
  readonly root = element('div', { class: 'match' });
  private readonly choice = new StateChoice();
  private readonly fields = element('span', { class: 'blockTools' });
  private readonly inView = button(t('Take What Is in View'), () => this.takeView(), 'secondary');
  private readonly threshold = element('input', {
    type: 'number',
    step: 'any',
    'aria-label': t('Threshold'),
    placeholder: t('suggested'),
  });
  private readonly find = button(t('Find'), () => this.ask(), 'primary');
  private readonly said = element('p', { class: 'meaning', role: 'status' });
  private readonly error = element('p', { class: 'error', role: 'alert', hidden: true });
  private readonly places = element('ol', { class: 'places' });
  private readonly asking = new Asking();
  private controls: readonly [NumberControl, NumberControl] | null = null;
  private source: TraceSource | null = null;
  private span: Span = { from: 0, to: 1 };
  private step = 0;
  private chosen = false;
  /** The window that is shown, and whether another one was asked for here. */
  private window = 0;
  private going = false;

  /**
   * @param view the stretch of time that the pictures show: zooming chooses a span too.
   * @param go goes to a step of a window.
   */
  constructor(
    private readonly view: () => Span,
    private readonly go: (window: number, step: number) => void,
  ) {
    const threshold = element(
      'span',
      { class: 'field' },
      element('span', { class: 'label', 'aria-hidden': 'true' }, t('Threshold')),
      this.threshold,
    );
    const tools = [this.choice.root, this.fields, this.inView.root, threshold, this.find.root];
    this.root.append(element('div', { class: 'blockTools' }, ...tools), this.error, this.said, this.places);
  }

  show(source: TraceSource): void {
    this.source = source;
    this.asking.cancel();
    this.choice.show(source);
    this.chosen = false;
    // What was found stays while its places are gone through.
    if (!this.going) this.clear();
    this.going = false;
    this.suggest();
  }

  point(step: number): void {
    this.step = step;
    if (!this.chosen && this.controls === null) this.suggest();
  }

  /** A span around the cursor, until the user has chosen one. */
  private suggest(): void {
    const steps = this.source?.outline.steps ?? 1;
    this.span = { from: Math.max(0, this.step - around), to: Math.min(steps, this.step + around + 1) };
    this.showSpan();
  }

  private takeView(): void {
    const steps = this.source?.outline.steps ?? 1;
    const { from, to } = this.view();
    this.span = { from: Math.max(0, Math.floor(from)), to: Math.min(steps, Math.ceil(to)) };
    this.chosen = true;
    this.showSpan();
  }

  private showSpan(): void {
    const steps = this.source?.outline.steps ?? 1;
    const field = (label: string, value: number, take: (value: number) => Span) =>
      numberField(label, value, { min: 1, max: steps }, (typed) => {
        this.chosen = true;
        this.span = take(typed);
        this.showSpan();
      });
    const { from, to } = this.span;
    const first = field(t('From step'), from + 1, (typed) => ({ from: typed - 1, to: Math.max(typed, to) }));
    const last = field(t('to step'), to, (typed) => ({ from: Math.min(from, typed - 1), to: typed }));
    this.controls = [first, last];
    this.fields.replaceChildren(first.root, last.root);
  }

  private ask(): void {
    const { source, span } = this;
    const signal = this.choice.chosen.value;
    if (source === null || signal === null) return;
    const typed = this.threshold.valueAsNumber;
    this.clear();
    setText(this.said, t('Looking for places like this one…'));
    this.asking.ask(
      (abort) => source.ask('match', { signal, span, threshold: Number.isNaN(typed) ? null : typed }, abort),
      (matches) => this.take(matches, span),
      (error) => {
        setText(this.said, '');
        this.error.hidden = false;
        setText(this.error, explain(error));
      },
    );
  }

  private clear(): void {
    this.error.hidden = true;
    setText(
      this.said,
      t('Choose a span of steps: the units that are on in it and off around it are looked for elsewhere.'),
    );
    this.places.replaceChildren();
  }

  private take({ threshold, units, window, places, significance }: Matches, { from, to }: Span): void {
    const level = number(threshold, 3);
    this.window = window;
    if (units.length === 0) {
      setText(
        this.said,
        t(
          'No unit is on (at least {0}) throughout steps {1} to {2} and off around them; choose another span or threshold.',
          level,
          from + 1,
          to,
        ),
      );
      return;
    }
    const named = units.slice(0, mostUnits).map((unit) => String(unit + 1));
    const list = units.length > mostUnits ? [...named, '…'] : named;
    const on = t(
      '{0} units are on (at least {1}) throughout steps {2} to {3} and off around them: {4}.',
      units.length,
      level,
      from + 1,
      to,
      list.join(t(', ')),
    );
    const found =
      places.length === 0
        ? t('No other place has most of them on together.')
        : t(
            '{0} other places have most of them on together; so good a best place comes by chance with a probability of {1}.',
            places.length,
            number(significance, 2),
          );
    setText(this.said, `${on} ${found}`);
    this.places.replaceChildren(
      ...places.slice(0, mostPlaces).map((place) => {
        const share = `${number(place.share * 100, 3)} %`;
        const [first, last] = [place.from + 1, place.to];
        const text =
          place.window === window
            ? t('Steps {0} to {1}, {2} of the units', first, last, share)
            : t('Window {0}, steps {1} to {2}, {3} of the units', place.window + 1, first, last, share);
        const go = () => {
          this.going = place.window !== this.window;
          this.window = place.window;
          this.go(place.window, place.from);
        };
        return element('li', {}, button(text, go, 'secondary').root);
      }),
    );
  }
}
