import assert from 'node:assert/strict';
import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { gradients } from '../../../extension/core/autodiff/backpropagate';
import { Builder } from '../../../extension/core/graph/builder';
import { Graph, prune } from '../../../extension/core/graph/graph';
import { writeModel } from '../../../extension/core/onnx/write';
import { at } from '../../../extension/core/ops/arguments';
import { RandomStream } from '../../../extension/core/random';

const [words, features, steps, batch] = [7, 24, 50, 32];

describe('the gradient of an embedding', () => {
  for (const dtype of ['int32', 'int64'] as const) {
    it(`is the same bits in every run on several threads, and the sum of what its words got, with ${dtype} ids`, async () => {
      const graph = new Graph('embedding');
      const b = new Builder(graph);
      const weights = graph.input('weights', { dtype: 'float32', shape: [words, features] });
      const ids = graph.input('ids', { dtype, shape: [steps, batch] });
      const arriving = graph.input('arriving', { dtype: 'float32', shape: [steps, batch, features] });
      const loss = b.reduceSum(b.mul(b.gather(weights, ids, 0), arriving), [0, 1, 2], false);
      b.output('gradient', at(gradients(b, loss, [weights]), 0));
      prune(graph);
      const session = await InferenceSession.create(writeModel(graph), { intraOpNumThreads: 4 });
      const random = new RandomStream(2, 0, 0);
      const drawn = Array.from({ length: steps * batch }, () => random.below(words));
      const cotangent = Float32Array.from({ length: steps * batch * features }, () => 2 * random.uniform() - 1);
      const feeds = {
        weights: new OrtTensor('float32', new Float32Array(words * features), [words, features]),
        ids:
          dtype === 'int32'
            ? new OrtTensor('int32', Int32Array.from(drawn), [steps, batch])
            : new OrtTensor('int64', BigInt64Array.from(drawn, BigInt), [steps, batch]),
        arriving: new OrtTensor('float32', cotangent, [steps, batch, features]),
      };
      const gradient = async () => {
        const { gradient: found } = await session.run(
          Object.fromEntries(Object.entries(feeds).filter(([name]) => session.inputNames.includes(name))),
        );
        assert.ok(found);
        return found.data as Float32Array;
      };
      const first = await gradient();
      for (let i = 0; i < 20; i++) assert.deepEqual(await gradient(), first);
      await session.release();

      const expected = new Float64Array(words * features);
      drawn.forEach((word, place) => {
        for (let k = 0; k < features; k++) {
          const cell = word * features + k;
          expected[cell] = (expected[cell] ?? 0) + (cotangent[place * features + k] ?? 0);
        }
      });
      for (const [i, value] of first.entries()) assert.ok(Math.abs(value - at([...expected], i)) < 1e-4);
    });
  }
});
