import type { Node } from '../../graph/graph';
import type { Dim, Value } from '../../graph/value';
import { RandomStream, streams } from '../../random';
import { applyNode, isNumeric } from '../numeric/evaluate';
import { made, type Numbers } from '../numeric/numbers';
import type { StepGraph } from './contract';

/** The sizes that a step is tried with. */
export interface Sizes {
  /** What every free dimension is taken to be. */
  readonly batch: number;
  /** The shape of a state, and of anything else, whose shape is not known. */
  readonly state: readonly number[] | null;
  readonly input: readonly number[] | null;
}

/** Numbers for every value of a step, made of random states and inputs. */
export interface Sample {
  readonly values: ReadonlyMap<Value, Numbers>;
  /** Values that are taken as they come: inputs of the step, and what its nodes look up by a number of the step. */
  readonly opaque: ReadonlySet<Value>;
}

const isFloat = ({ type }: Value) => type.dtype.startsWith('float');

const freeDims = (shape: readonly Dim[]) => shape.filter((dim) => typeof dim === 'string').length;

/** How a state or an input may lie. */
const forms = (batch: number) => [
  (width: number) => [batch, width],
  (width: number) => [1, batch, width],
  (width: number) => [width, batch],
];

/** Sizes worth trying, the likeliest first. */
export function* sizesOf(step: StepGraph): Generator<Sizes> {
  const shapes = [...step.states.map(({ shape }) => shape), ...step.inputs.map(({ shape }) => shape)];
  const known = new Set<Dim>([...shapes, ...outsideShapes(step)].flatMap((shape) => shape ?? []));
  const widths = new Set<number>();
  for (const node of step.nodes) {
    for (const input of node.inputs) {
      const constant = input === null ? null : step.constantOf(input);
      if (constant === null || constant.shape.length < 2) continue;
      for (const dim of constant.shape) if (dim > 1) widths.add(dim);
    }
  }
  // No size of anything else, so that no axis is taken for another.
  const free = [5, 7, 11, 13, 17].find((size) => !known.has(size) && !widths.has(size)) ?? 19;
  const batches = [free, 1, ...[...known].filter((dim): dim is number => typeof dim === 'number' && dim <= 64)];
  const blind = shapes.some((shape) => shape === null || freeDims(shape) > 1);
  const listed = [...widths].slice(0, 6);
  for (const batch of new Set(batches)) {
    yield { batch, state: null, input: null };
    if (!blind && !step.nodes.some(({ outputs }) => outputs.some((value) => value?.type.shape === null))) continue;
    for (const form of forms(batch)) {
      for (const state of listed) {
        for (const input of listed) yield { batch, state: form(state), input: form(input) };
      }
    }
  }
}

/** The shapes of what a step reads from around it that is no constant. */
function outsideShapes(step: StepGraph): (readonly Dim[] | null)[] {
  const own = new Set([...step.states.map(({ before }) => before), ...step.inputs.map(({ value }) => value)]);
  const read = new Set(step.nodes.flatMap(({ inputs }) => inputs.filter((input) => input !== null)));
  return [...read]
    .filter((value) => !own.has(value) && !isMade(step, value) && step.constantOf(value) === null)
    .map(({ type }) => type.shape);
}

/**
 * Numbers for every value of a step. What cannot be evaluated, and what is looked up by a number that changes from step to step, is random.
 * @throws NotNumeric where the sizes do not fit the step.
 */
export function sampleOf(step: StepGraph, sizes: Sizes, seed: number): Sample {
  const random = new RandomStream(seed, streams.input, 0);
  const values = new Map<Value, Numbers>();
  const opaque = new Set<Value>();
  /** Whole numbers and truth values of the step, and what is made of them. */
  const indices = new Set<Value>();
  const concrete = (shape: readonly Dim[] | null, otherwise: readonly number[] | null): readonly number[] | null => {
    if (shape === null) return otherwise;
    // Where a file leaves more than one size free, one of them is no batch.
    const guessed = freeDims(shape) > 1 && otherwise?.length === shape.length ? otherwise : null;
    return shape.map((dim, axis) => (typeof dim === 'number' ? dim : (guessed?.[axis] ?? sizes.batch)));
  };
  const fill = (shape: readonly number[]) => {
    const result = made(shape);
    for (let i = 0; i < result.data.length; i++) result.data[i] = random.normal() * 0.7;
    return result;
  };
  const give = (value: Value, shape: readonly number[] | null) => {
    if (isFloat(value)) {
      if (shape !== null) values.set(value, fill(shape));
    } else {
      indices.add(value);
      const result = made(shape ?? []);
      values.set(value, value.type.dtype === 'bool' ? { ...result, data: result.data.fill(1) } : result);
    }
  };
  for (const { before, shape } of step.states) give(before, concrete(shape ?? before.type.shape, sizes.state));
  for (const { value, shape } of step.inputs) {
    opaque.add(value);
    give(value, concrete(shape ?? value.type.shape, sizes.input));
  }
  for (const node of step.nodes) {
    const missing = readInto(node, step, values, (value) => {
      opaque.add(value);
      give(value, concrete(value.type.shape, null));
    });
    const results = missing ? null : resultsOf(node, values);
    const sizesOnly = node.op === 'Shape' || node.op === 'Size';
    const varying = node.inputs.filter((input) => input !== null && step.constantOf(input) === null) as Value[];
    const byIndex = !sizesOnly && varying.some((value) => indices.has(value));
    const allIndices = byIndex && varying.every((value) => indices.has(value));
    node.outputs.forEach((output, i) => {
      if (output === null) return;
      const constant = step.constantOf(output);
      const result = constant ?? results?.[i] ?? null;
      if (constant !== null) values.set(output, constant);
      else if (result !== null && allIndices && !looksUp(node)) {
        indices.add(output);
        values.set(output, result);
      } else if (result !== null && !byIndex) values.set(output, result);
      else {
        opaque.add(output);
        const shape = result?.shape ?? concrete(output.type.shape, sizes.input);
        if (shape !== null) values.set(output, fill(shape));
      }
    });
  }
  return { values, opaque };
}

/** Operators that make numbers of anything out of whole numbers. */
const looksUp = ({ op }: Node) => op === 'Gather' || op === 'Cast' || op === 'OneHot';

/** Makes the inputs of a node known where they can be; true where one stays unknown. */
function readInto(node: Node, step: StepGraph, values: Map<Value, Numbers>, outside: (value: Value) => void): boolean {
  let missing = false;
  for (const input of node.inputs) {
    if (input === null || values.has(input)) continue;
    const constant = step.constantOf(input);
    if (constant !== null) values.set(input, constant);
    else if (!isMade(step, input)) outside(input);
    missing ||= !values.has(input);
  }
  return missing;
}

const madeInside = new WeakMap<StepGraph, ReadonlySet<Value>>();

/** Whether a node of the step makes a value. */
function isMade(step: StepGraph, value: Value): boolean {
  let inside = madeInside.get(step);
  if (inside === undefined) {
    inside = new Set(step.nodes.flatMap(({ outputs }) => outputs.filter((output) => output !== null)));
    madeInside.set(step, inside);
  }
  return inside.has(value);
}

/** What a node makes of numbers; null for one without a rule. @throws NotNumeric where they do not fit it: the sizes are wrong. */
function resultsOf(node: Node, values: ReadonlyMap<Value, Numbers>): readonly Numbers[] | null {
  if (!isNumeric(node)) return null;
  return applyNode(
    node,
    node.inputs.map((input) => (input === null ? null : (values.get(input) ?? null))),
  );
}
