import assert from 'node:assert/strict';
import { bodiesOf, type Graph, type Node } from '../../../../extension/core/graph/graph';
import { Value } from '../../../../extension/core/graph/value';
import { losses } from '../../../../extension/core/losses/table';
import type { ModelSpec } from '../../../../extension/core/model/spec';
import { buildTrainingGraph, type TrainingOptions } from '../../../../extension/core/model/trainingGraph';
import { readModel } from '../../../../extension/core/onnx/read';
import { opset } from '../../../../extension/core/onnx/write';
import type { DType } from '../../../../extension/core/tensor';
import {
  cellNames,
  type LossName,
  lossNames,
  optimizerNames,
  poolings,
} from '../../../../extension/protocol/experiment';
import { cudaKernels, withoutCudaKernel } from '../../../support/cudaKernels';
import { layerOf, specOf } from '../../../support/specs';
import { variants } from '../../../support/variants';

/** Nodes that have no kernel on CUDA and run on the CPU for a reason, by what {@link withoutCudaKernel} says of them. */
const exceptions: Readonly<Record<string, string>> = {};

const settings: TrainingOptions['optimizer'] = {
  name: 'adam',
  momentum: 0.9,
  nesterov: true,
  weightDecay: 0.01,
  beta1: 0.9,
  beta2: 0.999,
  alpha: 0.99,
  centered: true,
  epsilon: null,
};
const options: TrainingOptions = { batch: 2, optimizer: settings, clipNorm: 1, clipValue: 0.5 };

function nodesOf(graph: Graph): readonly Node[] {
  return graph.nodes.flatMap((node) => [node, ...bodiesOf(node).flatMap(nodesOf)]);
}

/** What a training graph would leave to the CPU on a machine with CUDA. */
function leftToCpu(spec: ModelSpec, changes: Partial<TrainingOptions> = {}): readonly string[] {
  const { graph, opset: version } = readModel(buildTrainingGraph(spec, { ...options, ...changes }).bytes);
  const nodes = nodesOf(graph);
  assert.ok(nodes.length > 20, 'the whole graph is read');
  const without = nodes.flatMap((node) => withoutCudaKernel(node, version) ?? []);
  return [...new Set(without)].filter((why) => !Object.hasOwn(exceptions, why));
}

/** A model with this loss. */
function withLoss(name: LossName, changes: Partial<ModelSpec> = {}): ModelSpec {
  const loss = { ...specOf().loss, name };
  const { truth, outputs } = losses[name];
  const kinds = { values: 'values', binary: 'classes', classes: 'classes', labels: 'symbols' } as const;
  const targets = truth === 'binary' ? 2 : 3;
  const counted = truth === 'binary' ? 1 : targets;
  const symbols: Partial<ModelSpec> = truth === 'labels' ? { pooling: 'every', longest: 2, steps: 7 } : {};
  return specOf({ targets, target: kinds[truth], loss, outputs: outputs(counted, loss), ...symbols, ...changes });
}

