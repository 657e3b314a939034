import type { Role, RoleShape } from '../init/table';
import { initializers } from '../init/table';
import { RandomStream, streams } from '../random';
import { type Tensor, toNumbers } from '../tensor';
import { collectParameters } from './network';
import type { ModelSpec } from './spec';

/** Parameters by name, in the order in which everything lists them. */
export type Parameters = ReadonlyMap<string, Tensor>;

/** A parameter as the layer that uses it declares it. */
export interface ParameterShape {
  readonly name: string;
  /** Weights [out, in], biases [out, 1]; recurrent ones hold every gate, stacked. */
  readonly shape: readonly number[];
  /** What it does, which decides how it starts. */
  readonly role: Role;
  readonly size: RoleShape;
  /** Of the biases of a cell with a forget gate: which of the stacked gates that is. */
  readonly forgetGate?: number;
}

const known = new WeakMap<ModelSpec, readonly ParameterShape[]>();

/** Every parameter of a model, in the order in which the network first uses them. */
export function parameterShapes(spec: ModelSpec): readonly ParameterShape[] {
  const shapes = known.get(spec) ?? collectParameters(spec);
  known.set(spec, shapes);
  return shapes;
}

/** Weights to start from, by the spec's scheme. Every parameter has a stream of random numbers of its own. */
export function initialParameters(spec: ModelSpec, seed: number): Parameters {
  const scheme = initializers[spec.init];
  return new Map(
    parameterShapes(spec).map(({ name, shape, role, size, forgetGate }, index) => {
      const drawn = scheme.weights(new RandomStream(seed, streams.weights, index), role, size);
      const tensor = { ...drawn, shape };
      const isForget = forgetGate !== undefined && scheme.forgetBias;
      return [name, isForget ? withForgetBias(tensor, forgetGate, size.out, spec.forgetBias) : tensor];
    }),
  );
}

function withForgetBias(bias: Tensor, gate: number, hidden: number, value: number): Tensor {
  const numbers = Float32Array.from(toNumbers(bias));
  numbers.fill(value, gate * hidden, (gate + 1) * hidden);
  return { ...bias, data: numbers };
}
