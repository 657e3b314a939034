import type { Span, TraceOutline } from '../../extension/protocol/inspection';
import { type BlockMemory, Blocks } from './blocks';
import { CellBlock } from './cellBlock';
import { EditBlock } from './editBlock';
import { GradientBlock } from './gradientBlock';
import { MatchBlock } from './matchBlock';
import type { StepCursor } from './stepCursor';
import { TrajectoryBlock } from './trajectoryBlock';
import type { UnitFocus } from './unitFocus';
import type { ViewState } from './viewState';

/** What blocks need of the view that they stand in. */
export interface BlockSurroundings {
  readonly cursor: StepCursor;
  readonly state: ViewState;
  readonly focus: UnitFocus;
  /** The steps that the pictures show. */
  readonly inView: () => Span;
  /** Goes to a step of a window of the same data. */
  readonly go: (window: number, step: number) => void;
  /** Shows another version of the trace in place of the one that is shown. */
  readonly replace: (outline: TraceOutline) => void;
}

/** The blocks below the stack, in their order. */
export function traceBlocks(
  { cursor, state, focus, inView, go, replace }: BlockSurroundings,
  memory: BlockMemory,
): Blocks {
  const move = (step: number) => cursor.move(step);
  const blocks = [
    new CellBlock(focus, state),
    new EditBlock(focus, replace),
    new TrajectoryBlock(move),
    new GradientBlock(),
    new MatchBlock(inView, go),
  ];
  return new Blocks(blocks, memory);
}
