import { layerOf } from '../../support/specs';
import { Learner } from '../learner';
import { teach } from '../lesson';
import { drawing, type Labelled, labelledBatch, several } from '../sequences';
import type { LearningTask } from '../task';
import { tokenModel } from '../tokenModel';

const [start, a, b, end] = [0, 1, 2, 3];
const trained = 10;
const tested = 100;
const steps = 2 * trained + 1;
const batchSize = 1;

/**
 * The language a^n b^n (Gers & Schmidhuber 2001): to say what may come next; learnt from n up to 10. The figure is the largest n up to
 * which every string is right at every step: after an a another or a b, after a b the next until there are as many as there were a's,
 * then the end.
 */
export const countingLanguage: LearningTask = {
  name: 'anbn',
  title: 'a^n b^n, learnt to n = 10',
  model: 'LSTM with peepholes 3',
  measure: 'right up to n',
  floor: '10 (what was learnt)',
  published: '65',
  solvable: true,
  async run(seed) {
    const spec = tokenModel({ steps, vocabulary: 3, targets: 4 }, layerOf('lstmPeephole', 3));
    const learner = await Learner.start(spec, batchSize, 1, seed);
    const random = drawing(seed, 0);
    const enough = async () => (await reach(learner)) >= 65;
    await teach(learner, {
      batch: () =>
        labelledBatch(
          several(batchSize, () => string(1 + random.below(trained))),
          steps,
        ),
      learningRate: () => 0.01,
      most: 10000,
      every: 200,
      isEnough: enough,
    });
    const figure = await reach(learner);
    return { figure, solved: figure >= 65, seen: learner.seen };
  },
};

function string(n: number): Labelled {
  const letters = [...new Array<number>(n).fill(a), ...new Array<number>(n).fill(b)];
  return { tokens: [start, ...letters], answers: [...letters, end] };
}

async function reach(learner: Learner): Promise<number> {
  const all = Array.from({ length: tested }, (_, i) => string(i + 1));
  const answers = await learner.answer(labelledBatch(all, 2 * tested + 1));
  const isRight = (n: number) => {
    const chance = (k: number, t: number) => answers.value(k, n - 1, t);
    const others = (t: number, legal: readonly number[]) =>
      [a, b, end].filter((k) => !legal.includes(k)).map((k) => chance(k, t));
    return Array.from({ length: 2 * n }, (_, i) => i + 1).every((t) => {
      const legal = t <= n ? [a, b] : t < 2 * n ? [b] : [end];
      return legal.every((k) => chance(k, t) > Math.max(...others(t, legal)));
    });
  };
  const wrong = all.findIndex((_, i) => !isRight(i + 1));
  return wrong < 0 ? tested : wrong;
}
