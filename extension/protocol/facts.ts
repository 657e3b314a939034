import type { ColumnKind, Part, Reason } from './data';
import type { Task } from './experiment';
import type { FolderFacts, SoundPicture } from './folderFacts';
import type { Message } from './messages';

/** How many numbers lie in each of equally wide bins, the first of which begins at `min`; the last holds `max`, the largest. */
export interface Bins {
  readonly min: number;
  readonly max: number;
  readonly width: number;
  readonly counts: readonly number[];
}

/** A value and how often it stands. */
export interface Counted {
  readonly value: string;
  readonly count: number;
}

/** What a column is for in the proposed experiment. */
export type ColumnRole = 'target' | 'feature' | 'time' | 'series';

/** Numbers, and times in ms since 1970; everything is null where no value is there or it is no finite number. */
export interface NumberFacts {
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
  /** Of the whole column, divided by its count. */
  readonly deviation: number | null;
  readonly quartiles: readonly [number, number, number] | null;
  readonly bins: Bins | null;
  /** The lowest and highest value of each stretch of rows; `high` is null where a stretch is one row. NaN travels as null. */
  readonly low: readonly (number | null)[];
  readonly high: readonly (number | null)[] | null;
  readonly autocorrelation: Autocorrelation | null;
}

export interface Autocorrelation {
  /** At lag 0, 1, … */
  readonly values: readonly number[];
  /** The last so many rows were looked at. */
  readonly rows: number;
  /** In rows; null where none shows. */
  readonly season: number | null;
}

/** Words, and yes and no. */
export interface TextFacts {
  /** Rows that were counted, from the first; fewer than all in a long table. */
  readonly counted: number;
  /** How many different values these rows have. */
  readonly different: number;
  /** The most frequent values, the most frequent first. */
  readonly top: readonly Counted[];
  /** Characters of a value; null for yes and no, and where no value is there. */
  readonly lengths: Bins | null;
}

export interface ColumnFacts {
  /** As the table has it, but no longer than a line. */
  readonly name: string;
  readonly kind: ColumnKind;
  readonly role: ColumnRole | null;
  readonly missing: number;
  /** Of the rows of each stretch of `DataFacts.missingBuckets` how large a part has no value; null where none is missing. */
  readonly missingShares: readonly number[] | null;
  readonly numbers: NumberFacts | null;
  readonly texts: TextFacts | null;
}

/** Rows as they stand in the file. */
export interface Preview {
  readonly names: readonly string[];
  readonly head: readonly (readonly (string | null)[])[];
  /** The last rows, none of which is in `head`. */
  readonly tail: readonly (readonly (string | null)[])[];
}

/** A choice of the proposed experiment, its value and why. */
export interface ProposedChoice extends Reason {
  readonly value: string | number | boolean | null | readonly string[];
}

export type ProposalFacts =
  | {
      readonly kind: 'task';
      readonly task: Task;
      readonly target: string;
      readonly features: readonly string[];
      readonly horizon: number;
      readonly lookback: number;
      /** Those about the data. */
      readonly choices: readonly ProposedChoice[];
    }
  /** It is being made; the facts are there before. */
  | { readonly kind: 'pending' }
  /** Nothing can be learnt from the file as it is. */
  | { readonly kind: 'none'; readonly why: Message };

/** Where the parts begin among the rows as they are drawn; a part that begins where the next one does is empty. */
export interface SplitFacts {
  readonly validation: number;
  readonly test: number;
  readonly end: number;
}

/** How often each class of the target stands. */
export interface ClassFacts {
  readonly target: string;
  /** What was counted. */
  readonly of: 'rows' | 'sequences' | 'texts' | 'sounds';
  readonly top: readonly Counted[];
  /** How many more classes there are, and how often they stand. */
  readonly more: number;
  readonly moreCount: number;
  /** How often each of `top` stands in each part, where chance puts items into parts; null where the parts are stretches of the rows. */
  readonly parts: Readonly<Record<Part, readonly number[]>> | null;
}

/** How many of the items are in each part, where each is in one whole; of a text that is read by words, how many words. */
export interface ItemParts extends Readonly<Record<Part, number>> {
  readonly of: 'sequences' | 'sentences' | 'pairs' | 'texts' | 'sounds' | 'words';
}

/** How long things are: lines and texts in characters (`texts` also in `words`), sequences in rows, sounds in seconds. */
export interface LengthFacts {
  readonly of: 'sequences' | 'lines' | 'texts' | 'words' | 'sounds' | 'transcripts';
  /** What tells sequences apart. */
  readonly series: string | null;
  readonly items: number;
  readonly shortest: number;
  readonly longest: number;
  readonly mean: number;
  readonly bins: Bins;
}

export interface VocabularyFacts {
  /** Columns that were read; null for a text. */
  readonly columns: readonly string[] | null;
  /** Characters that were read: a long text is read as far as is bearable. */
  readonly read: number;
  readonly isWhole: boolean;
  readonly characters: Frequencies;
  readonly words: Frequencies;
}

export interface Frequencies {
  readonly total: number;
  /** How many different ones there are. */
  readonly different: number;
  readonly top: readonly Counted[];
  /** The rarest of those that are not in `top`, the rarest first. */
  readonly rarest: readonly Counted[];
  /** How many stand once. */
  readonly once: number;
}

