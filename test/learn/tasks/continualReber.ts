import type { RandomStream } from '../../../extension/core/random';
import { Learner } from '../learner';
import { teach } from '../lesson';
import { embeddedReber, reberModel, symbols, toContinue } from '../reberGrammar';
import { drawing, labelledBatch, several } from '../sequences';
import type { LearningTask } from '../task';

const stretch = 64;
const testLength = 1024;
const testStreams = 8;

// So far open that it is one and its gradient nothing: what the LSTM was before it had a forget gate.
const alwaysOpen = 1000;

/**
 * Continual embedded Reber grammar (Gers, Schmidhuber & Cummins 2000): strings follow each other without an end, and no one says where
 * one begins. One stream is learnt from, a stretch of 64 symbols a step; the state is carried along. The figure is the share of strings
 * whose last but one symbol, which repeats the second, is the most probable there.
 */
function continualReber(name: string, gate: 'with' | 'without'): LearningTask {
  return {
    name,
    title: `continual Reber, ${gate} a forget gate`,
    model: 'LSTM 12',
    measure: 'outer symbols right',
    floor: '0.500 (guessed)',
    published: gate === 'with' ? '0.997' : '0.550',
    solvable: gate === 'with',
    async run(seed) {
      const forgetBias = gate === 'with' ? 1 : alwaysOpen;
      const spec = { ...reberModel(stretch, 12), stateful: true, forgetBias };
      const learner = await Learner.start(spec, 1, 5, seed);
      const random = drawing(seed, 0);
      const stream = new Stream(random);
      const check = tests(seed, 1);
      const solved = await teach(learner, {
        batch: () => labelledBatch([toContinue(stream.read(stretch))], stretch),
        learningRate: () => 0.01,
        most: 2000,
        every: 100,
        isEnough: async () => (await shareRight(learner, check)) >= 0.99,
      });
      return { figure: await shareRight(learner, tests(seed, 2)), solved, seen: learner.seen };
    },
  };
}

export const continualReberTasks = [
  continualReber('continual', 'with'),
  continualReber('continual-ungated', 'without'),
];

/** Strings without an end; remembers where outer symbols are repeated. */
class Stream {
  private text = '';
  private repeats: number[] = [];

  constructor(private readonly random: RandomStream) {}

  /** So many symbols and one more, which is the first of what is read next. */
  read(length: number): string {
    while (this.text.length < length + 1) {
      const { text } = embeddedReber(this.random);
      this.repeats.push(this.text.length + text.length - 2);
      this.text += text;
    }
    const read = this.text.slice(0, length + 1);
    this.text = this.text.slice(length);
    return read;
  }

  /** As `read`, with the places of the repeated symbols in it. */
  readMarked(length: number): { readonly text: string; readonly repeats: readonly number[] } {
    const text = this.read(length);
    return { text, repeats: this.repeats.filter((place) => place <= length) };
  }
}

function tests(seed: number, use: 1 | 2) {
  const random = drawing(seed, use);
  return several(testStreams, () => new Stream(random).readMarked(testLength));
}

async function shareRight(learner: Learner, tested: ReturnType<typeof tests>): Promise<number> {
  const answers = await learner.answer(
    labelledBatch(
      tested.map(({ text }) => toContinue(text)),
      testLength,
    ),
  );
  const right = tested.flatMap(({ text, repeats }, n) =>
    repeats.map((place) => {
      const chances = [...symbols].map((_, k) => answers.value(k, n, place - 1));
      return symbols[chances.indexOf(Math.max(...chances))] === text[place] ? 1 : 0;
    }),
  );
  return right.reduce<number>((sum, one) => sum + one, 0) / right.length;
}
