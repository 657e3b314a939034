import type { Message } from '../../protocol/messages';
import type { Realisation } from '../../protocol/model';
import type { Builder } from '../graph/builder';
import type { Graph, Node } from '../graph/graph';
import type { Value } from '../graph/value';
import type { Change } from '../trace/change';
import type { TracedLayer } from '../trace/tracedLayer';
import type { Replacements } from './operatorForm';

/** One recurrence in a model, whatever it is written with. */
export interface FoundRecurrence {
  /** The node's name, or for one without a node a name made of what it is. */
  readonly name: string;
  readonly realisation: Realisation;
  /** The node that computes it; null where no single node does. Two recurrences have the same node where its body holds two cells. */
  readonly node: Node | null;
  /** What it is called in lists: the operator's name, or the cell's. */
  readonly op: string;
  /** What it is called in pictures, such as `LSTM with peepholes`. */
  readonly title: string;
  /** Units of one direction, and numbers that a step reads; null where the file does not say. */
  readonly hidden: number | null;
  readonly input: number | null;
  readonly direction: 'forward' | 'reverse' | 'bidirectional';
  /** How many numbers of the model are its weights. */
  readonly parameters: number;
  /** In the order of the stacked weights; none where it is no known cell. */
  readonly gates: readonly string[];
  /** One a line, as people write them. */
  readonly equations: readonly string[];
  /** Every node of the graph that computes it and nothing else: together they are one box of a diagram. */
  readonly nodes: ReadonlySet<Node>;
  /** What it reads from the graph around it. */
  readonly reads: readonly RecurrenceRead[];
  /** Why its signals cannot be followed; null where they can. */
  readonly obstacle: Message | null;
  /**
   * Adds to the graph of `b` what gives out its signals, one layer a direction. Where there is a `change`, its states are changed after
   * each step, and whatever reads them in the model follows; a state that cannot be changed is not asked about.
   * @throws UnrollError `model` with a sentence for a person where it cannot be followed.
   */
  trace(b: Builder, change?: Change): TracedLayer[];
  /**
   * Writes the fused operator of a recurrence that is written in plain operators into `b`; `graph` is where the recurrence was found, and stays
   * as it is. Null where no operator computes it; absent where it is no cell, or an operator already. Cells of one body are written together.
   */
  fuse?(b: Builder, graph: Graph): Replacements | null;
}

/** A value that a recurrence reads, and what for. */
export type RecurrenceRead = PlainRead | TokenRead;

/** Which axes of a value are the steps and the sequences of a batch; null where there is none. */
interface ReadAxes {
  readonly value: Value;
  readonly steps: number | null;
  readonly batch: number | null;
}

export interface PlainRead extends ReadAxes {
  /**
   * `values` are read step by step; `lengths` says how long each sequence is, or how many steps there are; a `mask` is true where there
   * is something to read; a `state` is what it begins with.
   */
  readonly kind: 'values' | 'lengths' | 'mask' | 'state' | 'weight';
}

/** Whole numbers below `tokens` that are read step by step and looked up in a table. */
export interface TokenRead extends ReadAxes {
  readonly kind: 'tokens';
  readonly tokens: number | null;
}
