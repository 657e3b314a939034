import assert from 'node:assert/strict';
import { decodeGreedily, judgeTranscripts, TranscriptErrors } from '../../../../extension/data/judging/transcripts';

/** Probabilities `[steps, symbols, batch]` of a path for each sequence of a batch. */
function pathsOf(paths: readonly (readonly number[])[], symbols: number): Float32Array {
  const steps = paths[0]?.length ?? 0;
  const answers = new Float32Array(steps * symbols * paths.length).fill(0.1);
  paths.forEach((path, item) => {
    path.forEach((symbol, step) => {
      answers[(step * symbols + symbol) * paths.length + item] = 0.9;
    });
  });
  return answers;
}

describe('transcripts', () => {
  it('are read off the best path: repeats once, blanks not at all (Graves et al. 2006: B(a-ab-) = B(-aa--abb) = aab)', () => {
    assert.deepEqual(decodeGreedily(pathsOf([[1, 0, 1, 2, 0]], 3), 5, 3, 1, 0), [1, 1, 2]);
    assert.deepEqual(decodeGreedily(pathsOf([[0, 1, 1, 0, 0, 1, 2, 2]], 3), 8, 3, 1, 0), [1, 1, 2]);
  });

  it('end where the sequence does', () => {
    const answers = pathsOf(
      [
        [1, 2, 1],
        [2, 2, 2],
      ],
      3,
    );
    assert.deepEqual(decodeGreedily(answers, 2, 3, 2, 0), [1, 2]);
    assert.deepEqual(decodeGreedily(answers, 3, 3, 2, 1), [2]);
  });

  it('are judged by edits to characters and to words', () => {
    const errors = new TranscriptErrors();
    assert.deepEqual(errors.metrics(), {});
    errors.add('one two', 'one too');
    errors.add('six', 'six');
    assert.deepEqual(errors.metrics(), { cer: 1 / 10, wer: 1 / 3 });
    errors.add('a', 'xyz');
    assert.deepEqual(errors.metrics(), { cer: 4 / 11, wer: 2 / 4 });
  });

  it('are judged from what a model answers', () => {
    const judge = judgeTranscripts(
      ['a', 'b'],
      (index) => [4, 2][index] ?? 0,
      (index) => ['ab', 'bb'][index] ?? '',
    );
    judge.add(
      [1, 0],
      2,
      pathsOf(
        [
          [2, 2, 1, 1],
          [1, 1, 0, 2],
        ],
        3,
      ),
      2,
    );
    assert.deepEqual(judge.metrics(), { cer: 1 / 4, wer: 1 / 2 });
  });
});
