/** How somebody may want a training to end: `stop` decides it, `interrupt` must, and `close` means to go on with it later. */
export type EndWish = 'stop' | 'interrupt' | 'close';

/** What the owner of a training wants of it. */
export type Wish = 'run' | 'pause' | EndWish;

const wishes: readonly Wish[] = ['run', 'pause', 'stop', 'interrupt', 'close'];

/**
 * One word shared by two threads. The training looks at it between two steps, so a wish arrives without a message having to be
 * read, and a thread is never terminated while onnxruntime computes in it, which would end the whole process.
 */
export class WishFlag {
  private readonly cell: Int32Array;

  constructor(readonly buffer: SharedArrayBuffer = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)) {
    this.cell = new Int32Array(buffer);
  }

  get value(): Wish {
    return wishes[Atomics.load(this.cell, 0)] ?? 'run';
  }

  /** The first wish to end is final. */
  set(wish: Wish): void {
    if (this.value !== 'run' && this.value !== 'pause') return;
    Atomics.store(this.cell, 0, wishes.indexOf(wish));
    Atomics.notify(this.cell, 0);
  }

  /** Blocks the calling thread while the wish is `pause`. */
  waitWhilePaused(): void {
    const pause = wishes.indexOf('pause');
    while (Atomics.load(this.cell, 0) === pause) Atomics.wait(this.cell, 0, pause);
  }
}
