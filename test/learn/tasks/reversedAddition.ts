import { at } from '../../../extension/core/ops/arguments';
import { permutation } from '../../../extension/core/random';
import { layerOf } from '../../support/specs';
import { Learner } from '../learner';
import { halved, teach } from '../lesson';
import { type Labelled, labelledBatch } from '../sequences';
import type { LearningTask } from '../task';
import { tokenModel } from '../tokenModel';

const symbols = '0123456789+ ';
const digits = 2;
const question = 2 * digits + 1;
const answer = digits + 1;
const steps = question + answer;
const examples = 5000;
const batchSize = 64;
const epochs = 55;

/**
 * Addition of numbers of up to two digits as strings, the question written backwards (Zaremba & Sutskever 2014; the example
 * `addition_rnn` of Keras): 5,000 questions, of which a tenth is kept apart. The figure is the share of characters that are right in
 * those.
 */
export const reversedAddition: LearningTask = {
  name: 'addition',
  title: 'reversed addition, 2 digits',
  model: 'LSTM 128',
  measure: 'characters right, %',
  floor: `${(100 * floor()).toFixed(0)} (the most frequent)`,
  published: '99 in 55 epochs',
  solvable: true,
  async run(seed) {
    const spec = tokenModel({ steps, vocabulary: symbols.length, targets: symbols.length }, layerOf('lstm', 128));
    const all = questions(seed);
    const [learnt, kept] = [all.slice(0, 0.9 * examples), all.slice(0.9 * examples)];
    const learner = await Learner.start(spec, batchSize, 1, seed);
    const perEpoch = Math.floor(learnt.length / batchSize);
    let order = permutation(learnt.length, seed, 0);
    await teach(learner, {
      batch(step) {
        const within = step % perEpoch;
        if (within === 0) order = permutation(learnt.length, seed, 1 + step / perEpoch);
        const chosen = [...order.subarray(within * batchSize, (within + 1) * batchSize)];
        return labelledBatch(
          chosen.flatMap((i) => learnt[i] ?? []),
          steps,
        );
      },
      learningRate: halved(0.005, 15 * perEpoch),
      most: epochs * perEpoch,
      every: 5 * perEpoch,
      isEnough: async () => (await shareRight(learner, learnt.slice(0, kept.length))) > 0.9995,
    });
    const figure = 100 * (await shareRight(learner, kept));
    return { figure, solved: figure >= 99, seen: learner.seen };
  },
};

/** Pairs of numbers whatever their order, each asked in one order, as in the example. */
function questions(seed: number): readonly Labelled[] {
  const pairs = everyPair();
  const order = permutation(pairs.length, seed, 0);
  return [...order.subarray(0, examples)].map((i, place) => {
    const [first, second] = at(pairs, i);
    return place % 2 === 0 ? labelled(first, second) : labelled(second, first);
  });
}

function everyPair(): readonly (readonly [number, number])[] {
  const numbers = Array.from({ length: 10 ** digits }, (_, i) => i);
  return numbers.flatMap((first) => numbers.slice(first).map((second) => [first, second] as const));
}

function labelled(first: number, second: number): Labelled {
  const asked = [...`${first}+${second}`.padEnd(question)].reverse();
  const said = [...`${first + second}`.padEnd(answer)];
  const numbers = (text: readonly string[]) => text.map((symbol) => symbols.indexOf(symbol));
  return {
    tokens: numbers([...asked, ...said.map(() => ' ')]),
    answers: numbers([...asked.map(() => ' '), ...said]),
    counts: (t) => t >= question,
  };
}

/** Of the characters of all answers, those that are the most frequent at their place. */
function floor(): number {
  const answers = everyPair().map(([first, second]) => `${first + second}`.padEnd(answer));
  const counts = Array.from({ length: answer }, (_, place) =>
    Math.max(...[...symbols].map((symbol) => answers.filter((text) => text[place] === symbol).length)),
  );
  return counts.reduce((sum, count) => sum + count, 0) / (answer * answers.length);
}

async function shareRight(learner: Learner, asked: readonly Labelled[]): Promise<number> {
  const answers = await learner.answer(labelledBatch(asked, steps));
  const right = asked.flatMap(({ answers: expected }, n) =>
    expected.slice(question).map((k, place) => {
      const chances = [...symbols].map((_, other) => answers.value(other, n, question + place));
      return chances.indexOf(Math.max(...chances)) === k ? 1 : 0;
    }),
  );
  return right.reduce<number>((sum, one) => sum + one, 0) / right.length;
}
