import type { InitName } from '../../protocol/experiment';
import type { RandomStream } from '../random';
import type { Tensor } from '../tensor';
import { filled, identities, normal, orthogonal, orthonormalColumns, uniform, xavierUniform } from './initializers';

/** What a parameter does in its model. */
export type Role =
  /** Of a recurrent cell: what reads the input, what reads the state, what looks at the memory number by number. */
  | 'input'
  | 'recurrent'
  | 'peephole'
  /** Of a linear layer, a convolution (all its inputs and steps in one row), and the numbers of the tokens. */
  | 'dense'
  | 'convolution'
  | 'embedding'
  /** Biases: of what reads the input and the state of a recurrent cell, of a linear layer, of a convolution. */
  | 'inputBias'
  | 'recurrentBias'
  | 'denseBias'
  | 'convolutionBias'
  /** Scale and shift of a normalisation. */
  | 'gain'
  | 'shift';

/** The size of a parameter. Weights are [gates·out, fanIn]; peepholes, biases, gains and shifts are [gates·out, 1]. */
export interface RoleShape {
  /** Gates that are stacked; 1 where there are none. */
  readonly gates: number;
  /** Rows of one gate: units, filters, outputs. */
  readonly out: number;
  /** Numbers that one output is summed from. For a bias, those of the weights that it goes with. */
  readonly fanIn: number;
  /** Steps that a convolution spans; 1 where it is left out. */
  readonly width?: number;
}

/** One way to start a model's weights. */
export interface Scheme {
  /** The first value of a parameter, float32. */
  weights(random: RandomStream, role: Role, shape: RoleShape): Tensor;
  /** Whether the experiment's `forgetBias` takes the place of the forget gate's rows of `inputBias`. */
  readonly forgetBias: boolean;
}

/** Gives a parameter of tensor shape `size`. */
type Draw = (random: RandomStream, size: readonly [number, number], shape: RoleShape) => Tensor;

const zero: Draw = (_random, size) => filled(size, 0);

/** What a role starts as where a scheme says nothing else. A token's numbers are as large as those of a standardised series. */
const usual = {
  peephole: zero,
  embedding: (random, size) => normal(random, size, 1),
  inputBias: zero,
  recurrentBias: zero,
  denseBias: zero,
  convolutionBias: zero,
  gain: (_random, size) => filled(size, 1),
  shift: zero,
} satisfies Partial<Record<Role, Draw>>;

/** A scheme from the roles that it names; the others are as usual. */
function scheme(
  draws: Readonly<Record<Exclude<Role, keyof typeof usual>, Draw> & Partial<Record<keyof typeof usual, Draw>>>,
  { forgetBias } = { forgetBias: true },
): Scheme {
  const all: Readonly<Record<Role, Draw>> = { ...usual, ...draws };
  return {
    forgetBias,
    weights(random, role, shape) {
      const columns = weightRoles.has(role) ? shape.fanIn : 1;
      return all[role](random, [shape.gates * shape.out, columns], shape);
    },
  };
}

const weightRoles: ReadonlySet<Role> = new Set(['input', 'recurrent', 'dense', 'convolution', 'embedding']);

const xavier: Draw = (random, size, { out, width = 1 }) => xavierUniform(random, size, out * width);
const he: Draw = (random, size, { fanIn }) => normal(random, size, Math.sqrt(2 / fanIn));
const small: Draw = (random, size) => normal(random, size, 0.001);
const byUnits: Draw = (random, size, { out }) => uniform(random, size, 1 / Math.sqrt(out));
const byFanIn: Draw = (random, size, { fanIn }) => uniform(random, size, 1 / Math.sqrt(fanIn));

/**
 * How weights start, by name. Biases are zero but for `pytorch`, and for a forget gate's, which the experiment's `forgetBias` gives.
 */
export const initializers: Readonly<Record<InitName, Scheme>> = {
  /** Xavier uniform; what reads the state is orthogonal, every gate by itself (Saxe, McClelland & Ganguli 2014). */
  orthogonal: scheme({
    input: xavier,
    recurrent: (random, _size, { gates, out }) => orthogonal(random, gates, out),
    dense: xavier,
    convolution: xavier,
  }),

  /** Xavier uniform throughout (Glorot & Bengio 2010), with the fans of one gate. */
  xavier: scheme({ input: xavier, recurrent: xavier, dense: xavier, convolution: xavier }),

  /** Normal with variance 2 / fan in throughout (He, Zhang, Ren & Sun 2015), for rectified units. */
  he: scheme({ input: he, recurrent: he, dense: he, convolution: he }),

  /**
   * What reads the state is the identity, what reads anything else is normal with deviation 0.001 (Le, Jaitly & Hinton 2015). The
   * paper has no convolution; here that starts as in `he`, for its outputs would be near zero and the cell's input weights are.
   */
  irnn: scheme({
    input: small,
    recurrent: (_random, _size, { gates, out }) => identities(gates, out),
    dense: small,
    convolution: he,
  }),

  /**
   * PyTorch's: uniform within ±1/√hidden for all of a recurrent layer, both biases included, and within ±1/√(fan in) for linear layers
   * and convolutions with their biases; standard normal embeddings. A forget gate's bias is like the others. Peepholes, which PyTorch
   * has not, are as the rest of their layer.
   */
  pytorch: scheme(
    {
      input: byUnits,
      recurrent: byUnits,
      peephole: byUnits,
      inputBias: byUnits,
      recurrentBias: byUnits,
      dense: byFanIn,
      denseBias: byFanIn,
      convolution: byFanIn,
      convolutionBias: byFanIn,
    },
    { forgetBias: false },
  ),

  /**
   * Keras': Xavier uniform and orthogonal as well, but for all gates of a layer as one matrix: the fan out counts every gate, and the
   * stacked gates have orthonormal columns. Embeddings are uniform within ±0.05.
   */
  keras: scheme({
    input: (random, size) => xavierUniform(random, size, size[0]),
    recurrent: (random, size) => orthonormalColumns(random, size[0], size[1]),
    dense: xavier,
    convolution: xavier,
    embedding: (random, size) => uniform(random, size, 0.05),
  }),
};
