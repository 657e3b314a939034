import { answerRows, benchPackage, timeSteps } from './scriptSide';
import { median } from './turns';

// brain.js' side. Its recurrent nets have no batch: they take one sequence, go back through it and update the weights. What a
// batch of B sequences costs there is B such updates, so its "step" is the median of some sequences, times B. It predicts the next
// row at every step (it has no other loss) with as many outputs as inputs; its update is RMSProp with clipping by value, its
// simple net's activation ReLU. The browser bundle is used, which needs no native build of a graphics library.

interface Net {
  train(data: readonly object[], options: object): unknown;
}

interface Brain {
  readonly recurrent: Readonly<
    Record<string, new (options: { inputSize: number; hiddenLayers: number[]; outputSize: number }) => Net>
  >;
}

const mostSequences = 20;

async function main(): Promise<void> {
  const brain = benchPackage('brain.js/dist/browser.js') as Brain;
  const { version } = benchPackage('brain.js/package.json') as { version: string };
  await answerRows(`brain.js ${version}`, async ({ cell, T, B, I, H }, budgetMs) => {
    const Kind = brain.recurrent[`${cell}TimeStep`];
    if (Kind === undefined) return { failed: 'has no such net' };
    const net = new Kind({ inputSize: I, hiddenLayers: [H], outputSize: I });
    const row = () => (I === 1 ? Math.random() : Array.from({ length: I }, () => Math.random()));
    const sequence = { input: Array.from({ length: T }, row), output: [row()] };
    // At its usual rate the first update, which RMSProp makes 30 times too large, overflows the wide simple nets.
    const options = { iterations: 1, errorThresh: 0, learningRate: 1e-6 };
    const times = await timeSteps(() => void net.train([sequence], options), budgetMs, mostSequences);
    return { ms: median(times) * B, measured: `median of ${times.length} sequences, times ${B}` };
  });
}

void main();
