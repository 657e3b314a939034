import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { summaryOf } from '../../../../extension/core/describe/summary';
import {
  ModelProtoSchema,
  StringStringEntryProtoSchema,
  TensorProto_DataLocation,
} from '../../../../extension/core/onnx/onnx_pb';
import { readModel } from '../../../../extension/core/onnx/read';
import { initializerSummary } from '../../../../extension/runtime/inspect/initializer';
import { fileOf, graphOf, nodeOf } from '../../../support/graphs';
import { temporaryFolder } from '../../../support/temporaryFolder';

describe('inspect: the numbers of an initializer', () => {
  const folder = temporaryFolder();
  const fixture = path.resolve('test/fixtures/onnx/hand_lstm_peephole.onnx');

  it('are those that the model has', () => {
    for (const { name, constant } of readModel(new Uint8Array(readFileSync(fixture))).graph.initializers) {
      assert.ok(constant);
      assert.deepEqual(initializerSummary(fixture, name), summaryOf(constant));
    }
  });

  it('are read from large weights, in bodies too, and by names that are cut', () => {
    const name = 'w'.repeat(300);
    const body = graphOf([nodeOf('MatMul', 'product', ['x', name])], ['product.y'], { [name]: 100 });
    const [weights] = body.initializer;
    assert.ok(weights);
    weights.rawData = new Uint8Array(Float32Array.from({ length: 10_000 }, (_, i) => i).buffer);
    const choice = nodeOf('If', 'choice', ['c'], { then_branch: body });
    const file = path.join(folder.path, 'large.onnx');
    writeFileSync(file, fileOf(graphOf([nodeOf('ReduceMax', 'c', ['x']), choice], ['choice.y'])));
    for (const wish of [name, `${'w'.repeat(199)}…`]) {
      const { min, max, mean, shape } = initializerSummary(file, wish);
      assert.deepEqual([min, max, mean, shape], [0, 9999, 4999.5, [100, 100]]);
    }
  });

  it('are read from a file beside the model, and from nowhere else', () => {
    const model = fromBinary(ModelProtoSchema, new Uint8Array(readFileSync(fixture)));
    const tensor = model.graph?.initializer[0];
    assert.ok(tensor);
    const expected = initializerSummary(fixture, tensor.name);
    const at = (location: string) => {
      const entry = (key: string, value: string) => create(StringStringEntryProtoSchema, { key, value });
      const moved = fromBinary(ModelProtoSchema, toBinary(ModelProtoSchema, model));
      const lost = moved.graph?.initializer[0];
      assert.ok(lost);
      lost.dataLocation = TensorProto_DataLocation.EXTERNAL;
      lost.externalData = [entry('location', location), entry('offset', '16')];
      lost.rawData = new Uint8Array();
      const file = path.join(folder.path, 'external.onnx');
      writeFileSync(file, toBinary(ModelProtoSchema, moved));
      return () => initializerSummary(file, tensor.name);
    };
    folder.write('weights.bin', Buffer.concat([new Uint8Array(16), tensor.rawData]));
    assert.deepEqual(at('weights.bin')(), expected);
    assert.throws(at('../weights.bin'), /outside the folder of the model/);
    assert.throws(at('none.bin'), /which is not there/);
  });

  it('are refused in one sentence where there are none that can be read', () => {
    assert.throws(() => initializerSummary(fixture, 'nobody'), /no weights of the name "nobody"/);
    const graph = graphOf([nodeOf('Relu', 'r', ['x', 'w'])], ['r.y'], { w: 4 });
    Object.assign(graph.initializer[0] ?? {}, { dataType: 17, rawData: new Uint8Array(16) });
    const file = path.join(folder.path, 'float8.onnx');
    writeFileSync(file, fileOf(graph));
    assert.throws(() => initializerSummary(file, 'w'), /of the type float8e4m3fn, which cannot be shown/);
  });
});
