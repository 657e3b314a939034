import { UnrollError } from '../../protocol/errors';
import { int, ints } from '../graph/builder';
import { Graph } from '../graph/graph';
import { Value } from '../graph/value';
import { writeModel } from '../onnx/write';
import { at } from '../ops/arguments';
import type { ModelSpec } from './spec';
import { type StepOptions, type TrainingStep, type WrittenStep, writeStep } from './trainingStep';

export type { NoiseFeed, StateTensor, TrainingStep } from './trainingStep';

/** A training step as an ONNX model. */
export interface TrainingGraph extends TrainingStep {
  readonly bytes: Uint8Array;
  /**
   * Steps in one run. Where there are several, everything that is fed or fetched but the state has an axis for them in front, and the
   * parameters stay where they are from step to step: on a GPU they are not copied to and fro.
   */
  readonly steps: number;
}

export interface TrainingOptions extends StepOptions {
  /** Steps in one run; one where it is left out. */
  readonly steps?: number;
}

/** Builds the training graph of a model. */
export function buildTrainingGraph(spec: ModelSpec, { steps = 1, ...options }: TrainingOptions): TrainingGraph {
  const { graph, inputs, outputs, ...step } = writeStep(spec, options, steps === 1 ? '' : '_t');
  const whole = steps === 1 ? graph : repeated({ graph, inputs, outputs, ...step }, steps);
  return { ...step, steps, bytes: writeModel(whole) };
}

/** A graph that takes `count` steps, one after another: a loop over batches around the step, whose state is what the loop carries. */
function repeated({ graph: body, inputs, outputs, state }: WrittenStep, count: number): Graph {
  const graph = new Graph('training steps', body.names);
  const states = state.map(({ input }) => input);
  const scanned = [...inputs.keys()].filter((name) => !states.includes(name));
  const results = [...outputs.keys()].filter((name) => !state.some(({ output }) => output === name));
  const ordered = (values: ReadonlyMap<string, Value>, names: readonly string[]) =>
    names.map((name) => {
      const value = values.get(name);
      if (value === undefined) throw new UnrollError('internal', 'The training graph has no value "{0}".', name);
      return value;
    });
  const stateInputs = ordered(inputs, states);
  const stepInputs = ordered(inputs, scanned);
  const stateOutputs = ordered(
    outputs,
    state.map(({ output }) => output),
  );
  const stepOutputs = ordered(outputs, results);
  body.inputs.splice(0, body.inputs.length, ...stateInputs, ...stepInputs);
  body.outputs.splice(0, body.outputs.length, ...stateOutputs, ...stepOutputs);

  const stacked = ({ type }: Value) => ({ dtype: type.dtype, shape: [count, ...(type.shape ?? [])] });
  const fed = [
    ...stateInputs.map(({ type }, i) => graph.input(at(states, i), type)),
    ...stepInputs.map((value, i) => graph.input(at(scanned, i), stacked(value))),
  ];
  const fetched = [
    ...stateOutputs.map(({ type }, i) => new Value(graph.names.claim(at(state, i).output), type)),
    ...stepOutputs.map((value, i) => new Value(graph.names.claim(at(results, i)), stacked(value))),
  ];
  graph.nodes.push({
    op: 'Scan',
    domain: '',
    name: 'steps',
    inputs: fed,
    outputs: fetched,
    attributes: {
      body: { kind: 'graph', value: body },
      num_scan_inputs: int(scanned.length),
      scan_input_directions: ints(scanned.map(() => 0)),
      scan_output_directions: ints(results.map(() => 0)),
    },
  });
  graph.outputs.push(...fetched);
  return graph;
}
