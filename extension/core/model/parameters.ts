import { cells } from '../cells/table';
import { orthogonal, xavierUniform } from '../init/initializers';
import { RandomStream, streams } from '../random';
import { floats, type Tensor, zeros } from '../tensor';
import type { ForecasterSpec } from './spec';

/** Parameters by name, in the order in which everything lists them. */
export type Parameters = ReadonlyMap<string, Tensor>;

export interface ParameterShape {
  readonly name: string;
  readonly shape: readonly [number, number];
}

/** Names of the parameters of recurrent layer `layer`. */
export const layerNames = (layer: number) => ({
  W: `layers.${layer}.W`,
  R: `layers.${layer}.R`,
  Wb: `layers.${layer}.Wb`,
  Rb: `layers.${layer}.Rb`,
});

/** Names of the parameters of the linear head. */
export const headNames = { W: 'head.W', b: 'head.b' } as const;

/** The shape of every parameter: weights [out, in], biases [out, 1]; recurrent ones hold every gate, stacked. */
export function parameterShapes(spec: ForecasterSpec): readonly ParameterShape[] {
  let input = spec.features;
  const shapes: ParameterShape[] = [];
  spec.layers.forEach(({ cell, hidden }, layer) => {
    const rows = cells[cell].gates.length * hidden;
    const names = layerNames(layer);
    shapes.push({ name: names.W, shape: [rows, input] }, { name: names.R, shape: [rows, hidden] });
    shapes.push({ name: names.Wb, shape: [rows, 1] }, { name: names.Rb, shape: [rows, 1] });
    input = hidden;
  });
  shapes.push({ name: headNames.W, shape: [spec.horizon, input] }, { name: headNames.b, shape: [spec.horizon, 1] });
  return shapes;
}

/**
 * Weights to start from: Xavier uniform for what reads the input, orthogonal for what reads the state, zero biases but for a
 * forget gate's one. Every parameter has a stream of random numbers of its own.
 */
export function initialParameters(spec: ForecasterSpec, seed: number): Parameters {
  const shapes = parameterShapes(spec);
  const stream = (name: string) =>
    new RandomStream(
      seed,
      streams.weights,
      shapes.findIndex((entry) => entry.name === name),
    );
  const parameters = new Map<string, Tensor>(shapes.map(({ name, shape }) => [name, zeros('float32', shape)]));
  let input = spec.features;
  spec.layers.forEach(({ cell: cellName, hidden }, layer) => {
    const { gates, forgetGate } = cells[cellName];
    const names = layerNames(layer);
    parameters.set(names.W, xavierUniform(stream(names.W), [gates.length * hidden, input], hidden));
    parameters.set(names.R, orthogonal(stream(names.R), gates.length, hidden));
    const ones = gates.flatMap((gate) => Array.from({ length: hidden }, () => (gate === forgetGate ? 1 : 0)));
    parameters.set(names.Wb, floats('float32', [ones.length, 1], ones));
    input = hidden;
  });
  parameters.set(headNames.W, xavierUniform(stream(headNames.W), [spec.horizon, input], spec.horizon));
  return parameters;
}
