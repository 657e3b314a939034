import { at } from '../../extension/core/ops/arguments';
import { RandomStream, streams } from '../../extension/core/random';
import { floats, int32s } from '../../extension/core/tensor';
import type { Batch } from './learner';

/** A sequence of tokens with an answer at every step. */
export interface Labelled {
  readonly tokens: readonly number[];
  readonly answers: readonly number[];
  /** Where an answer counts; everywhere if left out. */
  readonly counts?: (step: number) => boolean;
}

/** Sequences as a batch of `steps` steps; what is shorter is padded with token 0 and weight 0. */
export function labelledBatch(sequences: readonly Labelled[], steps: number): Batch {
  const size = sequences.length;
  const places = <T>(value: (sequence: Labelled, t: number) => T): T[] =>
    Array.from({ length: steps * size }, (_, i) => value(at(sequences, i % size), Math.floor(i / size)));
  const weigh = ({ answers, counts }: Labelled, t: number) => (t < answers.length && (counts?.(t) ?? true) ? 1 : 0);
  return {
    x: int32s(
      [steps, size],
      places(({ tokens }, t) => tokens[t] ?? 0),
    ),
    y: int32s(
      [steps, size],
      places(({ answers }, t) => answers[t] ?? 0),
    ),
    weight: floats('float32', [steps, size], places(weigh)),
  };
}

// Far from the streams that the engine itself draws from.
const firstStream = 0x10000;

/** Random numbers of a task: `use` 0 to learn from, 1 to decide when it is enough, 2 to judge by. */
export const drawing = (seed: number, use: 0 | 1 | 2) => new RandomStream(seed, streams.shuffle, firstStream + use);

/** One of these, each equally likely. */
export const oneOf = <T>(random: RandomStream, choices: readonly T[]): T => at(choices, random.below(choices.length));

/** So many of what `draw` gives. */
export const several = <T>(count: number, draw: () => T): T[] => Array.from({ length: count }, draw);
