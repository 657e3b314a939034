import { ourStep } from './ourStep';
import { nameOf, type Row } from './rows';
import { median } from './turns';

const buildRow: Row = { cell: 'LSTM', T: 50, B: 32, I: 16, H: 128, threads: 1 };
const [buildLayers, builds] = [4, 5];
const memoryRow: Row = { cell: 'LSTM', T: 64, B: 64, I: 65, H: 256, threads: 1 };
const memorySteps = 50;
const mebibytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(0)} MiB`;

/** What it costs to begin and to go on, in sentences: time to build, memory over steps. To be asked before anything else runs. */
export async function sessionCosts(): Promise<readonly string[]> {
  const times: number[] = [];
  for (let k = 0; k <= builds; k++) {
    const built = await ourStep(buildRow, buildLayers);
    times.push(built.buildMs);
    await built.release();
  }
  const again = median(times.slice(1)).toFixed(0);
  return [
    `Building the training graph of ${buildLayers} x ${nameOf(buildRow)} and creating its session: ${times[0]?.toFixed(0)} ms the first time in the process, ${again} ms after that (median of ${builds}).`,
    await memory(),
  ];
}

/** Resident memory of the process: what the first steps add, and what comes on top in the steps after them. */
async function memory(): Promise<string> {
  const rss = () => process.memoryUsage().rss;
  const before = rss();
  const { step, release } = await ourStep(memoryRow);
  for (let k = 0; k < 3; k++) await step();
  const warm = rss();
  let peak = warm;
  for (let k = 0; k < memorySteps; k++) {
    await step();
    peak = Math.max(peak, rss());
  }
  const end = rss();
  await release();
  const { T, B, H } = memoryRow;
  return `Memory at ${nameOf(memoryRow)}: session and first steps ${mebibytes(warm - before)} (T·B·H floats are ${mebibytes(4 * T * B * H)}); growth to the peak of ${memorySteps} more steps ${mebibytes(peak - warm)}, to their end ${mebibytes(end - warm)}.`;
}
