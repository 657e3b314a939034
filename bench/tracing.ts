// npm run bench:tracing: how much longer a fused operator runs when all that goes on inside it is given out too.
import { parseArgs } from 'node:util';
import { exportModel } from '../extension/core/model/exportModel';
import { initialParameters } from '../extension/core/model/parameters';
import type { Tensor } from '../extension/core/tensor';
import { traceModel } from '../extension/core/trace/traceModel';
import type { CellName } from '../extension/protocol/experiment';
import { inspectionDevice } from '../extension/runtime/inspect/modelFile';
import { namedFeeds } from '../extension/runtime/inspect/namedFeeds';
import { runTraced } from '../extension/runtime/inspect/traced';
import { withSession } from '../extension/runtime/session/session';
import { layerOf, specOf } from '../test/support/specs';
import { inTurns, type TakeStep } from './turns';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    steps: { type: 'string', default: '1000' },
    units: { type: 'string', default: '256' },
    features: { type: 'string', default: '8' },
    turns: { type: 'string', default: '8' },
  },
});
const [steps, units, features, turns] = [values.steps, values.units, values.features, values.turns].map(Number) as [
  number,
  number,
  number,
  number,
];

const timed =
  (run: () => Promise<unknown>): TakeStep =>
  async () => {
    const began = performance.now();
    await run();
    return { ms: performance.now() - began, loss: 0 };
  };

async function measure(cell: CellName) {
  const spec = specOf({ steps, input: { kind: 'values', features }, layers: [layerOf(cell, units)] });
  const fused = exportModel(spec, initialParameters(spec, 1), {});
  const traced = traceModel(fused);
  const x: Tensor = {
    dtype: 'float32',
    shape: [1, steps, features],
    data: Float32Array.from({ length: steps * features }, (_, i) => Math.sin(i * 0.37)),
  };
  const inputs = new Map([['window', x]]);
  const [fusedMs = 0, tracedMs = 0] = await withSession(fused, inspectionDevice, (whole) =>
    withSession(traced.bytes, inspectionDevice, async (opened) => {
      const [plain, wanted] = [await namedFeeds(whole, inputs), await namedFeeds(opened, inputs)];
      return inTurns([timed(() => whole.run(plain)), timed(() => runTraced(opened, traced, wanted, 0))], turns);
    }),
  );
  return { cell, steps, units, fusedMs, tracedMs, ratio: tracedMs / fusedMs };
}

type Row = Awaited<ReturnType<typeof measure>>;
const line = ({ cell, fusedMs, tracedMs, ratio }: Row) =>
  cell.toUpperCase().padEnd(4) +
  fusedMs.toFixed(1).padStart(10) +
  tracedMs.toFixed(1).padStart(11) +
  ratio.toFixed(2).padStart(14);

async function main(): Promise<void> {
  if (!values.json) console.log(`${units} units, ${steps} steps of ${features} columns, one sequence, one thread\n`);
  if (!values.json) console.log('cell  fused ms  traced ms  traced/fused');
  for (const cell of ['lstm', 'gru', 'rnn'] satisfies CellName[]) {
    const row = await measure(cell);
    console.log(values.json ? JSON.stringify(row) : line(row));
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
