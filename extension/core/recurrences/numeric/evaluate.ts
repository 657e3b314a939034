import { bodiesOf, type Node } from '../../graph/graph';
import type { Value } from '../../graph/value';
import { elementwiseKernels } from './elementwise';
import type { Kernel } from './kernel';
import { layoutKernels } from './layout';
import { linearKernels } from './linear';
import { NotNumeric, type Numbers } from './numbers';

const kernels: ReadonlyMap<string, Kernel> = new Map(
  Object.entries({ ...elementwiseKernels, ...layoutKernels, ...linearKernels }),
);

/** Whether an operator has a rule here. */
export const isNumeric = (node: Node): boolean =>
  (node.domain === '' || node.domain === 'ai.onnx') && kernels.has(node.op) && bodiesOf(node).length === 0;

/** What a node makes of numbers. @throws NotNumeric where it has no rule or they do not fit. */
export function applyNode(node: Node, inputs: readonly (Numbers | null)[]): readonly Numbers[] {
  const kernel = isNumeric(node) ? kernels.get(node.op) : undefined;
  if (kernel === undefined) throw new NotNumeric(node.op);
  return kernel(node, inputs);
}

/**
 * The numbers of `wanted`, which `nodes` (in the order of execution) make of `given`. What is given is not made again; a value that is a key of
 * `instead` is taken to be its entry.
 * @throws NotNumeric where one of the nodes that are needed cannot be evaluated.
 */
export function evaluate(
  nodes: readonly Node[],
  given: ReadonlyMap<Value, Numbers>,
  wanted: readonly Value[],
  instead: ReadonlyMap<Value, Value> = new Map(),
): ReadonlyMap<Value, Numbers> {
  const need = new Set(wanted);
  const through = (value: Value) => instead.get(value) ?? value;
  for (const value of wanted) need.add(through(value));
  const used: Node[] = [];
  for (let i = nodes.length - 1; i >= 0; i--) {
    const node = nodes[i];
    if (
      !node?.outputs.some((output) => output !== null && need.has(output) && !given.has(output) && !instead.has(output))
    )
      continue;
    used.push(node);
    for (const input of node.inputs) if (input !== null) need.add(input).add(through(input));
  }
  const values = new Map(given);
  const read = (value: Value | null): Numbers | null => {
    if (value === null) return null;
    const found = values.get(through(value));
    if (found === undefined) throw new NotNumeric(value.name);
    return found;
  };
  for (const node of used.reverse()) {
    const results = applyNode(node, node.inputs.map(read));
    node.outputs.forEach((output, i) => {
      const result = results[i];
      if (output !== null && result !== undefined && !given.has(output)) values.set(output, result);
    });
  }
  return new Map(
    wanted.map((value) => {
      const found = read(value);
      if (found === null) throw new NotNumeric(value.name);
      return [value, found];
    }),
  );
}
