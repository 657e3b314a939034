import type { RunEvent } from '../protocol/run';
import { DisposableBase } from './disposable';

/** Milliseconds between two batches. */
const period = 100;

/**
 * Gathers the events of a run for a page. A small model trains hundreds of epochs a second, and a message for each would keep the window
 * busy; of the progress between them only the last is worth showing.
 */
export class EventBatch extends DisposableBase {
  private events: RunEvent[] = [];
  private timer: NodeJS.Timeout | null = null;
  private holds = 0;

  constructor(private readonly send: (events: readonly RunEvent[]) => void) {
    super();
  }

  /** Takes an event; a new state is sent at once, with all that came before it. */
  add(event: RunEvent): void {
    if (this.disposed) return;
    if (event.kind === 'progress') this.events = this.events.filter(({ kind }) => kind !== 'progress');
    this.events.push(event);
    if (this.holds > 0) return;
    if (event.kind === 'state') this.flush();
    else this.timer ??= setTimeout(() => this.flush(), period);
  }

  /**
   * Keeps everything back until the returned function is called, which sends it. An answer of the engine and the event after it can
   * arrive in one piece, the event then before whoever awaits the answer: so holding begins with the question.
   */
  hold(): () => void {
    this.holds += 1;
    let held = true;
    return () => {
      if (held) this.holds -= 1;
      held = false;
      if (this.holds === 0 && this.events.length > 0 && !this.disposed) this.flush();
    };
  }

  /** Forgets what waits: the page has just been given everything. */
  clear(): void {
    clearTimeout(this.timer ?? undefined);
    this.timer = null;
    this.events = [];
  }

  override dispose(): void {
    this.clear();
    super.dispose();
  }

  private flush(): void {
    const { events } = this;
    this.clear();
    this.send(events);
  }
}
