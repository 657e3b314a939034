import type { FunctionName } from '../../../protocol/cellLanguage';
import { withConstants } from '../../cells/fusedCell';
import type { Node } from '../../graph/graph';
import type { Value } from '../../graph/value';
import { floatOf } from '../../ops/arguments';
import type { Constants } from '../numeric/constants';

/** A function of the cells' language where it stands in a graph, in one node or in several. */
export interface Activation {
  readonly fn: FunctionName;
  readonly operand: Value;
  readonly output: Value;
}

/** Operators that only lay numbers out anew or choose some of them: an activation before them is one after them. */
const layoutOnly: ReadonlySet<string> = new Set([
  'Cast',
  'Dropout',
  'Expand',
  'Flatten',
  'Gather',
  'Identity',
  'Reshape',
  'Slice',
  'Split',
  'Squeeze',
  'Transpose',
  'Unsqueeze',
]);
export const isLayout = ({ op, domain }: Node): boolean => domain === '' && layoutOnly.has(op);

/** For every value of a step that is an activation's output or a part of it, that activation. */
export function activationsOf(nodes: readonly Node[], constantOf: Constants): ReadonlyMap<Value, Activation> {
  const makers = new Map<Value, Node>();
  const found = new Map<Value, Activation>();
  for (const node of nodes) {
    const [first] = node.inputs;
    const before = first && isLayout(node) ? found.get(first) : undefined;
    const read = before === undefined ? activationOf(node, makers, constantOf) : null;
    for (const output of node.outputs) {
      if (output === null) continue;
      makers.set(output, node);
      if (before !== undefined) found.set(output, before);
      else if (read !== null) found.set(output, { ...read, output });
    }
  }
  return found;
}

type Read = Omit<Activation, 'output'>;

function activationOf(node: Node, makers: ReadonlyMap<Value, Node>, constantOf: Constants): Read | null {
  const [x, y] = node.inputs;
  if (node.domain !== '' || !x) return null;
  const { attributes } = node;
  const number = (value: Value | null | undefined): number | null => {
    const constant = value ? constantOf(value) : null;
    return constant?.data.length === 1 ? (constant.data[0] ?? null) : null;
  };
  const bound = (value: Value | null | undefined, name: string, otherwise: number) =>
    value ? number(value) : floatOf(attributes, name, otherwise);
  const made = (value: Value | null | undefined, op: string) => {
    const maker = value ? makers.get(value) : undefined;
    return maker?.op === op && maker.domain === '' ? maker : null;
  };
  const of = (fn: FunctionName, operand: Value = x): Read => ({ fn, operand });
  switch (node.op) {
    case 'Sigmoid':
      return of('σ');
    case 'Tanh':
      return of('tanh');
    case 'Relu':
      return of('relu');
    case 'Softsign':
      return of('softsign');
    case 'Softplus':
      return of('softplus');
    case 'LeakyRelu':
      return of(withConstants('leakyRelu', [floatOf(attributes, 'alpha', 0.01)]));
    case 'Elu':
      return of(withConstants('elu', [floatOf(attributes, 'alpha', 1)]));
    case 'ThresholdedRelu':
      return of(withConstants('thresholdedRelu', [floatOf(attributes, 'alpha', 1)]));
    case 'HardSigmoid':
      return of(withConstants('hardSigmoid', [floatOf(attributes, 'alpha', 0.2), floatOf(attributes, 'beta', 0.5)]));
    case 'Clip': {
      const low = bound(y, 'min', Number.NEGATIVE_INFINITY);
      const high = bound(node.inputs[2], 'max', Number.POSITIVE_INFINITY);
      if (low !== 0 || high === null) return null;
      if (high === 1) return of('hardSigmoid[1, 0]');
      return high > 1e30 ? of('relu') : null;
    }
    case 'Max': {
      if (node.inputs.length !== 2) return null;
      if (y && number(x) === 0) return of('relu', y);
      return number(y) === 0 ? of('relu') : null;
    }
    case 'Div':
    case 'Reciprocal': {
      // 1 / (1 + e^−x)
      const sum = made(node.op === 'Div' ? y : x, 'Add');
      if (sum === null || (node.op === 'Div' && number(x) !== 1)) return null;
      const [a, b] = sum.inputs;
      const exponential = made(number(a) === 1 ? b : number(b) === 1 ? a : null, 'Exp');
      const operand = made(exponential?.inputs[0], 'Neg')?.inputs[0];
      return operand ? of('σ', operand) : null;
    }
    default:
      return null;
  }
}
