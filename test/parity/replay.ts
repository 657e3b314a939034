import { layoutOf, type Placed } from '../../extension/core/model/layout';
import { type ParameterShape, parameterShapes } from '../../extension/core/model/parameters';
import { buildTrainingGraph } from '../../extension/core/model/trainingGraph';
import { at } from '../../extension/core/ops/arguments';
import { type FloatType, floats, sizeOf, type Tensor, toNumbers, zeros } from '../../extension/core/tensor';
import { open } from '../support/session';
import { batchOf } from './batchOf';
import type { Reference } from './referenceCase';
import { torchModel } from './torchModel';
import { fromTorch } from './torchNames';
import { torchOptimizer } from './torchOptimizer';

/** What is compared, and how far a number `a` may be from PyTorch's `b`: within `relative`·|b| + `absolute`. */
const quantities = {
  loss: { title: 'losses', relative: 1e-5, absolute: 1e-7 },
  norm: { title: 'gradient norms', relative: 1e-4, absolute: 1e-6 },
  gradient: { title: 'step-1 gradients', relative: 1e-4, absolute: 1e-6 },
  firstWeights: { title: 'weights after step 1', relative: 1e-4, absolute: 1e-4 },
  weights: { title: 'final weights', relative: 1e-4, absolute: 1e-4 },
} as const;
type Quantity = keyof typeof quantities;

/** What came of following a run of PyTorch's. */
export interface Replay {
  /** The first number of each quantity that is too far off, in words; none where all agree. */
  readonly failures: readonly string[];
  /** The largest share of the allowed difference that a number of each quantity took. */
  readonly summary: string;
}

/**
 * Follows a training run of PyTorch's: starts from its weights, feeds its batches and compares what each step gives.
 * @throws Error in one sentence for a configuration that has no counterpart here.
 */
export async function replay(reference: Reference): Promise<Replay> {
  const { config, batches } = reference;
  const dtype: FloatType = config.float64 ? 'float64' : 'float32';
  const spec = torchModel(reference);
  const optimizer = torchOptimizer(config);
  const { settings, clipNorm, clipValue } = optimizer;
  const training = buildTrainingGraph(spec, {
    batch: config.batch,
    optimizer: settings,
    clipNorm,
    clipValue,
    exposeGradients: true,
    dtype,
  });
  const initial = fromTorch(spec, reference.initial_weights, dtype);
  const absent = parameterShapes(spec).filter(({ name }) => !initial.has(name));
  refuseAbsent(absent, config.bias === false, clipNorm);

  const compared = comparisons();
  const layout = layoutOf(spec);
  const step = await open(training.bytes);
  const state = new Map<string, Tensor>(
    training.state.map(({ input, shape }) => {
      const start = optimizer.initialMoments[input.replace('moment.', '')] ?? 0;
      return [input, floats(dtype, shape, new Array(sizeOf(shape)).fill(start))];
    }),
  );
  state.set('parameters', laidOut(layout, initial, dtype));
  const compareWeights = (quantity: Quantity, expected: Reference['final_weights']) => {
    const found = state.get('parameters');
    const flat = found === undefined ? [] : toNumbers(found);
    for (const [name, tensor] of fromTorch(spec, expected, dtype)) {
      const { offset, size } = layout.find((placed) => placed.name === name) ?? { offset: 0, size: 0 };
      compared.all(quantity, name, flat.slice(offset, offset + size), tensor);
    }
  };

  for (const [k, batch] of batches.entries()) {
    const scalars = Object.entries(training.scalars(k + 1, optimizer.rate(k + 1)));
    const outputs = await step({
      ...Object.fromEntries(state),
      ...Object.fromEntries(scalars.map(([name, value]) => [name, floats(dtype, [], [value])])),
      ...batchOf(spec, batch, dtype),
    });
    compared.one('loss', `step ${k + 1}`, numberOf(outputs['loss']), at(reference.loss, k));
    const norm = reference.grad_norm_before_clip?.[k];
    if (norm !== undefined) {
      compared.one(
        'norm',
        `step ${k + 1}`,
        absent.length > 0 ? normOf(outputs, initial.keys()) : numberOf(outputs['gradientNorm']),
        norm,
      );
    }
    if (k === 0) {
      for (const [name, expected] of fromTorch(spec, reference.gradients_step1_before_clip, dtype)) {
        const found = outputs[`grad.${name}`];
        compared.all('gradient', name, found === undefined ? [] : toNumbers(found), expected);
      }
    }
    for (const { input, output, shape } of training.state) state.set(input, outputs[output] ?? zeros(dtype, shape));
    const updated = state.get('parameters');
    if (absent.length > 0 && updated !== undefined) state.set('parameters', without(absent, layout, updated));
    if (k === 0 && reference.weights_after_step1) compareWeights('firstWeights', reference.weights_after_step1);
  }
  compareWeights('weights', reference.final_weights);
  return compared.result();
}

