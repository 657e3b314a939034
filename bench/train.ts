import { squareProduct, stepProducts } from './gemmRate';
import { type Options, readOptions } from './options';
import { ourStep } from './ourStep';
import { nameOf, type Row, rowsOf, stepFlops } from './rows';
import { ScriptPeer } from './scriptPeer';
import { sessionCosts } from './sessionCosts';
import { startingPoint } from './startingPoint';
import { type Result, summaryLines, tableHead, tableRow } from './summary';
import { TorchPeer } from './torchPeer';
import { inTurns, type TakeStep } from './turns';

// Milliseconds of one optimiser step: this engine and PyTorch, taken in turns, from the same weights, on the same batch and number of
// threads; and the libraries that train recurrent nets in JavaScript.

type Say = (line: string) => void;

interface Peers {
  readonly torch: TorchPeer | null;
  readonly tfjs: ScriptPeer | null;
  readonly brain: ScriptPeer | null;
}

const install = 'run npm ci --prefix bench to measure it';
const squareSide = 1024;
/** The two sides' first losses differ by rounding alone; more than this, relatively, and they do not do the same work. */
const [comparedSteps, lossTolerance] = [3, 1e-4];

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  const say: Say = options.json ? console.error : console.log;
  for (const line of await sessionCosts()) say(line);
  const peers = await startPeers(options, say);
  for (const threads of options.threads) say(await squareRate(threads));
  say(tableHead);
  const results: Result[] = [];
  for (const row of rowsOf(options)) {
    const { result, fraction } = await measure(row, peers, options.turns, say);
    results.push(result);
    if (options.json) console.log(JSON.stringify(result));
    say(tableRow(result, fraction));
  }
  for (const line of summaryLines(results)) say(line);
  for (const peer of [peers.torch, peers.tfjs, peers.brain]) peer?.stop();
}

async function startPeers({ without }: Options, say: Say): Promise<Peers> {
  const torch = without.includes('torch') ? null : await TorchPeer.start();
  const tfjs = without.includes('tfjs') ? null : await ScriptPeer.start('tfjsSteps');
  const brain = without.includes('brain') ? null : await ScriptPeer.start('brainSteps');
  const told = (name: Options['without'][number], title: string | undefined, missing: string) =>
    say(title ?? (without.includes(name) ? `${name}: left out, as asked.` : missing));
  told(
    'torch',
    torch ? `PyTorch ${torch.version}` : undefined,
    'PyTorch: missing; set UNROLL_PYTHON to a Python that has torch.',
  );
  told('tfjs', tfjs?.title, `TensorFlow.js: missing; ${install}.`);
  told('brain', brain?.title, `brain.js: missing; ${install}.`);
  return { torch, tfjs, brain };
}

async function measure(
  row: Row,
  { torch, tfjs, brain }: Peers,
  turns: number,
  say: Say,
): Promise<{ result: Result; fraction: number }> {
  const start = startingPoint(row);
  const ours = await ourStep(row, 1, start);
  const products = await stepProducts(row);
  await torch?.load(row, start);
  const sides: TakeStep[] = [ours.step, products.run];
  if (torch !== null) {
    const theirs = () => torch.step();
    await compareLosses(row, ours.step, theirs, say);
    sides.push(theirs);
  }
  const [oursMs = Number.NaN, productsMs = Number.NaN, torchMs = null] = await inTurns(sides, turns);
  await Promise.all([ours.release(), products.release()]);
  const tfjsMs = (await tfjs?.measure(row, say)) ?? null;
  const brainMs = (await brain?.measure(row, say)) ?? null;
  const fraction = stepFlops(row) / oursMs / (products.flops / productsMs);
  return { result: { ...row, oursMs, torchMs, tfjsMs, brainMs }, fraction };
}

/** Says where the first losses part: a comparison of times means nothing if the work is not the same. */
async function compareLosses(row: Row, ours: TakeStep, theirs: TakeStep, say: Say): Promise<void> {
  for (let step = 1; step <= comparedSteps; step++) {
    const [a, b] = [(await ours()).loss, (await theirs()).loss];
    if (Math.abs(a - b) <= lossTolerance * Math.abs(b)) continue;
    say(
      `  ${nameOf(row)}: the losses of step ${step} differ, ${a} here and ${b} in PyTorch: the work is not the same.`,
    );
    return;
  }
}

async function squareRate(threads: number): Promise<string> {
  const product = await squareProduct(squareSide, threads);
  const [ms = Number.NaN] = await inTurns([product.run], 3);
  await product.release();
  return `GEMM rate of onnxruntime, ${threads} ${threads === 1 ? 'thread' : 'threads'}, ${squareSide} x ${squareSide} squares: ${(product.flops / ms / 1e6).toFixed(0)} GFLOP/s.`;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
