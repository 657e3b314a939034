import type { Message } from './messages';

/** A file of a folder of which something is to be known. */
export interface OddFile {
  /** Path in the folder. */
  readonly name: string;
  readonly why: Message;
}

/** Something that is in a folder more than once. */
export interface Repeat {
  /** The text, or the first file of a sound. */
  readonly item: string;
  readonly count: number;
  readonly classes: readonly string[];
}

/** Sounds whose files are written alike. */
export interface SoundForm {
  /** Samples a second. */
  readonly rate: number;
  readonly channels: number;
  /** Of a sample. */
  readonly bits: number;
  readonly count: number;
}

/** What sounds are, as far as they were looked into. */
export interface SoundFacts {
  /** The most frequent form first. */
  readonly forms: readonly SoundForm[];
  /** Of all sounds together. */
  readonly seconds: number;
  /** Up to what frequency all of them reach, in Hz. */
  readonly highest: number;
  /** Some of their names, evenly over all of them: those that a picture is offered of. */
  readonly names: readonly string[];
}

/** What a folder of items holds. */
export interface FolderFacts {
  readonly holds: 'texts' | 'sounds';
  /** Files of texts or sounds. */
  readonly files: number;
  /** Files that were looked into: all, or so many evenly over them. */
  readonly looked: number;
  /** Texts or sounds in these. */
  readonly items: number;
  /** Whether the folder tells what its sounds say. */
  readonly said: boolean;
  /** Of the files that were looked into those that are empty, silent or cannot be read, and how many more there are. */
  readonly odd: readonly OddFile[];
  readonly moreOdd: number;
  /** How many items repeat an earlier one, and how many of what stands more than once has several classes. */
  readonly repeated: number;
  readonly ambiguous: number;
  /** Those of several classes first. */
  readonly repeats: readonly Repeat[];
  readonly sounds: SoundFacts | null;
}

/** A sound as pictures of bounded size. */
export interface SoundPicture {
  readonly name: string;
  readonly seconds: number;
  /** The lowest and the highest sample of each of equally long stretches, from -1 to 1; `high` is null where each is one sample. */
  readonly low: readonly number[];
  readonly high: readonly number[] | null;
  /** Log-mel energies as a model reads them before they are scaled, [steps][mels] row-major; of more steps than fit, means. */
  readonly energies: readonly number[];
  readonly steps: number;
  readonly mels: number;
  /** How many steps a training reads of it before any limit, and how far apart they are, in ms. */
  readonly readSteps: number;
  readonly hop: number;
  /** Upper end of the bands, in Hz. */
  readonly highest: number;
}
