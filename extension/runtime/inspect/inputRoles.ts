import { carriedInputs } from '../../core/graph/carried';
import type { Graph, Node } from '../../core/graph/graph';
import type { Dim, Value } from '../../core/graph/value';
import { windowState } from '../../core/model/streaming';
import { intOf, intsOf } from '../../core/ops/arguments';
import { findRecurrences } from '../../core/recurrences/findRecurrences';
import type { FoundRecurrence } from '../../core/recurrences/recurrence';

/** Where the time steps and the sequences of a batch lie among the axes of a tensor; null where they do not. */
interface Axes {
  readonly steps: number | null;
  readonly batch: number | null;
}

/** What an input of a model is for. */
export interface InputRole extends Axes {
  readonly input: Value;
  /**
   * `values` and `tokens` are read step by step; `lengths` says how long each sequence is, a `mask` which of its steps are no padding;
   * a `state` is what a recurrence begins with; a `weight` is a parameter that the file leaves to its caller.
   */
  readonly kind: 'values' | 'tokens' | 'lengths' | 'mask' | 'state' | 'weight';
  /** How many tokens there are, where that is known. */
  readonly tokens: number | null;
  /** Of an input of free length: how many steps of it are read, the last ones; absent where all are. */
  readonly length?: number | undefined;
}

type Found = Omit<InputRole, 'input'>;

/** What every input of a graph is for: by where its recurrences use it, else by the names of its dimensions. */
export function inputRoles(
  graph: Graph,
  recurrences: readonly FoundRecurrence[] = findRecurrences(graph),
): readonly InputRole[] {
  const found = new Map<Value, Found>();
  const inputs = new Set(graph.inputs);
  const makers = new Map<Value, Node>();
  for (const node of graph.nodes) {
    if (node.op === 'Constant') continue;
    for (const output of node.outputs) if (output !== null) makers.set(output, node);
  }
  const follow = (value: Value, role: Found) => {
    const end = originOf(value, role, inputs, makers);
    if (end !== null && !found.has(end.input)) found.set(end.input, end);
  };
  for (const { reads } of recurrences) {
    for (const { value, ...role } of reads) follow(value, { tokens: null, ...role });
  }
  const names = namesOf(graph, found);
  const window = graph.inputs.find(({ name }) => name === windowState);
  const length = window === undefined ? undefined : Number(window.type.shape?.[1]) + 1;
  const carried = new Set(carriedInputs(graph));
  return graph.inputs.map((input) => {
    if (carried.has(input)) return { input, kind: 'state', steps: null, batch: 0, tokens: null };
    const role = found.get(input);
    if (role === undefined || role.kind === 'mask' || saysMask.test(input.name))
      return guess(input, role, names, length);
    const named = namedAxes(input, names);
    return { input, ...role, steps: role.steps ?? named.steps, batch: role.batch ?? named.batch, length };
  });
}

/** Operators that leave every axis in its place; the first input that is not fixed is the one that is followed. */
const inPlace: ReadonlySet<string> = new Set([
  'Add',
  'Cast',
  'Clip',
  'Div',
  'Dropout',
  'Gemm',
  'Identity',
  'LayerNormalization',
  'MatMul',
  'Mul',
  'Relu',
  'Slice',
  'Sub',
  'Tanh',
]);

/** Operators that come between a mask and the lengths that are counted from it. */
const countsOnes: ReadonlySet<string> = new Set(['Cast', 'ReduceSum', 'Squeeze', 'Unsqueeze']);