/** Biases that PyTorch does not have stay zero here; what else it lacks is a mistake in the case. */
function refuseAbsent(absent: readonly { readonly name: string }[], unbiased: boolean, clipNorm: number | null): void {
  const strange = absent.filter(({ name }) => !(unbiased && /\.[WR]b$/.test(name)));
  if (strange.length > 0) throw new Error(`The case has no weights for ${strange.map(({ name }) => name).join(', ')}.`);
  if (absent.length > 0 && clipNorm !== null) {
    throw new Error('Recurrent layers have biases here, whose gradients would count when the norm is clipped.');
  }
}

/** Parameters laid end to end; zero where there is none of that name. */
function laidOut(layout: readonly Placed[], parameters: ReadonlyMap<string, Tensor>, dtype: FloatType): Tensor {
  const values = layout.flatMap(({ name, size }) => {
    const tensor = parameters.get(name);
    return tensor === undefined ? new Array<number>(size).fill(0) : toNumbers(tensor);
  });
  return floats(dtype, [values.length], values);
}

/** The vector of all parameters with those that PyTorch does not have set back to zero. */
function without(absent: readonly ParameterShape[], layout: readonly Placed[], flat: Tensor): Tensor {
  const values = toNumbers(flat);
  for (const { name, offset, size } of layout) {
    if (absent.some((parameter) => parameter.name === name)) values.fill(0, offset, offset + size);
  }
  return { ...flat, data: flat.dtype === 'float64' ? Float64Array.from(values) : Float32Array.from(values) };
}

const numberOf = (tensor: Tensor | undefined) => (tensor === undefined ? Number.NaN : at(toNumbers(tensor), 0));

function normOf(outputs: Readonly<Record<string, Tensor>>, names: Iterable<string>): number {
  const squares = [...names].flatMap((name) => {
    const gradient = outputs[`grad.${name}`];
    return gradient === undefined ? [Number.NaN] : toNumbers(gradient).map((value) => value ** 2);
  });
  return Math.sqrt(squares.reduce((sum, square) => sum + square, 0));
}

/** Collects differences. */
function comparisons() {
  const worst = new Map<Quantity, number>();
  const failures = new Map<Quantity, string>();
  /** `size` is that of the largest number beside it: small numbers of a large tensor carry its rounding. */
  function one(quantity: Quantity, where: string, found: number, expected: number, size = 1): void {
    const { title, relative, absolute } = quantities[quantity];
    const share = Math.abs(found - expected) / (relative * Math.abs(expected) + absolute * Math.max(1, size));
    if (!(share <= (worst.get(quantity) ?? 0))) worst.set(quantity, share);
    if (!(share <= 1) && !failures.has(quantity))
      failures.set(quantity, `${title}: ${where} is ${found}, PyTorch has ${expected}`);
  }
  return {
    one,
    all(quantity: Quantity, name: string, values: readonly number[], expected: Tensor): void {
      const wanted = toNumbers(expected);
      const size = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      for (const [i, value] of wanted.entries()) one(quantity, `${name}[${i}]`, values[i] ?? Number.NaN, value, size);
    },
    result: (): Replay => ({
      failures: [...failures.values()],
      summary: [...worst].map(([quantity, share]) => `${quantities[quantity].title} ${percent(share)}`).join(', '),
    }),
  };
}

const percent = (share: number) => `${share < 0.0995 ? (100 * share).toPrecision(1) : (100 * share).toFixed(0)} %`;
