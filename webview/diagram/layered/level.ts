/**
 * Layered drawing of a directed graph after Sugiyama, Tagawa and Toda (1981): nodes stand in rows, what flows between them runs from row
 * to row. Everything here is counted in `along`, the way the flow takes, and `side`, across it, so that one algorithm draws from top to
 * bottom and from left to right. Each part is a generator that rests now and then, so that a large graph holds up no page.
 */
export interface LevelNode {
  /** Extent along the flow. */
  readonly length: number;
  /** Extents to both sides of the line on which what flows enters and leaves. */
  readonly before: number;
  readonly after: number;
  /** Ports of a frame: they stand before, or after, everything else. */
  readonly pin: 'first' | 'last' | null;
}

export interface FlowEnd {
  readonly node: number;
  /** Where on the side of the node, from its line. */
  readonly offset: number;
}

/** Something that leaves a node for others; drawn as one line that branches. */
export interface LevelFlow {
  readonly from: FlowEnd;
  readonly to: readonly FlowEnd[];
  /** Room that the label takes, along the flow and beside its line. */
  readonly label: { readonly length: number; readonly after: number };
}

export interface Level {
  readonly nodes: readonly LevelNode[];
  readonly flows: readonly LevelFlow[];
  /** Between neighbours in a row. */
  readonly gap: number;
  /** Between two rows, beside what labels take. */
  readonly rowGap: number;
}

/** A place: `along` the flow and to the `side` of it. */
export interface Point {
  readonly along: number;
  readonly side: number;
}

/** One piece of a flow's line: straight, then a bend, then straight. */
export interface Piece {
  readonly from: Point;
  /** Where the bend begins and ends. */
  readonly bend: readonly [number, number];
  readonly to: Point;
  /** Which of the flow's ends it arrives at, as an index; −1 on the way. */
  readonly end: number;
  /** Whether it leads upwards: then it arrives where it is drawn from. */
  readonly turned: boolean;
}

export interface PlacedFlow {
  readonly pieces: readonly Piece[];
  /** Where the label begins, beside the line; null where every target is too far away for a line. */
  readonly label: Point | null;
  /** Ends whose line would run past too many rows: they are only hinted at. */
  readonly cut: readonly { readonly from: Point; readonly to: Point }[];
}

export interface PlacedLevel {
  /** For each node where it begins along the flow, and its line. */
  readonly nodes: readonly Point[];
  readonly flows: readonly PlacedFlow[];
  readonly length: number;
  readonly breadth: number;
}

/** Work that rests at each `yield`. */
export type Work<T> = Generator<void, T, void>;
