import { type Equation, type Expression, type FunctionName, rewrite, textOf } from '../../protocol/cellLanguage';
import { UnrollError } from '../../protocol/errors';
import type { Attributes, Node } from '../graph/graph';
import { at, floatOf, intOf } from '../ops/arguments';
import { type Cell, defineCell, type FusedForm } from './cell';
import { gru, gruResetBefore } from './gru';
import { lstm, lstmCoupled, lstmCoupledPeephole, lstmPeephole } from './lstm';
import { rnn } from './rnn';
import { cells } from './table';

// The cell that anybody's fused operator computes, from its attributes. Where ONNX leaves room, onnxruntime decides, since it runs
// the model: `clip` bounds the sums of the gates and the candidate, not what an LSTM's last activation reads; constants that an
// activation needs and the file does not give are the defaults below.

export type FusedOp = 'RNN' | 'LSTM' | 'GRU';
export const isFused = (op: string): op is FusedOp => op === 'RNN' || op === 'LSTM' || op === 'GRU';

type FusedNode = Pick<Node, 'op' | 'name' | 'attributes' | 'inputs'>;

/** What one direction of a fused operator is, read from its attributes. */
export interface FusedDirection {
  readonly cell: Cell;
  readonly reverse: boolean;
}

/** The gates of each operator in the order of its weights. */
export const operatorGates: Readonly<Record<FusedOp, readonly string[]>> = {
  RNN: ['h'],
  LSTM: ['i', 'o', 'f', 'g'],
  GRU: ['z', 'r', 'n'],
};

/** Which of the operator's activations each signal comes out of. */
const activationOf: Readonly<Record<FusedOp, Readonly<Record<string, number>>>> = {
  RNN: { h: 0 },
  LSTM: { i: 0, o: 0, f: 0, g: 1, h: 2 },
  GRU: { z: 0, r: 0, n: 1 },
};

const usualActivations: Readonly<Record<FusedOp, readonly string[]>> = {
  RNN: ['Tanh'],
  LSTM: ['Sigmoid', 'Tanh', 'Tanh'],
  GRU: ['Sigmoid', 'Tanh'],
};

interface Activation {
  /** ONNX's name. */
  readonly name: string;
  readonly fn: string;
  readonly alpha?: number;
  readonly beta?: number;
}

/** ONNX's activations in small letters: the function, and the defaults of the constants that it has. */
const activations: Readonly<Record<string, Activation>> = {
  relu: { name: 'Relu', fn: 'relu' },
  tanh: { name: 'Tanh', fn: 'tanh' },
  sigmoid: { name: 'Sigmoid', fn: 'σ' },
  softsign: { name: 'Softsign', fn: 'softsign' },
  softplus: { name: 'Softplus', fn: 'softplus' },
  leakyrelu: { name: 'LeakyRelu', fn: 'leakyRelu', alpha: 0.01 },
  thresholdedrelu: { name: 'ThresholdedRelu', fn: 'thresholdedRelu', alpha: 0 },
  elu: { name: 'Elu', fn: 'elu', alpha: 1 },
  affine: { name: 'Affine', fn: 'affine', alpha: 0, beta: 0 },
  scaledtanh: { name: 'ScaledTanh', fn: 'scaledTanh', alpha: 0, beta: 0 },
  hardsigmoid: { name: 'HardSigmoid', fn: 'hardSigmoid', alpha: 0.2, beta: 0.5 },
};

/** The directions of a fused operator in the order of its weights. @throws UnrollError `model` where its attributes make no cell. */
export function directionsOf(node: FusedNode): FusedDirection[] {
  if (!isFused(node.op)) throw new UnrollError('internal', '{0} is not a fused recurrent operator.', node.op);
  const { op, attributes } = node;
  const direction = attributes['direction']?.kind === 'string' ? attributes['direction'].value : 'forward';
  if (!['forward', 'reverse', 'bidirectional'].includes(direction)) {
    throw new UnrollError('model', 'The {0} node "{1}" has the unknown direction "{2}".', op, node.name, direction);
  }
  const reversed = direction === 'bidirectional' ? [false, true] : [direction === 'reverse'];
  const named = functionsOf(node, op, reversed.length);
  const each = usualActivations[op].length;
  const clip = floatOf(attributes, 'clip', 0);
  const base = baseCell(op, attributes, Boolean(node.inputs[7]));
  return reversed.map((reverse, i) => ({
    reverse,
    cell: variant(op, base, named.slice(i * each, (i + 1) * each), clip),
  }));
}

