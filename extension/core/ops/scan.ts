import { UnrollError } from '../../protocol/errors';
import { scanPullback } from '../autodiff/scan/pullback';
import type { Attributes, Graph, Node } from '../graph/graph';
import type { Dim, Value } from '../graph/value';
import { at, inputOf, intOf, intsOf } from './arguments';
import type { Application, Operator } from './operator';

/** A Scan's parts by role. Scanned axes are the first of their values, and all run in one direction. */
export interface ScanParts {
  readonly body: Graph;
  /** Initial values of what is carried from step to step. */
  readonly states: readonly Value[];
  /** What every step reads a slice of. */
  readonly inputs: readonly Value[];
  readonly reverse: boolean;
}

/** Reads a Scan by role; throws where it scans another axis than the first, or in both directions. */
export function scanParts({ inputs, attributes }: Application): ScanParts {
  const count = intOf(attributes, 'num_scan_inputs', 1);
  const states = inputs.length - count;
  if (count < 0 || states < 0) throw new UnrollError('model', 'Scan has {0} inputs, not {1}.', inputs.length, count);
  const axes = [...(intsOf(attributes, 'scan_input_axes') ?? []), ...(intsOf(attributes, 'scan_output_axes') ?? [])];
  if (axes.some((axis) => axis !== 0)) throw new UnrollError('model', 'Scan has a rule for the first axis only.');
  const directions = new Set(
    directionsOf(attributes, inputs.length - states, bodyOf(attributes).outputs.length - states),
  );
  if (directions.size > 1) throw new UnrollError('model', 'Scan has a rule for one direction at a time only.');
  return {
    body: bodyOf(attributes),
    states: Array.from({ length: states }, (_, i) => inputOf('Scan', { inputs }, i)),
    inputs: Array.from({ length: count }, (_, i) => inputOf('Scan', { inputs }, states + i)),
    reverse: directions.has(1),
  };
}

function directionsOf(attributes: Attributes, inputs: number, outputs: number): readonly number[] {
  const forward = (count: number) => Array.from({ length: count }, () => 0);
  return [
    ...(intsOf(attributes, 'scan_input_directions') ?? forward(inputs)),
    ...(intsOf(attributes, 'scan_output_directions') ?? forward(outputs)),
  ];
}

function bodyOf(attributes: Attributes): Graph {
  const body = attributes['body'];
  if (body?.kind !== 'graph') throw new UnrollError('model', 'Scan has no body.');
  return body.value;
}

/** Adds an output to a Scan: `value`, made in its body, at every step. */
export function exposeStep(node: Node, value: Value, stacked: Value): void {
  const { body, reverse } = scanParts(node);
  body.outputs.push(value);
  node.outputs.push(stacked);
  const outputs = body.outputs.length - (node.inputs.length - intOf(node.attributes, 'num_scan_inputs', 1));
  const directions = Array.from({ length: outputs }, () => (reverse ? 1 : 0));
  node.attributes = { ...node.attributes, scan_output_directions: { kind: 'ints', value: directions } };
}

/** Runs its body once for every index of the first axis of its scanned inputs, carrying states from step to step. */
export const scanOperator: Operator = {
  name: 'Scan',
  infer(application) {
    const { body, states, inputs } = scanParts(application);
    const steps: Dim = inputs[0]?.type.shape?.[0] ?? 'steps';
    return body.outputs.map(({ type }, i) => {
      if (i < states.length) return at(states, i).type;
      return { dtype: type.dtype, shape: type.shape === null ? null : [steps, ...type.shape] };
    });
  },
  pullback: scanPullback,
};
