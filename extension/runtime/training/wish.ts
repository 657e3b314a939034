/** What the owner of a training wants of it: `stop` is somebody's decision, `interrupt` is the world ending around it. */
export type Wish = 'run' | 'pause' | 'stop' | 'interrupt';

const wishes: readonly Wish[] = ['run', 'pause', 'stop', 'interrupt'];

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

  /** A wish to end is final: nothing replaces it but the stronger `interrupt`. */
  set(wish: Wish): void {
    const ends = this.value === 'stop' || this.value === 'interrupt';
    if (ends && wish !== 'interrupt') return;
    Atomics.store(this.cell, 0, wishes.indexOf(wish));
    Atomics.notify(this.cell, 0);
  }

  /** Blocks the calling thread while the wish is `pause`. */
  waitWhilePaused(): void {
    const pause = wishes.indexOf('pause');
    while (Atomics.load(this.cell, 0) === pause) Atomics.wait(this.cell, 0, pause);
  }
}
