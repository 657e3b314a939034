import type { RandomStream } from '../../../extension/core/random';
import { layerOf } from '../../support/specs';
import { Learner } from '../learner';
import { teach } from '../lesson';
import { drawing, type Labelled, labelledBatch, several } from '../sequences';
import type { LearningTask } from '../task';
import { tokenModel } from '../tokenModel';

const blanks = 20;
const remembered = 10;
const steps = blanks + 2 * remembered;
const [blank, go] = [0, 9];
const batchSize = 32;

/**
 * Copy memory (Hochreiter & Schmidhuber 1997, experiment 2, as Arjovsky, Shah & Bengio 2016 have it): ten symbols out of eight, 20
 * blanks of which the last says that it is time, then the ten symbols again. Whoever remembers nothing but knows when to answer has
 * 10 ln 8 / (20 + 20) nats a step. Solved is a twentieth of that.
 */
export const copyMemory: LearningTask = {
  name: 'copy',
  title: 'copy memory, T = 20',
  model: 'LSTM 100',
  measure: 'nats a step',
  floor: `${floor().toFixed(3)} (nothing remembered)`,
  published: 'the floor, at T = 1,000',
  solvable: true,
  async run(seed) {
    const spec = tokenModel({ steps, vocabulary: 10, targets: 10 }, layerOf('lstm', 100), { forgetBias: 5 });
    const learner = await Learner.start(spec, batchSize, 1, seed);
    const random = drawing(seed, 0);
    const enough = floor() / 20;
    const kept = drawing(seed, 1);
    const check = several(256, () => draw(kept));
    await teach(learner, {
      batch: () =>
        labelledBatch(
          several(batchSize, () => draw(random)),
          steps,
        ),
      learningRate: () => 0.005,
      most: 8000,
      every: 200,
      isEnough: async () => (await nats(learner, check)) < enough,
    });
    const test = drawing(seed, 2);
    const figure = await nats(
      learner,
      several(256, () => draw(test)),
    );
    return { figure, solved: figure < enough, seen: learner.seen };
  },
};

function floor(): number {
  return (remembered * Math.log(8)) / steps;
}

function draw(random: RandomStream): Labelled {
  const symbols = several(remembered, () => 1 + random.below(8));
  const wait = new Array<number>(blanks).fill(blank);
  const tokens = [...symbols, ...wait.slice(1), go, ...symbols.map(() => blank)];
  return { tokens, answers: [...symbols.map(() => blank), ...wait, ...symbols] };
}

async function nats(learner: Learner, tested: readonly Labelled[]): Promise<number> {
  const answers = await learner.answer(labelledBatch(tested, steps));
  const losses = tested.flatMap(({ answers: right }, n) => right.map((k, t) => -Math.log(answers.value(k, n, t))));
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
}
