import type { Graph } from '../../core/graph/graph';
import type { Model } from '../../core/onnx/read';
import { type Tensor, toNumbers } from '../../core/tensor';
import { UnrollError } from '../../protocol/errors';
import { inputRoles } from './inputRoles';
import { madeInputs } from './madeInputs';

/** Lengths that are tried first, and how many are tried in all. */
const usual = [5, 1];
const mostTries = 12;
const longest = 1000;

/**
 * Lengths that a model may take: where an exporter wrote down the one that it traced with, it stands among the shapes of the file.
 */
export function sizesToTry({ graph, proto }: Model): readonly number[] {
  const targets = graph.nodes.flatMap(({ op, inputs: [, target] }) =>
    op === 'Reshape' && target?.constant ? toNumbers(target.constant) : [],
  );
  const declared = (proto.graph?.valueInfo ?? []).flatMap(({ type }) =>
    (type?.tensorType?.shape?.dim ?? []).map(({ value }) => Number(value.value)),
  );
  const sizes = new Set([...usual, ...targets, ...declared]);
  return [...sizes].filter((size) => Number.isInteger(size) && size > 0 && size <= longest).slice(0, mostTries);
}

/**
 * Noise for every input of a graph, and zero states; what is in `known` stays as it is, and so does the batch. Null where an input does
 * not say what it is.
 */
export function noiseFor(
  graph: Graph,
  steps: number,
  known: ReadonlyMap<string, Tensor> = new Map(),
): ReadonlyMap<string, Tensor> | null {
  const roles = inputRoles(graph);
  const batches = roles.flatMap(({ input, batch }) =>
    batch === null ? [] : (known.get(input.name)?.shape[batch] ?? []),
  );
  const wish = {
    kind: 'noise',
    seed: 1,
    steps,
    batch: batches[0] ?? 1,
    row: 0,
    standardised: false,
    text: '',
  } as const;
  try {
    return new Map([...madeInputs(roles, wish), ...known]);
  } catch (error) {
    if (error instanceof UnrollError) return null;
    throw error;
  }
}
