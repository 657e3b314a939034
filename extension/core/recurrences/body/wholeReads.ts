import type { Graph } from '../../graph/graph';
import type { Value } from '../../graph/value';
import { intOf } from '../../ops/arguments';
import type { Constants } from '../numeric/constants';
import { evaluate } from '../numeric/evaluate';
import { NotNumeric, type Numbers } from '../numeric/numbers';
import type { WholeRead } from './bodySequences';
import type { IndexedRead } from './direction';
import type { LoopBody } from './loopBody';

/**
 * What the steps of a body read place by place, from the first to the last or the other way round; null where the node may run more or fewer
 * steps than there are places, or ends by a condition.
 */
export function wholeReads(
  loop: LoopBody,
  indexed: readonly IndexedRead[],
  reverse: boolean,
  graph: Graph,
  constants: Constants,
): readonly WholeRead[] | null {
  if (loop.kind === 'scan') {
    if (loop.batched || loop.scanned.some((read) => read.reverse !== reverse)) return null;
    return loop.scanned.flatMap(({ outer, inner, axis }) =>
      outer === null ? [] : [{ outer, inner, axis, removesAxis: true }],
    );
  }
  if (!runsToTheEnd(loop, constants)) return null;
  const sizes = new Sizes(graph, constants);
  const [trips] = loop.node.inputs;
  const count = trips ? sizes.numberOf(trips) : null;
  const isWhole = (read: IndexedRead) =>
    count !== null &&
    read.reverse === reverse &&
    sizes.ofAxis(read.outer, read.axis) === count &&
    firstPlace(loop, read, sizes) === (reverse ? count - 1 : 0);
  return indexed.length > 0 && indexed.every(isWhole) ? indexed : null;
}

/** Whether nothing but its count ends a Loop. */
function runsToTheEnd({ node, body, condition }: LoopBody, constants: Constants): boolean {
  const [, begins] = node.inputs;
  if (begins && constants(begins)?.data[0] !== 1) return false;
  const [next] = body.outputs;
  const maker = body.nodes.find(({ outputs }) => next !== undefined && outputs.includes(next));
  if (maker?.op === 'Identity') return maker.inputs[0] === condition;
  return next === condition || (next !== undefined && constants(next)?.data[0] === 1);
}

/** Which place a Loop reads first. */
function firstPlace(loop: LoopBody, { inner }: IndexedRead, sizes: Sizes): number | null {
  const { body, states, iteration } = loop;
  const node = body.nodes.find(({ outputs }) => outputs.includes(inner));
  const index = node?.inputs[1];
  if (!index) return null;
  const given = new Map<Value, Numbers>();
  if (iteration !== null) given.set(iteration, scalar(0));
  for (const { before, initial } of states) give(given, before, initial && sizes.numbersOf(initial));
  const inside = new Set(body.nodes.flatMap(({ outputs }) => outputs));
  for (const { inputs } of body.nodes) {
    for (const input of inputs) {
      if (input !== null && !inside.has(input) && !given.has(input)) give(given, input, sizes.numbersOf(input));
    }
  }
  return attempt(() => evaluate(body.nodes, given, [index]).get(index)?.data[0] ?? null);
}

const give = (given: Map<Value, Numbers>, value: Value, numbers: Numbers | null) => {
  if (numbers !== null) given.set(value, numbers);
};

const scalar = (number: number): Numbers => ({ shape: [], data: Float64Array.of(number) });

/** Free dimensions are taken to be sizes of this order, each its own, so that two numbers that agree are made of the same sizes. */
const freeSize = 100_003;

/** Works out whole numbers of a graph that are made of sizes, with a size of its own for every free dimension. */
class Sizes {
  private readonly free = new Map<string, number>();
  private readonly shapes = new Map<Value, Numbers>();

  constructor(
    private readonly graph: Graph,
    private readonly constants: Constants,
  ) {
    for (const { op, domain, inputs, outputs, attributes } of graph.nodes) {
      const shape = inputs[0]?.type.shape;
      const [output] = outputs;
      if (op !== 'Shape' || domain !== '' || !shape || !output) continue;
      const all = shape.map((dim) => this.sizeOf(dim));
      const sizes = all.slice(intOf(attributes, 'start', 0), intOf(attributes, 'end', all.length));
      this.shapes.set(output, { shape: [sizes.length], data: Float64Array.from(sizes) });
    }
  }

  ofAxis({ type }: Value, axis: number): number | null {
    const dim = type.shape?.[axis];
    return dim === undefined ? null : this.sizeOf(dim);
  }

  numberOf(value: Value): number | null {
    const numbers = this.numbersOf(value);
    return numbers?.data.length === 1 ? (numbers.data[0] ?? null) : null;
  }

  numbersOf(value: Value): Numbers | null {
    const constant = this.constants(value);
    if (constant !== null) return constant;
    if (!value.type.dtype.startsWith('int')) return null;
    const known = this.shapes.get(value);
    if (known !== undefined) return known;
    return attempt(() => {
      const given = new Map(this.shapes);
      for (const { inputs } of this.graph.nodes) {
        for (const input of inputs) {
          const numbers = input?.constant ? this.constants(input) : null;
          if (input !== null && numbers !== null) given.set(input, numbers);
        }
      }
      return evaluate(this.graph.nodes, given, [value]).get(value) ?? null;
    });
  }

  private sizeOf(dim: number | string): number {
    if (typeof dim === 'number') return dim;
    const known = this.free.get(dim) ?? freeSize + 97 * this.free.size;
    this.free.set(dim, known);
    return known;
  }
}

function attempt<T>(work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (error instanceof NotNumeric) return null;
    throw error;
  }
}
