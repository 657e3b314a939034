import { UnrollError } from '../../protocol/errors';
import type { Builder } from '../graph/builder';
import { type Graph, type Node, usesOf } from '../graph/graph';
import { Value } from '../graph/value';
import { at, intOf, intsOf } from '../ops/arguments';
import type { Cell } from './cell';
import { layerNormalized } from './layerNorm';
import { cellParameters, type ParameterName } from './parameters';
import { type Recurrence, type RecurrenceResult, recurrence, zeroState } from './recurrence';
import type { LayerParameters } from './step';
import { cells } from './table';

// How a cell without a fused operator stands in a file, so that it is known again: a Scan whose node is named
// `unroll.<cell>[.norm]:<layer>`, weights named `<layer>.<parameter>`, and the input and the mask of all steps named `<layer>.x` and
// `<layer>.mask`. The Scan's states are the cell's, and its first output after them is the layer's.

/** A recurrence to be written into a file. Its parameters are named `<layer>.<parameter>`. */
export interface StepForm extends Omit<Recurrence, 'form' | 'initial' | 'signals' | 'stateDrop' | 'changes'> {
  /** Null where all states start from zero. */
  readonly initial: readonly Value[] | null;
}

/**
 * Writes a recurrence of the layer `name` for a file: a Scan that `readStepForm` knows again. The batch may be free. Gives out
 * `cell.output` for every step, [steps, hidden, batch], and the final states.
 */
export function writeStepForm(b: Builder, name: string, layer: StepForm): RecurrenceResult {
  const { cell, hidden } = layer;
  const x = namedCopy(b, `${name}.x`, layer.x);
  const mask = layer.mask ? namedCopy(b, `${name}.mask`, layer.mask) : null;
  const initial = layer.initial ?? cell.states.map(() => zeroState(b, x, hidden));
  const before = b.graph.nodes.length;
  const result = recurrence(b, { ...layer, x, mask, initial, signals: [cell.output], form: 'step' });
  const wish = `unroll.${cell.name}${cell.normalized ? '.norm' : ''}:${name}`;
  b.graph.nodes = b.graph.nodes.map((node, i) =>
    i >= before && node.op === 'Scan' ? { ...node, name: b.graph.names.claim(wish) } : node,
  );
  return result;
}

function namedCopy(b: Builder, name: string, value: Value): Value {
  const copy = b.identity(value, name);
  if (copy.name !== name) throw new UnrollError('internal', 'The output name "{0}" is taken.', name);
  return copy;
}

/** A Scan of ours, read back. */
export interface ReadStepForm
  extends Required<Omit<Recurrence, 'form' | 'signals' | 'stateDrop' | 'changes' | 'fewItems'>> {
  /** Inputs of a step. */
  readonly input: number;
  /** [steps, hidden, batch], the layer's output. */
  readonly output: Value;
  /** The nodes that only prepare the Scan: they make something of its input, its mask and weights. */
  readonly preparation: ReadonlySet<Node>;
}

/** Reads a Scan that `writeStepForm` wrote; null for every other node. */
export function readStepForm(graph: Graph, node: Node): ReadStepForm | null {
  const [, cellName = '', norm, name = ''] = /^unroll\.(\w+?)(\.norm)?:(.+)$/.exec(node.name) ?? [];
  const plain = Object.hasOwn(cells, cellName) ? cells[cellName as keyof typeof cells] : null;
  if (node.op !== 'Scan' || node.domain !== '' || plain === null) return null;
  const cell: Cell = norm === undefined ? plain : layerNormalized(plain);
  const weights = new Map([...graph.initializers].map((value) => [value.name, value] as const));
  const parameters: Partial<Record<ParameterName, Value>> = {};
  for (const { name: parameter } of cellParameters(cell, 1, 1)) {
    const value = weights.get(`${name}.${parameter}`);
    if (value === undefined) return null;
    parameters[parameter] = value;
  }
  const [rows, input] = parameters.W?.type.shape?.map(Number) ?? [];
  const made = new Map(graph.nodes.flatMap(({ outputs }) => outputs.map((value) => [value?.name, value] as const)));
  const x = made.get(`${name}.x`);
  const mask = made.get(`${name}.mask`) ?? null;
  const output = node.outputs[cell.states.length];
  if (rows === undefined || input === undefined || !x || !output) return null;
  const hidden = rows / gatesOfInput(cell);
  if (!fits(cell, parameters, input, hidden)) return null;
  return {
    cell,
    hidden,
    input,
    parameters,
    x: shaped(x, [`${name}.steps`, input, `${name}.batch`]),
    mask: mask && shaped(mask, [`${name}.steps`, 1, `${name}.batch`]),
    initial: cell.states.map((_, i) => shaped(at(node.inputs, i), [hidden, `${name}.batch`])),
    reverse:
      intsOf(node.attributes, 'scan_input_directions')?.[0] === 1 && intOf(node.attributes, 'num_scan_inputs', 0) > 0,
    output,
    preparation: preparationOf(graph, node, [x, ...(mask ? [mask] : [])]),
  };
}

const gatesOfInput = (cell: Cell) => cellParameters(cell, 1, 1).find(({ name }) => name === 'W')?.gates.length ?? 1;

function fits(cell: Cell, parameters: LayerParameters, input: number, hidden: number): boolean {
  return cellParameters(cell, input, hidden).every(
    ({ name, shape }) => parameters[name]?.type.shape?.join() === shape.join(),
  );
}

/** The value with the shape that it must have, where the file does not say so. */
function shaped(value: Value | null, shape: readonly (number | string)[]): Value {
  if (value === null) throw new UnrollError('internal', 'A Scan lacks a state.');
  return value.type.shape === null ? new Value(value.name, { dtype: value.type.dtype, shape }) : value;
}

/** The ancestors of `scan` that are made of `sources` and constants alone. */
function preparationOf(graph: Graph, scan: Node, sources: readonly Value[]): ReadonlySet<Node> {
  const own = new Set<Value | null>([null, ...sources, ...graph.initializers]);
  const candidates: Node[] = [];
  for (const node of graph.nodes) {
    if (node === scan || node.outputs.some((value) => own.has(value))) continue;
    if (!usesOf(node).every((value) => own.has(value))) continue;
    candidates.push(node);
    for (const value of node.outputs) own.add(value);
  }
  const needed = new Set<Value>(usesOf(scan));
  const found = new Set<Node>();
  for (const node of candidates.reverse()) {
    if (!node.outputs.some((value) => value !== null && needed.has(value))) continue;
    found.add(node);
    for (const value of usesOf(node)) needed.add(value);
  }
  return found;
}
