import type { Disposable } from './disposable';

/** An event that modules without vscode can offer; `event` has the shape of vscode's `Event`, so that views take it as it is. */
export class Emitter<T> implements Disposable {
  private readonly listeners = new Set<{ readonly hear: (value: T) => void }>();

  readonly event = (hear: (value: T) => void): Disposable => {
    const listener = { hear };
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  };

  fire(value: T): void {
    for (const listener of [...this.listeners]) listener.hear(value);
  }

  dispose(): void {
    this.listeners.clear();
  }
}
