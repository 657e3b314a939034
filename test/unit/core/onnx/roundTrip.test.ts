import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { Builder } from '../../../../extension/core/graph/builder';
import { Graph } from '../../../../extension/core/graph/graph';
import { originalOf, writeExtended } from '../../../../extension/core/onnx/extend';
import { readMetadata } from '../../../../extension/core/onnx/metadata';
import { readModel } from '../../../../extension/core/onnx/read';
import { writeModel } from '../../../../extension/core/onnx/write';
import { UnrollError } from '../../../../extension/protocol/errors';

const small = () => {
  const graph = new Graph('small');
  const b = new Builder(graph);
  const x = graph.input('x', { dtype: 'float32', shape: ['batch', 3] });
  b.output('y', b.tanh(b.slice(x, 0, 2, 1)));
  return writeModel(graph, { task: 'forecast', note: 'zwei Wörter' });
};

/** Appends a field that no version of the format that we know has. */
const withUnknownField = (bytes: Uint8Array) =>
  Buffer.concat([bytes, new BinaryWriter().tag(1999, WireType.LengthDelimited).string('from the future').finish()]);

describe('onnx: reading and writing', () => {
  it('reads back what it wrote', () => {
    const { graph, opset } = readModel(small());
    assert.equal(opset, 17);
    assert.deepEqual(
      graph.nodes.map(({ op }) => op),
      ['Slice', 'Tanh'],
    );
    assert.deepEqual(graph.inputs[0]?.type, { dtype: 'float32', shape: ['batch', 3] });
    assert.deepEqual(graph.outputs[0]?.type.shape, ['batch', 2]);
    assert.deepEqual(readMetadata(small()), { task: 'forecast', note: 'zwei Wörter' });
  });

  it('keeps unknown fields and everything else when it adds to a file', () => {
    const model = readModel(withUnknownField(small()));
    const original = originalOf(model.graph);
    const b = new Builder(model.graph);
    model.graph.outputs.push(b.neg(model.graph.outputs[0] ?? assert.fail()));
    const bytes = writeExtended(model, original);
    assert.ok(Buffer.from(bytes).includes('from the future'));
    const again = readModel(bytes);
    assert.deepEqual(
      again.graph.nodes.map(({ op }) => op),
      ['Slice', 'Tanh', 'Neg'],
    );
    assert.equal(again.graph.outputs.length, 2);
  });

  it('writes a file that it added nothing to byte for byte as it was', () => {
    const folder = path.resolve('test/fixtures/onnx');
    for (const name of readdirSync(folder).filter((file) => file.endsWith('.onnx'))) {
      const bytes = readFileSync(path.join(folder, name));
      const model = readModel(bytes);
      assert.ok(Buffer.from(writeExtended(model, originalOf(model.graph))).equals(bytes), name);
    }
  });

  for (const [what, bytes] of [
    ['an empty file', new Uint8Array(0)],
    ['text', Buffer.from('Month,Passengers\n1949-01,112\n')],
    ['a file cut off', small().subarray(0, 40)],
    ['lengths that promise more than there is', Uint8Array.of(0x3a, 0xff, 0xff, 0xff, 0xff, 0x07, 1, 2)],
  ] as const) {
    it(`refuses ${what} in one sentence`, () => {
      assert.throws(
        () => readModel(bytes),
        (error) =>
          error instanceof UnrollError &&
          error.code === 'model' &&
          error.message.startsWith('This is not an ONNX model'),
      );
    });
  }
});
