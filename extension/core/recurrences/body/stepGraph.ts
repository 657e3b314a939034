import type { Graph } from '../../graph/graph';
import type { StepGraph } from '../match/contract';
import { type Constants, constantsOf } from '../numeric/constants';
import { type LoopBody, stepShape } from './loopBody';

/** The body of a Scan or a Loop as a step in which cells are looked for. `outer` knows the constants of the graph around it. */
export function stepGraphOf(loop: LoopBody, outer: Constants): StepGraph {
  const { body, states, scanned, iteration, condition, batched } = loop;
  const one = (value: typeof iteration) => (value === null ? [] : [{ value, shape: value.type.shape ?? [] }]);
  return {
    nodes: body.nodes,
    states: states.map(({ initial, before, after }) => ({
      before,
      after,
      shape: before.type.shape ?? (batched ? initial?.type.shape?.slice(1) : initial?.type.shape) ?? null,
    })),
    inputs: [
      ...scanned.map((input) => ({
        value: input.inner,
        shape: input.inner.type.shape ?? stepShape(input, batched),
      })),
      ...one(iteration),
      ...one(condition),
    ],
    constantOf: constantsOf(body as Graph, outer),
  };
}
