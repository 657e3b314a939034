/** One side of the comparison takes a step: its milliseconds, and the loss before the update where it has one. */
export interface TimedStep {
  readonly ms: number;
  readonly loss: number;
}

export type TakeStep = () => Promise<TimedStep>;

const stepsInTurn = 5;
/** Threads of the other side spin for a while after its last step; they must be asleep before this side is timed. */
const restMs = 30;
/** No more turns once a row has taken so long and every side has had `fewestTurns`. */
const rowMs = 25_000;
const fewestTurns = 4;

/** The middle one; the upper of two middle ones; NaN of none. */
export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/**
 * Lets the sides take turns of five steps and gives each one's median milliseconds. The first step of a turn, which wakes the
 * side's threads up, is not counted.
 */
export async function inTurns(sides: readonly TakeStep[], turns: number): Promise<readonly number[]> {
  const times: number[][] = sides.map(() => []);
  const start = performance.now();
  for (let turn = 0; turn < turns && (turn < fewestTurns || performance.now() - start < rowMs); turn++) {
    for (const [k, side] of sides.entries()) {
      await new Promise((resolve) => setTimeout(resolve, restMs));
      for (let step = 0; step < stepsInTurn; step++) {
        const { ms } = await side();
        if (step > 0) times[k]?.push(ms);
      }
    }
  }
  return times.map(median);
}
