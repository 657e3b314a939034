/** How long work holds the page at a time, in ms: half of a frame. */
const slice = 8;

/** Runs work to its end at once. */
export function atOnce<T>(work: Generator<void, T, void>): T {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}

/** Runs work a slice at a time, so that the page can draw and answer meanwhile. @returns null once `signal` says that nobody waits any more. */
export async function inSlices<T>(work: Generator<void, T, void>, signal: AbortSignal): Promise<T | null> {
  for (;;) {
    const end = performance.now() + slice;
    do {
      const step = work.next();
      if (step.done === true) return signal.aborted ? null : step.value;
    } while (performance.now() < end);
    await nextTask();
    if (signal.aborted) return null;
  }
}

/** Comes sooner than a timer, which rests for 4 ms when it is asked again and again. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
