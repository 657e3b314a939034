import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { propose } from '../../../extension/data/choices/propose';
import type { Draft, Experiment } from '../../../extension/protocol/experiment';

/** Numbers that look random and are the same every time (a linear congruential generator). */
function noise(): () => number {
  let state = 12345;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Sequences of 6 to 9 rows: slow, fast and faster waves, told apart by `kind`; and the word "ab" or "ba" that they spell. */
function writeWaves(folder: string): void {
  const random = noise();
  const lines = Array.from({ length: 60 }, (_, sequence) => {
    const rows = 6 + (sequence % 4);
    const speed = (sequence % 3) + 1;
    const kind = ['slow', 'fast, "odd"', 'faster'][speed - 1] ?? '';
    return Array.from({ length: rows }, (_, row) => {
      const wave = Math.sin(speed * row * 0.6) + 0.1 * random();
      const early = row < rows / 2 ? 1 : 0;
      const spelt = (sequence % 2 === 0 ? early : 1 - early) + 0.1 * random();
      const quoted = `"${kind.replaceAll('"', '""')}"`;
      return `s${sequence},${wave.toFixed(3)},${spelt.toFixed(3)},${quoted},${sequence % 2 === 0 ? 'ab' : 'ba'}`;
    }).join('\n');
  });
  writeFileSync(path.join(folder, 'waves.csv'), `id,wave,spelt,kind,word\n${lines.join('\n')}\n`);
}

/** A line that goes up and down, and which of both it does. */
function writeSlopes(folder: string): void {
  const random = noise();
  let value = 0;
  const lines = Array.from({ length: 300 }, (_, row) => {
    const isUp = Math.sin(row / 7) > 0;
    value += (isUp ? 1 : -1) * random();
    return `${value.toFixed(3)},${isUp ? 'up' : 'down'}`;
  });
  writeFileSync(path.join(folder, 'slopes.csv'), `value,slope\n${lines.join('\n')}\n`);
}

function writeText(folder: string): void {
  const words = ['sat', 'ran', 'ate'];
  const lines = Array.from({ length: 60 }, (_, line) => `the cat ${words[(line * line) % 3]} on the mat, then slept.`);
  writeFileSync(path.join(folder, 'text.txt'), `${lines.join('\n')}\n`);
}

/** Sentences of three words and what they are called elsewhere; some sources have two translations. */
function writePairs(folder: string): void {
  const words = { cat: 'chat', dog: 'chien', bird: 'oiseau', fox: 'renard', cow: 'vache' };
  const acts = { eats: 'mange', runs: 'court', sleeps: 'dort' };
  const lines = Object.entries(words).flatMap(([animal, animalThere]) =>
    Object.entries(acts).flatMap(([act, actThere], i) => [
      `The ${animal} ${act}.\tLe ${animalThere} ${actThere}.`,
      `A ${animal} ${act}!\tUn ${animalThere} ${actThere} !`,
      ...(i === 0 ? [`A ${animal} ${act}!\t"Un" ${animalThere}, il ${actThere} !`] : []),
    ]),
  );
  writeFileSync(path.join(folder, 'pairs.tsv'), `${lines.join('\n')}\n`);
}

/** A word a row: what a ship does, and who or where; "Hope" is a ship where it leaves, a port where it is reached. */
function writeWords(folder: string): void {
  const names = ['Hope', 'Dover', 'Victoria', 'Cork'];
  const lines = names.flatMap((ship, i) =>
    ['left', 'saw', 'reached', 'passed'].flatMap((verb, j) => {
      const port = names[(i + j) % names.length] ?? '';
      return [
        `${4 * i + j},${ship},B-SHIP`,
        `${4 * i + j},${verb},O`,
        `${4 * i + j},old,B-PORT`,
        `${4 * i + j},${port},I-PORT`,
      ];
    }),
  );
  writeFileSync(path.join(folder, 'words.csv'), `sentence,word,tag\n${lines.join('\n')}\n`);
}

const quick = { epochs: 3, batch: 8, seed: 3 };
const layers = [{ cell: 'gru' as const, hidden: 6 }];

/** A small experiment of every task that is not a forecast, and of its unusual forms, by what it shows. */
const drafts: Readonly<Record<string, Draft>> = {
  classify: {
    task: 'classify',
    data: { path: 'waves.csv', target: 'kind', series: 'id', features: ['wave'] },
    model: { layers },
  },
  'classify windows': {
    task: 'classify',
    data: { path: 'slopes.csv', target: 'slope', lookback: 8 },
    model: { layers, pooling: 'mean' },
    training: { loss: { name: 'binaryCrossEntropy' } },
  },
  label: { task: 'label', data: { path: 'slopes.csv', target: 'slope', lookback: 8 }, model: { layers } },
  'label words': {
    data: { path: 'words.csv', split: { validation: 0.2, test: 0.65 } },
    model: { embedding: 4, layers },
  },
  language: {
    task: 'language',
    data: { path: 'text.txt', lookback: 20 },
    model: { layers },
    training: { truncate: 6, accumulate: 2 },
  },
  translate: {
    data: { path: 'pairs.tsv', split: { validation: 0.2, test: 0.2 } },
    model: { embedding: 6, layers: [{ cell: 'gru', hidden: 8, bidirectional: true }], beam: 2 },
    training: { epochs: 12, optimizer: { name: 'adam', learningRate: 0.03 } },
  },
  transcribe: {
    task: 'transcribe',
    data: { path: 'waves.csv', target: 'word', series: 'id', features: ['spelt'] },
    model: { layers: [{ cell: 'lstm', hidden: 6, bidirectional: true }] },
  },
};

export const sequenceSamples = Object.keys(drafts);

/** One of {@link sequenceSamples} on data that is written into `folder`. */
export async function sequenceExperiment(folder: string, name: string): Promise<Experiment> {
  writeWaves(folder);
  writeSlopes(folder);
  writeText(folder);
  writeWords(folder);
  writePairs(folder);
  const { training, ...draft } = drafts[name] ?? { data: { path: '' } };
  const wanted: Draft = {
    ...draft,
    training: { ...quick, ...training },
    device: { provider: 'cpu', threads: 1 },
  };
  return (await propose(folder, wanted)).experiment;
}
