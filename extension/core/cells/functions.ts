import type { FunctionFamily, FunctionName, PlainFunction } from '../../protocol/cellLanguage';
import type { Builder } from '../graph/builder';
import type { Value } from '../graph/value';
import { shapeOf } from '../ops/arguments';

// The functions of the cells' language, in operators that have kernels for float32 and float64 alike. Formulas are those of the
// ONNX operators RNN, LSTM and GRU.

const plain: Readonly<Record<PlainFunction, (b: Builder, x: Value) => Value>> = {
  σ: (b, x) => b.sigmoid(x),
  tanh: (b, x) => b.tanh(x),
  relu: (b, x) => b.relu(x),
  /** x / (1 + |x|) */
  softsign: (b, x) => b.div(x, b.add(b.scalarLike(x, 1), b.abs(x))),
  /** log(1 + eˣ), written so that nothing overflows */
  softplus: (b, x) => b.add(b.relu(x), b.log(b.add(b.scalarLike(x, 1), b.exp(b.neg(b.abs(x)))))),
  norm: normalize,
};

const families: Readonly<Record<FunctionFamily, (b: Builder, x: Value, alpha: number, beta: number) => Value>> = {
  /** x within [−α, α] */
  clip: (b, x, alpha) => b.clip(x, -alpha, alpha),
  /** α x + β */
  affine,
  /** x above 0, α x below */
  leakyRelu: (b, x, alpha) => b.add(b.relu(x), b.mul(b.scalarLike(x, alpha), below(b, x))),
  /** x above α, 0 below */
  thresholdedRelu: (b, x, alpha) => b.where(b.greater(x, b.scalarLike(x, alpha)), x, b.scalarLike(x, 0)),
  /** α tanh(β x) */
  scaledTanh: (b, x, alpha, beta) => b.mul(b.scalarLike(x, alpha), b.tanh(b.mul(b.scalarLike(x, beta), x))),
  /** α x + β within [0, 1] */
  hardSigmoid: (b, x, alpha, beta) => b.clip(affine(b, x, alpha, beta), 0, 1),
  /** x above 0, α (eˣ − 1) below */
  elu: (b, x, alpha) => b.add(b.relu(x), b.mul(b.scalarLike(x, alpha), b.sub(b.exp(below(b, x)), b.scalarLike(x, 1)))),
};

/** Applies a function of the language to every element. */
export function apply(b: Builder, fn: FunctionName, x: Value): Value {
  const [, name, constants = ''] = /^(\w+)\[(.*)\]$/.exec(fn) ?? [];
  if (name === undefined) return plain[fn as PlainFunction](b, x);
  const [alpha = 0, beta = 0] = constants.split(',').map(Number);
  return families[name as FunctionFamily](b, x, alpha, beta);
}

function affine(b: Builder, x: Value, alpha: number, beta: number): Value {
  return b.add(b.mul(b.scalarLike(x, alpha), x), b.scalarLike(x, beta));
}

/** min(x, 0) */
const below = (b: Builder, x: Value) => b.min(x, b.scalarLike(x, 0));

/** Added to the variance, as PyTorch's LayerNorm does. */
const epsilon = 1e-5;

/** (x − mean) / √(variance + ε) over the units (Ba et al. 2016, equation 4 without gain and bias). */
function normalize(b: Builder, x: Value): Value {
  const axis = shapeOf('norm', x).length - 2;
  const centred = b.sub(x, b.reduceMean(x, [axis], true));
  const variance = b.reduceMean(b.mul(centred, centred), [axis], true);
  const deviation = b.sqrt(b.add(variance, b.scalarLike(x, epsilon)));
  return b.div(centred, deviation);
}
