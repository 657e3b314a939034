import type { Part } from '../../protocol/data';
import { UnrollError } from '../../protocol/errors';
import type { Experiment } from '../../protocol/experiment';
import { mostFrequent } from '../judging/mostFrequent';
import { baselineOfTranscripts, judgeTranscripts } from '../judging/transcripts';
import type { TranscriptData } from '../prepared';
import { parts } from '../split';
import type { Reading } from '../table/reading';
import type { Sequences } from './assemble';
import { naturallySorted } from './classes';
import { notesOnSequences, prepareInputs } from './inputs';
import { wholeSequences } from './pieces';

/**
 * Data of the task `transcribe`: each sequence has one transcript, its first value of the target, read character by character.
 * @throws UnrollError `data` where a part gets no sequence, a transcript cannot fit its sequence or has a character of its own.
 */
export function prepareTranscribed(
  sequences: Sequences,
  experiment: Experiment,
  reading: Reading = {},
): TranscriptData {
  const { data } = experiment;
  const { starts, target } = sequences;
  const names = sequences.names ?? [];
  const transcripts = names.map((_, sequence) => {
    const code = target.codes.subarray(starts[sequence], starts[sequence + 1]).find((each) => each >= 0);
    return code === undefined ? null : (target.labels[code] ?? null);
  });
  const inputs = prepareInputs(sequences, experiment, reading, (range) =>
    wholeSequences(range, starts, data.lookback, (sequence) => transcripts[sequence] !== null),
  );
  const { pieces, shape } = inputs;
  const transcriptOf = (part: Part, index: number) => transcripts[pieces[part].sequences[index] ?? -1] ?? '';
  const lengthOf = (part: Part, index: number) => pieces[part].length[index] ?? 0;
  const count = (part: Part) => pieces[part].first.length;
  const all = (part: Part) => Array.from({ length: count(part) }, (_, index) => index);

  const symbols = naturallySorted([...new Set(all('train').flatMap((index) => [...transcriptOf('train', index)]))]);
  const numbers = new Map(symbols.map((character, place) => [character, place + 1]));
  let longest = 0;
  for (const part of parts) {
    for (const index of all(part)) {
      const characters = [...transcriptOf(part, index)];
      const name = names[pieces[part].sequences[index] ?? -1] ?? '';
      refuseTooLong(name, characters, lengthOf(part, index));
      refuseNewCharacter(name, characters, numbers);
      longest = Math.max(longest, characters.length);
    }
  }
  return {
    task: 'transcribe',
    shape: { ...shape, targets: symbols.length, longest, classCounts: null },
    columns: inputs.columns,
    scalers: inputs.scalers,
    symbols,
    windows: { train: count('train'), validation: count('validation'), test: count('test') },
    fingerprint: sequences.fingerprint,
    notes: [
      ...sequences.notes,
      ...notesOnSequences(sequences, data.lookback, transcripts.filter((transcript) => transcript === null).length),
    ],
    fill(part, indices, batch, into) {
      const used = Math.min(indices.length, batch);
      inputs.fill(part, indices, used, batch, into);
      into.y.fill(-1);
      for (let item = 0; item < used; item++) {
        const index = indices[item] ?? 0;
        for (let step = 0; step < lengthOf(part, index); step++) into.weight[step * batch + item] = 1;
        [...transcriptOf(part, index)].forEach((character, place) => {
          into.y[place * batch + item] = numbers.get(character) ?? -1;
        });
      }
    },
    judge: (part) =>
      judgeTranscripts(
        symbols,
        (index) => lengthOf(part, index),
        (index) => transcriptOf(part, index),
      ),
    baselines(part) {
      if (count(part) === 0) return {};
      const truths = (of: Part) => all(of).map((index) => transcriptOf(of, index));
      return {
        empty: baselineOfTranscripts(truths(part), ''),
        frequentTranscript: baselineOfTranscripts(truths(part), mostFrequent(truths('train')) ?? ''),
      };
    },
  };
}

/** A path through the steps needs one for each character, and a blank between two that are the same. */
export function refuseTooLong(sequence: string, characters: readonly string[], steps: number): void {
  const repeats = characters.filter((character, i) => i > 0 && characters[i - 1] === character).length;
  if (characters.length + repeats <= steps) return;
  throw new UnrollError(
    'data',
    'The sequence {0} has {1} steps, and its transcript needs {2}: one for each character and one between two that are the same; give it more steps, a longer lookback or a shorter transcript.',
    sequence,
    steps,
    characters.length + repeats,
  );
}

function refuseNewCharacter(
  sequence: string,
  characters: readonly string[],
  numbers: ReadonlyMap<string, number>,
): void {
  const unseen = characters.find((character) => !numbers.has(character));
  if (unseen === undefined) return;
  throw new UnrollError(
    'data',
    'The transcript of the sequence {0} has the character "{1}", which no transcript of the training part has; mix the order of the sequences in the file, or correct it.',
    sequence,
    unseen,
  );
}
