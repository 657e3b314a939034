import { element } from '../dom';
import type { TraceSource } from './source';

/** A view of a trace below the stack: it shows a whole trace, then follows the cursor. */
export interface TraceBlock {
  /** Of small letters: it stands in what the page remembers. */
  readonly id: string;
  readonly title: string;
  readonly root: HTMLElement;
  /** Another trace, or another version of it. Called before the first `point`, and only while the block is open. */
  show(source: TraceSource): void;
  /** Follows the cursor; also called when something arrived that `source` was asked for. */
  point(step: number): void;
}

/** Which blocks are open, as the page remembers it: their ids with spaces between. */
export interface BlockMemory {
  readonly open: string;
  keep(open: string): void;
}

/** Blocks that open and close below each other. A closed one costs nothing. */
export class Blocks {
  readonly root = element('div', { class: 'blocks' });
  private readonly parts: readonly { readonly block: TraceBlock; readonly details: HTMLDetailsElement }[];
  private source: TraceSource | null = null;
  private step = 0;
  private readonly current = new Map<TraceBlock, TraceSource>();
  private forget: () => void = () => undefined;

  constructor(blocks: readonly TraceBlock[], memory: BlockMemory) {
    const open = new Set(memory.open.split(' '));
    this.parts = blocks.map((block) => {
      const details = element(
        'details',
        { class: `block ${block.id}Block`, open: open.has(block.id) },
        element('summary', {}, element('h3', {}, block.title)),
        block.root,
      );
      details.addEventListener('toggle', () => {
        const opened = this.parts.filter((part) => part.details.open).map((part) => part.block.id);
        memory.keep(opened.join(' '));
        this.refresh();
      });
      return { block, details };
    });
    this.root.append(...this.parts.map(({ details }) => details));
  }

  /** Shows another trace from `step` on. */
  show(source: TraceSource, step: number): void {
    this.forget();
    this.source = source;
    this.step = step;
    this.forget = source.onArrival(() => this.refresh());
    this.refresh();
  }

  point(step: number): void {
    this.step = step;
    this.refresh();
  }

  private refresh(): void {
    const { source, step } = this;
    if (source === null) return;
    for (const { block, details } of this.parts) {
      if (!details.open) continue;
      if (this.current.get(block) !== source) {
        this.current.set(block, source);
        block.show(source);
      }
      block.point(step);
    }
  }
}