/** The activations of all directions, each with its constants; null for one that changes nothing. */
function functionsOf({ name, attributes }: FusedNode, op: FusedOp, directions: number): (FunctionName | null)[] {
  const usual = Array.from({ length: directions }, () => usualActivations[op]).flat();
  const given = attributes['activations']?.kind === 'strings' ? attributes['activations'].value : [];
  const names = given.length > 0 ? given : usual;
  if (names.length !== usual.length) {
    throw new UnrollError(
      'model',
      'The {0} node "{1}" names {2} activations where it needs {3}.',
      op,
      name,
      names.length,
      usual.length,
    );
  }
  const alpha = queue(attributes, 'activation_alpha');
  const beta = queue(attributes, 'activation_beta');
  return names.map((wanted) => {
    const key = wanted.toLowerCase();
    const known = Object.hasOwn(activations, key) ? activations[key] : undefined;
    if (known === undefined) {
      throw new UnrollError('model', 'The {0} node "{1}" has the unknown activation "{2}".', op, name, wanted);
    }
    // Each activation takes the next of the constants of its kind, if it has that kind.
    const constants = [
      ...(known.alpha === undefined ? [] : [alpha() ?? known.alpha]),
      ...(known.beta === undefined ? [] : [beta() ?? known.beta]),
    ];
    if (known.fn === 'affine' && constants.join() === '1,0') return null;
    return withConstants(known.fn, constants);
  });
}

/** Hands out the numbers of an attribute one after the other. */
function queue(attributes: Attributes, name: string): () => number | undefined {
  const attribute = attributes[name];
  const values = attribute?.kind === 'floats' ? [...attribute.value] : [];
  return () => values.shift();
}

/** Constants are float32, and written with the digits that those have. */
export const withConstants = (fn: string, constants: readonly number[]) =>
  (constants.length === 0
    ? fn
    : `${fn}[${constants.map((value) => Number(value.toPrecision(7))).join(', ')}]`) as FunctionName;

function baseCell(op: FusedOp, attributes: Attributes, peepholes: boolean): Cell {
  if (op === 'RNN') return rnn;
  if (op === 'GRU') return intOf(attributes, 'linear_before_reset', 0) === 0 ? gruResetBefore : gru;
  const coupled = intOf(attributes, 'input_forget', 0) !== 0;
  if (coupled) return peepholes ? lstmCoupledPeephole : lstmCoupled;
  return peepholes ? lstmPeephole : lstm;
}

/** `base` with other activations and with its sums bounded; a cell of the table where that is one. */
export function variant(op: FusedOp, base: Cell, functions: readonly (FunctionName | null)[], clip: number): Cell {
  const steps = base.steps.map((step) => {
    const activation = activationOf[op][step.name];
    if (activation === undefined) return step;
    const fn = at(functions, activation);
    const bounded = clip > 0 && !(op === 'LSTM' && step.name === 'h');
    const change = (part: Expression): Expression | null => {
      if (part.kind !== 'call') return null;
      const operand: Expression = bounded
        ? { kind: 'call', fn: withConstants('clip', [clip]), operand: part.operand }
        : part.operand;
      return fn === null ? operand : { kind: 'call', fn, operand };
    };
    return { ...step, value: rewrite(step.value, change) };
  });
  const texts = steps.map(equationText);
  const known = [base, ...Object.values(cells)].find((cell) => cell.steps.map(equationText).join() === texts.join());
  const form = clip > 0 ? null : withActivations(base.fused, functions);
  return known ?? defineCell({ name: base.name, equations: texts.join('\n'), gates: base.gates, fused: form });
}

/** The operator with other activations; null where ONNX has no name for one of them. */
function withActivations(form: FusedForm | null, functions: readonly (FunctionName | null)[]): FusedForm | null {
  const [names, alpha, beta]: [string[], number[], number[]] = [[], [], []];
  for (const fn of functions) {
    const [name = '', listed] = (fn ?? 'affine[1, 0]').split('[');
    const known = Object.values(activations).find((each) => each.fn === name);
    if (form === null || known === undefined) return null;
    const constants = (listed ?? '').replace(']', '').split(',').map(Number);
    names.push(known.name);
    if (known.alpha !== undefined) alpha.push(constants[0] ?? known.alpha);
    if (known.beta !== undefined) beta.push(constants[1] ?? known.beta);
  }
  return form && { ...form, activations: names, ...(alpha.length > 0 && { alpha }), ...(beta.length > 0 && { beta }) };
}

const equationText = ({ name, next, value }: Equation) => `${name}${next ? "'" : ''} = ${textOf(value)}`;
