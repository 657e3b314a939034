import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema, NodeProtoSchema } from '../../../../extension/core/onnx/onnx_pb';
import { inNewerOpset } from '../../../../extension/core/onnx/opset';
import { modelOf, readModel } from '../../../../extension/core/onnx/read';
import { UnrollError } from '../../../../extension/protocol/errors';

// That the rewritten models compute the same is checked by the cases opset_*, whose figures come from their equations.

const bytesOf = (name: string) => new Uint8Array(readFileSync(path.resolve('test/fixtures/onnx', `${name}.onnx`)));
const refuses = (bytes: Uint8Array, sentence: RegExp) =>
  assert.throws(
    () => inNewerOpset(readModel(bytes)),
    (error) => error instanceof UnrollError && error.code === 'model' && sentence.test(error.message),
  );

/** The model of operator set 7 with another version, or with one more node. */
function changed(version: bigint, opType = ''): Uint8Array {
  const model = fromBinary(ModelProtoSchema, bytesOf('opset_7'));
  for (const entry of model.opsetImport) entry.version = version;
  if (opType !== '') {
    model.graph?.node.push(create(NodeProtoSchema, { opType, name: 'more', input: ['X'], output: ['unused'] }));
  }
  return toBinary(ModelProtoSchema, model);
}

describe('onnx: old operator sets', () => {
  it('leaves a model of a newer set as it is', () => {
    const model = readModel(bytesOf('ts_lstm'));
    assert.equal(inNewerOpset(model), model);
  });

  it('lists no weights among the inputs, and leaves the original alone', () => {
    const model = readModel(bytesOf('opset_7'));
    const before = toBinary(ModelProtoSchema, model.proto);
    const newer = inNewerOpset(model);
    assert.equal(newer.opset, 13);
    assert.deepEqual(
      newer.proto.graph?.input.map(({ name }) => name),
      ['X'],
    );
    assert.deepEqual(toBinary(ModelProtoSchema, model.proto), before);
    assert.equal(modelOf(newer.proto).graph.outputs.length, 2);
  });

  it('refuses sets that are older', () => refuses(changed(6n), /operator set 6, .* needs 7 or newer/));

  for (const op of ['Upsample', 'Resize', 'Scan']) {
    it(`refuses an old ${op}, by name`, () =>
      refuses(changed(8n, op), new RegExp(`The ${op} node "more" of operator set 8`)));
  }
});
