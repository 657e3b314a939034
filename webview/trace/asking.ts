/** One question at a time: a newer one makes the answer to an older one nobody's. */
export class Asking {
  private current: AbortController | null = null;

  /** Asks, and hands on the answer or what went wrong unless something newer was asked meanwhile. */
  ask<T>(
    question: (signal: AbortSignal) => Promise<T>,
    take: (answer: T) => void,
    fail: (error: unknown) => void,
  ): void {
    this.cancel();
    const asking = new AbortController();
    this.current = asking;
    question(asking.signal).then(
      (answer) => {
        if (!asking.signal.aborted) take(answer);
      },
      (error: unknown) => {
        if (!asking.signal.aborted) fail(error);
      },
    );
  }

  cancel(): void {
    this.current?.abort();
    this.current = null;
  }
}
