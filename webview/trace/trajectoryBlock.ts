import { element, perFrame, setText } from '../dom';
import { explain, t } from '../l10n';
import { number } from '../numbers';
import { onThemeChange } from '../theme';
import { Asking } from './asking';
import type { TraceBlock } from './blocks';
import type { TraceSource } from './source';
import { StateChoice } from './stateChoice';
import { trajectoryFrame } from './trajectoryFrame';
import { paintPath, paintPlace } from './trajectoryPicture';

const components = 2;

/** A layer's state as it moves through the plane of its first two principal components. */
export class TrajectoryBlock implements TraceBlock {
  readonly id = 'trajectory';
  readonly title = t('State Trajectory');
  readonly root = element('div', { class: 'trajectory' });
  private readonly choice = new StateChoice();
  private readonly said = element('p', { class: 'meaning' });
  private readonly here = element('p', { class: 'figures' });
  private readonly error = element('p', { class: 'error', role: 'alert', hidden: true });
  private readonly path = element('canvas', { 'aria-hidden': 'true' });
  private readonly place = element('canvas', { class: 'over', 'aria-hidden': 'true' });
  private readonly frame = element('div', { class: 'plane' }, this.path, this.place);
  private readonly asking = new Asking();
  private source: TraceSource | null = null;
  private points: Float32Array = new Float32Array(0);
  private explained: readonly number[] = [];
  private step = 0;
  private readonly redraw = perFrame(() => this.paint());

  /** @param move goes to a step: a click on the path leads to the step nearest to it. */
  constructor(private readonly move: (step: number) => void) {
    this.root.append(
      element('div', { class: 'blockTools' }, this.choice.root),
      this.error,
      this.said,
      this.frame,
      this.here,
    );
    this.choice.chosen.watch(() => this.ask());
    new ResizeObserver(this.redraw).observe(this.frame);
    onThemeChange(this.redraw);
    this.frame.addEventListener('click', (event) => this.clicked(event));
  }

  show(source: TraceSource): void {
    this.source = source;
    this.points = new Float32Array(0);
    const before = this.choice.chosen.value;
    this.choice.show(source);
    if (before === this.choice.chosen.value) this.ask();
  }

  point(step: number): void {
    if (step === this.step) return;
    this.step = step;
    this.follow();
  }

  private ask(): void {
    const { source } = this;
    const signal = this.choice.chosen.value;
    this.frame.hidden = true;
    setText(this.here, '');
    if (source === null || signal === null) {
      setText(this.said, t('There is no state to follow.'));
      return;
    }
    setText(this.said, t('Finding the principal components…'));
    this.error.hidden = true;
    this.asking.ask(
      (abort) => source.ask('project', { signal, components }, abort),
      ({ points, explained }) => {
        this.points = points;
        this.explained = explained;
        this.frame.hidden = false;
        setText(this.said, summary(explained));
        this.redraw();
      },
      (error) => {
        setText(this.said, '');
        this.error.hidden = false;
        setText(this.error, explain(error));
      },
    );
  }

  private paint(): void {
    if (this.points.length === 0 || !this.root.checkVisibility()) return;
    paintPath(this.path, this.points, this.explained);
    this.follow();
  }

  private follow(): void {
    const { points, step } = this;
    const [x, y] = [points[step * components], points[step * components + 1]];
    if (x === undefined || y === undefined) return;
    paintPlace(this.place, points, step);
    setText(this.here, t('Step {0}: first component {1}, second component {2}', step + 1, number(x, 3), number(y, 3)));
  }

  private clicked(event: MouseEvent): void {
    const place = trajectoryFrame(this.path, this.points);
    const ratio = devicePixelRatio;
    let best = -1;
    let nearest = Number.POSITIVE_INFINITY;
    for (let step = 0; step * components < this.points.length; step++) {
      const { x, y } = place(step);
      const distance = (x - event.offsetX * ratio) ** 2 + (y - event.offsetY * ratio) ** 2;
      if (distance < nearest) [best, nearest] = [step, distance];
    }
    if (best >= 0) this.move(best);
  }
}

function summary(explained: readonly number[]): string {
  const [first = 0, second = 0] = explained;
  const share = (part: number) => `${number(part * 100, 3)} %`;
  return t(
    'The first two principal components of the units hold {0} of the variance over time ({1} and {2}). The colour of the path grows stronger with time.',
    share(first + second),
    share(first),
    share(second),
  );
}
