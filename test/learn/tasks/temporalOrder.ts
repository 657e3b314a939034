import { at } from '../../../extension/core/ops/arguments';
import type { RandomStream } from '../../../extension/core/random';
import { floats, int32s } from '../../../extension/core/tensor';
import { layerOf } from '../../support/specs';
import { type Batch, Learner } from '../learner';
import { teach } from '../lesson';
import { drawing, oneOf, several } from '../sequences';
import type { LearningTask } from '../task';
import { tokenModel } from '../tokenModel';

const symbols = 'EBabcdXY';
const longest = 110;
const batchSize = 32;

/**
 * Temporal order (Hochreiter & Schmidhuber 1997, experiment 6a): E, then 100 to 110 symbols out of a, b, c, d with an X or a Y at a
 * place of 10 to 20 and another of 50 to 60, and B at the end: which of XX, XY, YX, YY was it? Solved is no mistake in 512 sequences.
 */
export const temporalOrder: LearningTask = {
  name: 'order',
  title: 'temporal order 3a',
  model: 'LSTM 4',
  measure: 'sequences right, %',
  floor: '25 (guessed)',
  published: '100',
  solvable: true,
  async run(seed) {
    const spec = tokenModel({ steps: longest, vocabulary: symbols.length, targets: 4 }, layerOf('lstm', 4), {
      pooling: 'last',
      masked: true,
      init: 'he',
      // Open enough to remember for a hundred steps.
      forgetBias: 5,
    });
    const learner = await Learner.start(spec, batchSize, 1, seed);
    const random = drawing(seed, 0);
    const check = sequences(drawing(seed, 1), 512);
    const solved = await teach(learner, {
      batch: () => batchOf(sequences(random, batchSize)),
      learningRate: () => 0.01,
      most: 6000,
      every: 50,
      isEnough: async () => (await shareRight(learner, check)) === 1,
    });
    return { figure: 100 * (await shareRight(learner, sequences(drawing(seed, 2), 512))), solved, seen: learner.seen };
  },
};

interface Sequence {
  readonly text: string;
  readonly answer: number;
}

function sequences(random: RandomStream, count: number): readonly Sequence[] {
  return several(count, () => {
    const length = 100 + random.below(11);
    const text = ['E', ...several(length - 2, () => oneOf(random, ['a', 'b', 'c', 'd'])), 'B'];
    const important = [10 + random.below(11), 50 + random.below(11)].map((place) => {
      const which = random.below(2);
      text[place] = at(['X', 'Y'], which);
      return which;
    });
    return { text: text.join(''), answer: 2 * at(important, 0) + at(important, 1) };
  });
}

function batchOf(of: readonly Sequence[]): Batch {
  const places = (value: (text: string, t: number) => number) =>
    Array.from({ length: longest * of.length }, (_, i) => value(at(of, i % of.length).text, Math.floor(i / of.length)));
  return {
    x: int32s(
      [longest, of.length],
      places((text, t) => Math.max(0, symbols.indexOf(text[t] ?? ''))),
    ),
    mask: floats(
      'float32',
      [longest, of.length],
      places((text, t) => (t < text.length ? 1 : 0)),
    ),
    y: int32s(
      [of.length],
      of.map(({ answer }) => answer),
    ),
    weight: floats(
      'float32',
      [of.length],
      of.map(() => 1),
    ),
  };
}

async function shareRight(learner: Learner, tested: readonly Sequence[]): Promise<number> {
  const answers = await learner.answer(batchOf(tested));
  const right = tested.filter(({ answer }, n) => {
    const chances = [0, 1, 2, 3].map((k) => answers.value(k, n));
    return chances.indexOf(Math.max(...chances)) === answer;
  });
  return right.length / tested.length;
}
