import type { Mistake } from '../../protocol/results';
import type { Metrics } from '../../protocol/run';
import { mostLikely } from './classes';
import { editDistance } from './editDistance';
import type { Baseline, Judge } from './judge';
import { Mistakes, shortTitle } from './mistakes';
import { ShareRows, type Tally } from './tally';

/**
 * The transcript of the most likely path: the best symbol of each step, repeats as one, blanks left out (Graves et al. 2006, best path
 * decoding). `answers` is `[steps, symbols, batch]`; `steps` of sequence `item` are read.
 */
export function decodeGreedily(
  answers: Float32Array,
  steps: number,
  symbols: number,
  batch: number,
  item: number,
): number[] {
  const decoded: number[] = [];
  let before = 0;
  for (let step = 0; step < steps; step++) {
    const symbol = mostLikely(answers, step * symbols * batch + item, symbols, batch);
    if (symbol !== 0 && symbol !== before) decoded.push(symbol);
    before = symbol;
  }
  return decoded;
}

/** Errors of transcripts: edits to the characters and to the words, over how many there should be. */
export class TranscriptErrors {
  private edits = 0;
  private characters = 0;
  private wordEdits = 0;
  private words = 0;
  private readonly rows = new ShareRows();

  /** Returns how many characters must be edited. */
  add(truth: string, answer: string): number {
    const [right, told] = [[...truth], [...answer]];
    const edits = editDistance(told, right);
    this.edits += edits;
    this.characters += right.length;
    this.rows.add(edits, right.length);
    const [rightWords, toldWords] = [wordsOf(truth), wordsOf(answer)];
    this.wordEdits += editDistance(toldWords, rightWords);
    this.words += rightWords.length;
    return edits;
  }

  /** Character and word error rate; either may be above 1. */
  metrics(): Metrics {
    if (this.characters === 0) return {};
    return { cer: this.edits / this.characters, wer: this.wordEdits / Math.max(1, this.words) };
  }

  /** Of the character error rate. */
  tally(): Tally {
    return this.rows.read(null);
  }
}

const wordsOf = (text: string) => text.split(/\s+/).filter((word) => word !== '');

/** Judges transcripts; symbol `k` is character `characters[k - 1]`, symbol 0 the blank. */
export function judgeTranscripts(
  characters: readonly string[],
  lengthOf: (index: number) => number,
  transcriptOf: (index: number) => string,
  titleOf?: (index: number) => string,
): Judge {
  const errors = new TranscriptErrors();
  const mistakes = new Mistakes();
  return {
    add(indices, count, answers, batch) {
      for (let item = 0; item < count; item++) {
        const index = indices[item] ?? 0;
        const decoded = decodeGreedily(answers, lengthOf(index), characters.length + 1, batch, item);
        const [truth, answer] = [transcriptOf(index), decoded.map((symbol) => characters[symbol - 1] ?? '').join('')];
        const edits = errors.add(truth, answer);
        if (edits > 0) mistakes.add(edits, () => mistakeIn(index, truth, answer, titleOf?.(index) ?? null));
      }
    },
    metrics: () => errors.metrics(),
    tally: () => errors.tally(),
    results: () => ({ mistakes: mistakes.read() }),
  };
}

/** What writing the same for every sequence comes to. */
export function baselineOfTranscripts(truths: Iterable<string>, answer: string): Baseline {
  const errors = new TranscriptErrors();
  for (const truth of truths) errors.add(truth, answer);
  return { metrics: errors.metrics(), tally: errors.tally() };
}

const mistakeIn = (sequence: number, truth: string, answer: string, title: string | null): Mistake => ({
  sequence,
  step: null,
  truth: shortTitle(truth) ?? '',
  prediction: shortTitle(answer) ?? '',
  probability: null,
  title,
});