/** The input of the graph that a value is made of, and where the axes lie there; null where the way cannot be followed. */
function originOf(
  value: Value,
  role: Found,
  inputs: ReadonlySet<Value>,
  makers: ReadonlyMap<Value, Node>,
): InputRole | null {
  let [at, now] = [value, role];
  while (!inputs.has(at)) {
    const node = makers.get(at);
    if (node === undefined || node.domain !== '') return null;
    const free = node.inputs.find((each) => each !== null && (inputs.has(each) || makers.has(each)));
    if (free === undefined || free === null) return null;
    if (node.op === 'Transpose') {
      const perm = intsOf(node.attributes, 'perm');
      if (perm === null) return null;
      const before = (axis: number | null) => (axis === null ? null : (perm[axis] ?? null));
      now = { ...now, steps: before(now.steps), batch: before(now.batch) };
    } else if (now.kind === 'lengths' || now.kind === 'mask') {
      // Lengths are a mask's ones, summed; how the mask lies its dimensions have to say.
      if (!countsOnes.has(node.op)) return null;
      if (node.op === 'ReduceSum') now = { ...now, kind: 'mask' };
    } else if (node.op === 'Unsqueeze') {
      const [axis, ...more] = Array.from(
        node.inputs[1]?.constant?.data ?? intsOf(node.attributes, 'axes') ?? [],
        Number,
      );
      if (axis === undefined || axis < 0 || more.length > 0) return null;
      const before = (at: number | null) => (at === null || at < axis ? at : at === axis ? null : at - 1);
      now = { ...now, steps: before(now.steps), batch: before(now.batch) };
    } else if (node.op === 'Gather' && node.inputs[1]?.constant) {
      // One place of what varies: a step, where nothing else is known to be one.
      const axis = intOf(node.attributes, 'axis', 0);
      if (node.inputs[1].constant.shape.length > 0 || axis < 0) return null;
      const before = (at: number | null) => (at === null || at < axis ? at : at + 1);
      now = { ...now, steps: now.steps === null ? axis : before(now.steps), batch: before(now.batch) };
    } else if (node.op === 'Equal') {
      const numbers = node.inputs.find((each) => each?.constant);
      now = { ...now, kind: 'tokens', tokens: numbers?.constant?.data.length ?? null };
    } else if (node.op === 'Gather' || node.op === 'OneHot') {
      const size = node.op === 'Gather' ? node.inputs[0]?.type.shape?.[0] : node.inputs[1]?.constant?.data[0];
      now = { ...now, kind: 'tokens', tokens: size === undefined || Number.isNaN(Number(size)) ? null : Number(size) };
    } else if (!inPlace.has(node.op)) return null;
    at = free;
  }
  return { ...now, input: at };
}

interface Names {
  readonly steps: ReadonlySet<Dim>;
  readonly batch: ReadonlySet<Dim>;
}

/** The names of free dimensions whose meaning is known from the inputs that were followed. */
function namesOf(graph: Graph, found: ReadonlyMap<Value, Found>): Names {
  const [steps, batch] = [new Set<Dim>(), new Set<Dim>()];
  for (const input of graph.inputs) {
    const role = found.get(input);
    if (role === undefined) continue;
    for (const [axis, dim] of (input.type.shape ?? []).entries()) {
      if (typeof dim === 'string' && axis === role.steps) steps.add(dim);
      if (typeof dim === 'string' && axis === role.batch) batch.add(dim);
    }
  }
  return { steps, batch };
}

const saysSteps = /time|seq|step|len|^[tl]$/i;
const saysMask = /mask/i;
const saysBatch = /batch|^[nb]$/i;

/** An input that no recurrence was seen to use: sequences come first and their steps after them, unless names say otherwise. */
function guess(input: Value, role: Found | undefined, names: Names, length: number | undefined): InputRole {
  const isMask = role?.kind === 'mask' || saysMask.test(input.name);
  const kind = isMask ? 'mask' : input.type.dtype.startsWith('float') ? 'values' : 'tokens';
  return { input, kind, tokens: null, ...likelyAxes(input, names), length };
}

function likelyAxes(input: Value, names: Names): Axes {
  const { steps, batch } = namedAxes(input, names);
  if ((input.type.shape?.length ?? 0) < 2) return { steps, batch };
  const other = (taken: number) => (taken === 0 ? 1 : 0);
  if (steps !== null) return { steps, batch: batch ?? other(steps) };
  return batch !== null ? { steps: other(batch), batch } : { steps: 1, batch: 0 };
}

/** Where the free dimensions lie whose names say what they are. */
function namedAxes({ type }: Value, names: Names): Axes {
  const axis = (known: ReadonlySet<Dim>, says: RegExp) => {
    const at = (type.shape ?? []).findIndex((dim) => typeof dim === 'string' && (known.has(dim) || says.test(dim)));
    return at < 0 ? null : at;
  };
  return { steps: axis(names.steps, saysSteps), batch: axis(names.batch, saysBatch) };
}
