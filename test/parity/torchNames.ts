import { gatesOf } from '../../extension/core/cells/parameters';
import { cells } from '../../extension/core/cells/table';
import { parameterShapes } from '../../extension/core/model/parameters';
import type { ModelSpec } from '../../extension/core/model/spec';
import { at } from '../../extension/core/ops/arguments';
import { type FloatType, floats, type Tensor } from '../../extension/core/tensor';
import type { CellName } from '../../extension/protocol/experiment';
import type { StoredWeights } from './referenceCase';

// PyTorch's names of the parameters of Embedding -> RNN | LSTM | GRU -> Linear, and the order in which it stacks gates.

const torchGates: Readonly<Partial<Record<CellName, readonly string[]>>> = {
  rnn: ['h'],
  rnnRelu: ['h'],
  lstm: ['i', 'f', 'g', 'o'],
  gru: ['r', 'z', 'n'],
};

const recurrentNames = { W: 'weight_ih', R: 'weight_hh', Wb: 'bias_ih', Rb: 'bias_hh' } as const;
const otherNames: Readonly<Record<string, string>> = {
  embedding: 'embed.weight',
  'head.W': 'head.weight',
  'head.b': 'head.bias',
};
const recurrentName = /^layers\.(\d+)(\.reverse)?\.(W|R|Wb|Rb)$/;

/** PyTorch's name of our parameter. */
export function torchName(ours: string): string {
  const [, layer, reverse, name] = recurrentName.exec(ours) ?? [];
  const theirs =
    name === undefined
      ? otherNames[ours]
      : `rec.${recurrentNames[name as keyof typeof recurrentNames]}_l${layer}${reverse === undefined ? '' : '_reverse'}`;
  if (theirs === undefined) throw new Error(`PyTorch's module has nothing like the parameter ${ours}.`);
  return theirs;
}

/**
 * PyTorch's weights under our names, in our shapes and order of gates; those that PyTorch does not have are left out.
 * @throws Error where PyTorch has one that we do not, or of another size.
 */
export function fromTorch(spec: ModelSpec, weights: StoredWeights, dtype: FloatType): Map<string, Tensor> {
  const ours = new Map<string, Tensor>();
  const left = new Set(Object.keys(weights));
  for (const { name, shape } of parameterShapes(spec)) {
    const theirs = torchName(name);
    const stored = weights[theirs];
    if (stored === undefined) continue;
    left.delete(theirs);
    ours.set(name, floats(dtype, shape, inOurOrder(spec, name, stored.data)));
  }
  if (left.size > 0) throw new Error(`Our model has nothing like PyTorch's ${[...left].join(', ')}.`);
  return ours;
}

/** The blocks of rows of each gate, put where our cell has them. */
function inOurOrder({ layers }: ModelSpec, ours: string, data: readonly number[]): readonly number[] {
  const [, layer, , name] = recurrentName.exec(ours) ?? [];
  if (name === undefined) return data;
  const { cell } = at(layers, Number(layer));
  const theirs = torchGates[cell] ?? [];
  const block = data.length / theirs.length;
  return gatesOf(cells[cell], name as keyof typeof recurrentNames).flatMap((gate) => {
    const start = theirs.indexOf(gate) * block;
    return data.slice(start, start + block);
  });
}
