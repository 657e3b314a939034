import { answerRows, benchPackage, timeSteps } from './scriptSide';
import { median } from './turns';

// TensorFlow.js' side: the same shapes, MSE and Adam through `trainOnBatch`, on the WebAssembly backend with SIMD. Under Node that
// backend has one thread (its flag WASM_HAS_MULTITHREAD_SUPPORT is false there, and its workers do not start when it is forced).
// It does not clip, and its GRU resets before the recurrent product: both cost it less than what the others do.

interface Tensor {
  dispose(): void;
}

interface Sequential {
  add(layer: unknown): void;
  compile(options: { optimizer: unknown; loss: string }): void;
  trainOnBatch(x: Tensor, y: Tensor): Promise<unknown>;
}

interface TensorFlow {
  readonly version: { readonly 'tfjs-core': string };
  readonly layers: Readonly<Record<string, (options: object) => unknown>>;
  readonly train: { adam(rate: number): unknown };
  enableProdMode(): void;
  setBackend(name: string): Promise<boolean>;
  sequential(): Sequential;
  randomNormal(shape: readonly number[]): Tensor;
  disposeVariables(): void;
}

const layerNames = { RNN: 'simpleRNN', GRU: 'gru', LSTM: 'lstm' } as const;
const mostSteps = 20;

async function main(): Promise<void> {
  const tf = benchPackage('@tensorflow/tfjs') as TensorFlow;
  benchPackage('@tensorflow/tfjs-backend-wasm');
  tf.enableProdMode();
  if (!(await tf.setBackend('wasm'))) process.exit(1);
  await answerRows(`TensorFlow.js ${tf.version['tfjs-core']} (wasm)`, async ({ cell, T, B, I, H }, budgetMs) => {
    const model = tf.sequential();
    // Its orthogonal initialiser takes minutes at 512; the values do not change the time of a step.
    const recurrent = { units: H, inputShape: [T, I], recurrentInitializer: 'glorotNormal' };
    const gates = cell === 'RNN' ? {} : { recurrentActivation: 'sigmoid' };
    model.add(tf.layers[layerNames[cell]]?.({ ...recurrent, ...gates }));
    model.add(tf.layers['dense']?.({ units: 1 }));
    model.compile({ optimizer: tf.train.adam(1e-3), loss: 'meanSquaredError' });
    const [x, y] = [tf.randomNormal([B, T, I]), tf.randomNormal([B, 1])];
    const times = await timeSteps(async () => void (await model.trainOnBatch(x, y)), budgetMs, mostSteps);
    for (const tensor of [x, y]) tensor.dispose();
    tf.disposeVariables();
    return { ms: median(times), measured: `median of ${times.length} steps` };
  });
}

void main();