describe('training graphs on CUDA', () => {
  for (const cell of cellNames) {
    it(`has kernels for the cell ${cell}`, () => {
      const layers = [layerOf(cell, 3), layerOf(cell, 3)];
      const tokens = cell === 'characterRnn' ? variants['the character network'] : undefined;
      const spec = tokens ?? specOf({ layers, dropout: { between: 0.5, variational: false, recurrent: 0 } });
      assert.deepEqual(leftToCpu(spec), []);
      assert.deepEqual(leftToCpu({ ...spec, masked: true }), []);
    });
  }

  for (const loss of lossNames) {
    it(`has kernels for the loss ${loss}`, () => {
      assert.deepEqual(leftToCpu(withLoss(loss)), []);
      assert.deepEqual(leftToCpu(withLoss(loss, { masked: true })), []);
      assert.deepEqual(leftToCpu(withLoss(loss, { pooling: 'every' })), []);
      if (losses[loss].truth === 'classes') {
        assert.deepEqual(leftToCpu(withLoss(loss, { classWeights: [1, 2, 3] })), []);
      }
    });
  }

  for (const name of optimizerNames) {
    it(`has kernels for the optimiser ${name}`, () => {
      assert.deepEqual(leftToCpu(specOf(), { optimizer: { ...settings, name } }), []);
      const plain = { ...settings, name, momentum: 0, nesterov: false, weightDecay: 0, centered: false };
      assert.deepEqual(
        leftToCpu(specOf(), { optimizer: plain, clipNorm: null, clipValue: null, accumulates: true }),
        [],
      );
    });
  }

  for (const pooling of poolings) {
    it(`has kernels for the pooling ${pooling}`, () => {
      assert.deepEqual(leftToCpu(specOf({ pooling })), []);
      assert.deepEqual(leftToCpu(specOf({ pooling, masked: true })), []);
    });
  }

  for (const [name, spec] of Object.entries(variants)) {
    it(`has kernels for ${name}`, () => assert.deepEqual(leftToCpu(spec), []));
  }

  it('has kernels for dropped states, carried states and an LSTM of many steps', () => {
    const dropout = { between: 0.5, variational: true, recurrent: 0.5 };
    assert.deepEqual(leftToCpu(specOf({ dropout, layers: [layerOf('lstm', 3), layerOf('gru', 3)] })), []);
    assert.deepEqual(leftToCpu(specOf({ stateful: true, pooling: 'every', layers: [layerOf('lstm', 3)] })), []);
    assert.deepEqual(leftToCpu(specOf({ steps: 60, layers: [layerOf('lstm', 3), layerOf('rnn', 3)] })), []);
  });

  it('would notice an operator, a type or a version that CUDA has not', () => {
    const value = (dtype: DType) => new Value(dtype, { dtype, shape: [1] });
    const node = (op: string, inputs: DType[], outputs: DType[], domain = ''): Node => ({
      op,
      domain,
      name: op,
      inputs: inputs.map(value),
      outputs: outputs.map(value),
      attributes: {},
    });
    assert.equal(withoutCudaKernel(node('Add', ['float32', 'float32'], ['float32']), opset), null);
    assert.equal(withoutCudaKernel(node('Gather', ['float32', 'int32'], ['float32']), opset), null);
    assert.match(withoutCudaKernel(node('Gather', ['float32', 'uint8'], ['float32']), opset) ?? '', /uint8 as input 1/);
    assert.match(withoutCudaKernel(node('MatMul', ['int32', 'int32'], ['int32']), opset) ?? '', /int32 as input 0/);
    assert.match(withoutCudaKernel(node('MatMul', ['float32', 'float32'], ['int32']), opset) ?? '', /as output 0/);
    assert.match(withoutCudaKernel(node('Bernoulli', ['float32'], ['float32']), opset) ?? '', /has no kernel/);
    assert.match(withoutCudaKernel(node('Add', ['float32'], ['float32'], 'com.example'), opset) ?? '', /has no kernel/);
    assert.match(withoutCudaKernel(node('Add', ['float32', 'float32'], ['float32']), 12) ?? '', /at opset 12/);
    assert.match(withoutCudaKernel(node('ReduceMax', ['float32'], ['float32']), 18) ?? '', /at opset 18/);
    for (const [op, { from, to }] of Object.entries(cudaKernels))
      assert.ok(from <= opset && (to ?? opset) >= opset, op);
  });

  it('excuses only what still happens', () => {
    const all = [...Object.values(variants), ...lossNames.map((name) => withLoss(name))];
    const said = all.flatMap((spec) => {
      const { graph, opset: version } = readModel(buildTrainingGraph(spec, options).bytes);
      return nodesOf(graph).flatMap((each) => withoutCudaKernel(each, version) ?? []);
    });
    assert.deepEqual(
      Object.keys(exceptions).filter((why) => !said.includes(why)),
      [],
    );
  });
});
