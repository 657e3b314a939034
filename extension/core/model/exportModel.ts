import { UnrollError } from '../../protocol/errors';
import { fusedAttributes } from '../cells/fused';
import { cells } from '../cells/table';
import { Builder, text } from '../graph/builder';
import { Graph, prune } from '../graph/graph';
import type { Value } from '../graph/value';
import { writeModel } from '../onnx/write';
import { at } from '../ops/arguments';
import { floats, type Tensor, toNumbers } from '../tensor';
import { headNames, layerNames, type Parameters } from './parameters';
import type { ForecasterSpec } from './spec';

/**
 * The trained forecaster as an ONNX file of fused operators, usable without us: `window` [batch, lookback, features] in,
 * `forecast` [batch, horizon] out, both scaled as `metadata` says.
 */
export function exportModel(
  spec: ForecasterSpec,
  parameters: Parameters,
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const graph = new Graph('forecaster');
  const b = new Builder(graph);
  const tensor = (name: string): Tensor => {
    const found = parameters.get(name);
    if (found === undefined) throw new UnrollError('internal', 'The parameter "{0}" is missing.', name);
    return found;
  };
  const weight = (name: string, shape: readonly number[], values = toNumbers(tensor(name))) =>
    graph.initializer(name, floats('float32', shape, values));

  const window = graph.input('window', { dtype: 'float32', shape: ['batch', spec.lookback, spec.features] });
  const last = b.slice(window, spec.lookback - 1, spec.lookback, 1);
  let stack = b.transpose(spec.anchor === 'last' ? b.sub(window, last) : window, [1, 0, 2]);
  let final: Value = stack;
  spec.layers.forEach(({ cell: name, hidden }, layer) => {
    const cell = cells[name];
    const names = layerNames(layer);
    const [rows, input] = tensor(names.W).shape as [number, number];
    const biases = [...toNumbers(tensor(names.Wb)), ...toNumbers(tensor(names.Rb))];
    const inputs = [
      stack,
      weight(names.W, [1, rows, input]),
      weight(names.R, [1, rows, hidden]),
      weight(`layers.${layer}.B`, [1, 2 * rows], biases),
    ];
    const attributes = { ...fusedAttributes(cell, hidden), direction: text('forward') };
    const outputs = b.apply(cell.fused.op, inputs, attributes, [`layers.${layer}.Y`, `layers.${layer}.Y_h`]);
    stack = b.squeeze(at(outputs, 0), [1]);
    final = b.squeeze(at(outputs, 1), [0]);
  });
  const [horizon, hidden] = tensor(headNames.W).shape as [number, number];
  const product = b.apply(
    'Gemm',
    [final, weight(headNames.W, [horizon, hidden]), weight(headNames.b, [horizon])],
    { transB: { kind: 'int', value: 1 } },
    ['head'],
  );
  const head = at(product, 0);
  const anchor = () => b.squeeze(b.slice(last, 0, 1, 2), [2]);
  b.output('forecast', spec.anchor === 'last' ? b.add(head, anchor()) : head);
  prune(graph);
  return writeModel(graph, metadata);
}
