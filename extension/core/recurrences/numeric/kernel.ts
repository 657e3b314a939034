import type { Node } from '../../graph/graph';
import type { Numbers } from './numbers';

/** What one operator makes of numbers. An input is null where the node leaves it out. @throws NotNumeric where they do not fit. */
export type Kernel = (node: Node, inputs: readonly (Numbers | null)[]) => readonly Numbers[];