/** A series as a training reads it. Rows count from 0 at its beginning. */
export interface ReadSeries {
  /** Null where the file is one series. */
  readonly name: string | null;
  readonly rows: number;
  /** First row of each stretch that the line is drawn from, and the target's lowest and highest value there. */
  readonly at: readonly number[];
  readonly low: readonly (number | null)[];
  readonly high: readonly (number | null)[] | null;
  /** First time of each stretch; null without a time. */
  readonly times: readonly number[] | null;
  readonly split: SplitFacts;
  /** Rows before which there is a gap that no window reaches over, and how many more there are. */
  readonly cuts: readonly number[];
  readonly moreCuts: number;
}

/** What a training reads where that is otherwise than the rows of the file. */
export interface ReadFacts {
  readonly target: string;
  /** Rows of each part, of all series together. */
  readonly rows: Readonly<Record<Part, number>>;
  /** How many series there are; `series` has the longest, the longest first. */
  readonly count: number;
  readonly series: readonly ReadSeries[];
  /** What was done to the rows, in words. */
  readonly notes: readonly Message[];
}

/** What a data file or a folder holds, in so few numbers that they can be shown: never a whole column. */
export interface DataFacts {
  readonly path: string;
  /** Null for a file. */
  readonly folder: FolderFacts | null;
  readonly bytes: number;
  /** Rows of a table; lines of a text; items of a folder that were looked into. */
  readonly rows: number;
  /** Characters of a text; null for a table. */
  readonly characters: number | null;
  /** All columns of the file, of which `columns` describes the first. */
  readonly columnCount: number;
  readonly columns: readonly ColumnFacts[];
  readonly missingBuckets: number;
  /** The order of the rows that lines are drawn in; `time` has the first time of each of their stretches. */
  readonly order: { readonly by: 'file' } | { readonly by: 'time'; readonly column: string; readonly sorted: boolean };
  /** First row, from 0, of each stretch that a line is drawn from. */
  readonly at: readonly number[];
  /** First time of each stretch, ascending; null where lines are drawn over rows. */
  readonly times: readonly (number | null)[] | null;
  readonly preview: Preview;
  /** What was read otherwise than it stands in the file, in words. */
  readonly notes: readonly Message[];
  readonly proposal: ProposalFacts;
  readonly split: SplitFacts | null;
  /** Why no split is drawn over the rows. */
  readonly notDrawn: Message | null;
  readonly read: ReadFacts | null;
  readonly items: ItemParts | null;
  readonly classes: ClassFacts | null;
  readonly lengths: readonly LengthFacts[];
  readonly vocabulary: VocabularyFacts | null;
}

/** What the proposal says of the data; nothing where there is none. */
export const nothingProposed = {
  split: null,
  notDrawn: null,
  read: null,
  items: null,
  classes: null,
  lengths: [],
  vocabulary: null,
} as const satisfies Partial<DataFacts>;

/** The facts of what has no columns, as long as nothing is known of it. */
export const bareFacts = {
  folder: null,
  bytes: 0,
  rows: 0,
  characters: null,
  columnCount: 0,
  columns: [],
  missingBuckets: 0,
  order: { by: 'file' },
  at: [],
  times: null,
  preview: { names: [], head: [], tail: [] },
  notes: [],
  proposal: { kind: 'pending' },
  ...nothingProposed,
} as const satisfies Omit<DataFacts, 'path'>;

/** What the proposal adds to the facts. `roles` are those of the columns that the facts describe. */
export interface ProposedFacts extends Pick<DataFacts, 'proposal' | keyof typeof nothingProposed> {
  readonly roles: readonly (ColumnRole | null)[];
  /** What training does to the items, in words. */
  readonly notes: readonly Message[];
}

/**
 * The facts with what the proposal adds; what it says nothing of is as it was. Rows of several series are no neighbours, so nothing repeats
 * from one to the next.
 */
export function withProposal(facts: DataFacts, { roles, notes, ...proposed }: ProposedFacts): DataFacts {
  const isOfSeries = roles.includes('series');
  const columns = facts.columns.map((column, i): ColumnFacts => {
    const numbers =
      column.numbers !== null && isOfSeries ? { ...column.numbers, autocorrelation: null } : column.numbers;
    return { ...column, numbers, role: roles[i] ?? null };
  });
  const known = new Set(facts.notes.map((note) => JSON.stringify(note)));
  return {
    ...facts,
    ...proposed,
    notes: [...facts.notes, ...notes.filter((note) => !known.has(JSON.stringify(note)))],
    classes: proposed.classes ?? facts.classes,
    lengths: proposed.lengths.length > 0 ? proposed.lengths : facts.lengths,
    vocabulary: proposed.vocabulary ?? facts.vocabulary,
    columns,
  };
}

/** What the host answers to, and tells, a data panel. The panel's file is fixed when it opens. */
export interface DataPanelContract {
  readonly requests: {
    readonly open: {
      readonly params: Record<never, never>;
      readonly result: {
        /** What the panel was opened on: a data file, a folder, or an experiment file. */
        readonly file: string;
        readonly name: string;
        /** Of an experiment file: where it says that its data is; null for data itself. */
        readonly data: string | null;
        readonly facts: DataFacts;
      };
    };
    /** What can be learnt from the file; asked for once its facts are shown. */
    readonly propose: { readonly params: Record<never, never>; readonly result: ProposedFacts };
    /** Pictures of one of a folder's sounds; its bands reach up to `highest` Hz unless the experiment says otherwise. */
    readonly sound: {
      readonly params: { readonly name: string; readonly highest: number };
      readonly result: SoundPicture;
    };
    /** Asks what "Train on This File…" asks, and trains; an experiment file is trained as it says. */
    readonly train: { readonly params: Record<never, never>; readonly result: Record<never, never> };
  };
  readonly events: {
    /** The file is another one now. */
    readonly changed: null;
    /** The file may be read now: the workspace is trusted. */
    readonly permitted: null;
  };
}
