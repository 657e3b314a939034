import { Observable } from '../observable';
import { reducedMotion } from '../page';

/**
 * The step that is looked at, shared with the other panel through the host. At most one move is under way; what comes back
 * meanwhile is older than what the user does here and is not followed.
 */
export class StepCursor {
  readonly step = new Observable(0);
  private steps = 1;
  private sending = false;

  constructor(private readonly send: (step: number) => Promise<unknown>) {}

  get count(): number {
    return this.steps;
  }

  /** Looks at another window: `steps` long, at `step`. */
  begin(steps: number, step: number): void {
    this.steps = Math.max(1, steps);
    this.step.set(this.clamp(step));
  }

  /** The user moved here. */
  move(step: number): void {
    const to = this.clamp(step);
    if (to === this.step.value) return;
    this.step.set(to);
    if (!this.sending) void this.tell();
  }

  /** Somebody moved elsewhere. */
  follow(step: number): void {
    if (!this.sending) this.step.set(this.clamp(step));
  }

  private async tell(): Promise<void> {
    this.sending = true;
    for (let told = -1; told !== this.step.value; ) {
      told = this.step.value;
      // A move that did not arrive is made good by the next one.
      await this.send(told).catch(() => undefined);
    }
    this.sending = false;
  }

  private clamp(step: number): number {
    return Math.min(this.steps - 1, Math.max(0, Math.round(step)));
  }
}

/** Where a key leads from `step` of `steps`; null for a key that does not step. */
export function stepForKey(key: string, step: number, steps: number): number | null {
  switch (key) {
    case 'ArrowLeft':
      return Math.max(0, step - 1);
    case 'ArrowRight':
      return Math.min(steps - 1, step + 1);
    case 'PageUp':
      return Math.max(0, step - Math.max(1, Math.round(steps / 10)));
    case 'PageDown':
      return Math.min(steps - 1, step + Math.max(1, Math.round(steps / 10)));
    case 'Home':
      return 0;
    case 'End':
      return steps - 1;
    default:
      return null;
  }
}

const frameTime = 200;

/** Plays the steps to the end. With reduced motion it takes a single step instead. */
export class Player {
  readonly playing = new Observable(false);
  private timer: ReturnType<typeof setInterval> | null = null;

  constructor(private readonly cursor: StepCursor) {}

  toggle(): void {
    if (this.timer !== null) {
      this.stop();
      return;
    }
    const { step, count } = this.cursor;
    const atEnd = step.value >= count - 1;
    if (reducedMotion()) {
      this.cursor.move(atEnd ? 0 : step.value + 1);
      return;
    }
    if (atEnd) this.cursor.move(0);
    this.playing.set(true);
    this.timer = setInterval(() => {
      if (this.cursor.step.value >= this.cursor.count - 1) this.stop();
      else this.cursor.move(this.cursor.step.value + 1);
    }, frameTime);
  }

  stop(): void {
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
    this.playing.set(false);
  }
}

/** Controls with keys of their own; stepping must not take these away from them. */
const keyed = 'input, select, textarea, vscode-dropdown, vscode-text-field, summary, a, .strip, .diagram';

/** Steps by keyboard wherever the focus is in `area`: Left, Right, Home, End, Page Up and Down; Space plays. */
export function stepByKeys(area: HTMLElement, cursor: StepCursor, player: Player): void {
  area.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !(event.target instanceof Element)) return;
    const held = event.target.closest(keyed);
    const strip = held?.matches('.strip') === true;
    if (held !== null && !strip) return;
    if (event.key === ' ' && event.target.closest('vscode-button, vscode-checkbox, button') === null) {
      player.toggle();
    } else {
      const to = stepForKey(event.key, cursor.step.value, cursor.count);
      if (to === null) return;
      player.stop();
      cursor.move(to);
    }
    event.preventDefault();
  });
}
