import { Learner } from '../learner';
import { teach } from '../lesson';
import { embeddedReber, isRight, type ReberString, reberModel, toContinue } from '../reberGrammar';
import { drawing, labelledBatch, several } from '../sequences';
import type { LearningTask } from '../task';

const longest = 30;

/**
 * Embedded Reber grammar (Hochreiter & Schmidhuber 1997, experiment 1): to predict the next symbol, which at the last but one is that at
 * the second place. A string is right when the symbols that may follow are the most probable ones at every step.
 */
export const embeddedReberGrammar: LearningTask = {
  name: 'reber',
  title: 'embedded Reber grammar',
  model: 'LSTM 8',
  measure: 'strings right, %',
  floor: '50 (the outer symbol guessed)',
  published: '148 of 150 solved in 8,440 strings on average',
  solvable: true,
  async run(seed) {
    const learner = await Learner.start(reberModel(longest, 8), 4, 5, seed);
    const random = drawing(seed, 0);
    const check = strings(seed, 1, 256);
    const solved = await teach(learner, {
      batch: () =>
        labelledBatch(
          several(4, () => toContinue(shortEnough(() => embeddedReber(random)).text)),
          longest,
        ),
      learningRate: () => 0.01,
      most: 5000,
      every: 50,
      isEnough: async () => (await shareRight(learner, check)) === 1,
    });
    return { figure: 100 * (await shareRight(learner, strings(seed, 2, 256))), solved, seen: learner.seen };
  },
};

/** Draws again what is longer than the graph; one string in a thousand is. */
function shortEnough(draw: () => ReberString): ReberString {
  for (;;) {
    const string = draw();
    if (string.text.length <= longest) return string;
  }
}

function strings(seed: number, use: 1 | 2, count: number): readonly ReberString[] {
  const random = drawing(seed, use);
  return several(count, () => shortEnough(() => embeddedReber(random)));
}

async function shareRight(learner: Learner, tested: readonly ReberString[]): Promise<number> {
  const answers = await learner.answer(
    labelledBatch(
      tested.map(({ text }) => toContinue(text)),
      longest,
    ),
  );
  const right = tested.filter(({ legal }, n) => legal.slice(1).every((allowed, t) => isRight(answers, allowed, n, t)));
  return right.length / tested.length;
}
