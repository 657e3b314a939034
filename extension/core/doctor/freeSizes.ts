import type { Graph } from '../graph/graph';
import type { Dim, Value } from '../graph/value';
import { ConcreteSizes } from './concreteSizes';

/** Two sizes for the free dimensions of a model's inputs, with divisors enough for what exporters make of them. */
const tried = [12, 24] as const;

/** Which sizes in a graph follow the free dimensions of its inputs, seen by two choices of those. */
export class FreeSizes {
  readonly both: readonly [ConcreteSizes, ConcreteSizes];
  private readonly names: ReadonlySet<Dim>;

  constructor(graph: Graph) {
    this.both = [new ConcreteSizes(graph, tried[0]), new ConcreteSizes(graph, tried[1])];
    this.names = new Set(graph.inputs.flatMap(({ type }) => type.shape ?? []).filter((dim) => typeof dim === 'string'));
  }

  /** The shape of a value: a number where every choice gives that, else a name; null where it is not known. */
  shapeOf(value: Value): readonly Dim[] | null {
    const [first, second] = this.both.map((sizes) => sizes.shapeOf(value));
    if (!first || !second || first.length !== second.length) return null;
    const [only = '?'] = this.names;
    return first.map((size, axis) => {
      if (size === second[axis]) return size;
      const said = value.type.shape?.[axis] ?? '?';
      return this.names.has(said) ? said : this.names.size === 1 ? only : '?';
    });
  }
}
