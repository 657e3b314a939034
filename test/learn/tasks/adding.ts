import type { RandomStream } from '../../../extension/core/random';
import { floats } from '../../../extension/core/tensor';
import { layerOf, specOf } from '../../support/specs';
import { type Batch, Learner } from '../learner';
import { halved, teach } from '../lesson';
import { drawing } from '../sequences';
import type { LearningTask } from '../task';

const steps = 100;
const batchSize = 32;
const testSize = 512;

/**
 * The adding problem (Hochreiter & Schmidhuber 1997, experiment 4, with the markers of Le, Jaitly & Hinton 2015): 100 numbers, uniform
 * within (-1, 1); two are marked, one in each half; their sum is to be said at the end. Solved is a mean squared error under 0.04.
 */
export const addingProblem: LearningTask = {
  name: 'adding',
  title: 'adding problem, T = 100',
  model: 'LSTM 8',
  measure: 'mean squared error',
  floor: '0.667 (a constant)',
  published: '0.0007',
  solvable: true,
  async run(seed) {
    const spec = specOf({ steps, layers: [layerOf('lstm', 8)] });
    const learner = await Learner.start(spec, batchSize, 1, seed);
    const random = drawing(seed, 0);
    const check = draw(drawing(seed, 1), testSize);
    await teach(learner, {
      batch: () => draw(random, batchSize),
      learningRate: halved(0.02, 1000),
      most: 6000,
      every: 100,
      isEnough: async () => (await squaredError(learner, check)) < 0.001,
    });
    const figure = await squaredError(learner, draw(drawing(seed, 2), testSize));
    return { figure, solved: figure < 0.04, seen: learner.seen };
  },
};

function draw(random: RandomStream, size: number): Batch {
  const values = Array.from({ length: steps * size }, () => 2 * random.uniform() - 1);
  const x = new Float32Array(steps * 2 * size);
  for (const [i, value] of values.entries()) x[Math.floor(i / size) * 2 * size + (i % size)] = value;
  const sums = Array.from({ length: size }, (_, n) => {
    const marked = [random.below(steps / 2), steps / 2 + random.below(steps / 2)];
    for (const t of marked) x[(t * 2 + 1) * size + n] = 1;
    return marked.reduce((sum, t) => sum + (values[t * size + n] ?? 0), 0);
  });
  return {
    x: { dtype: 'float32', shape: [steps, 2, size], data: x },
    y: floats('float32', [1, size], sums),
    weight: floats('float32', [size], new Array(size).fill(1)),
  };
}

async function squaredError(learner: Learner, batch: Batch): Promise<number> {
  const answers = await learner.answer(batch);
  const errors = Array.from({ length: testSize }, (_, n) => (answers.value(0, n) - Number(batch['y']?.data[n])) ** 2);
  return errors.reduce((sum, error) => sum + error, 0) / testSize;
}
