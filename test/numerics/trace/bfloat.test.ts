import assert from 'node:assert/strict';
import { create, toBinary } from '@bufbuild/protobuf';
import { bfloatToNumber, numberToBfloat } from '../../../extension/core/half';
import {
  AttributeProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  TensorProtoSchema,
} from '../../../extension/core/onnx/onnx_pb';
import { RandomStream } from '../../../extension/core/random';
import { floats, toNumbers } from '../../../extension/core/tensor';
import { traceModel } from '../../../extension/core/trace/traceModel';
import { run } from '../../support/session';

const [steps, features, hidden] = [6, 3, 4];
const random = new RandomStream(5, 0, 0);
const drawn = (size: number) => Uint16Array.from({ length: size }, () => numberToBfloat(random.normal()));
const weights = { W: drawn(4 * hidden * features), R: drawn(4 * hidden * hidden) };
// Eighths are bfloat16s themselves, so that nothing is lost where the model casts them.
const x = floats(
  'float32',
  [steps, 1, features],
  Array.from({ length: steps * features }, () => Math.round(8 * random.normal()) / 8),
);

/** An LSTM with these weights, in bfloat16 between two casts or in float32. */
function model(type: 'bfloat16' | 'float32'): Uint8Array {
  const [code, read, made] = type === 'bfloat16' ? [16, 'x.b', 'Y.b'] : [1, 'x', 'Y'];
  const cast = (input: string, output: string, to: number) =>
    create(NodeProtoSchema, {
      opType: 'Cast',
      name: output,
      input: [input],
      output: [output],
      attribute: [create(AttributeProtoSchema, { name: 'to', type: 2, i: BigInt(to) })],
    });
  const attribute = [create(AttributeProtoSchema, { name: 'hidden_size', type: 2, i: BigInt(hidden) })];
  const lstm = create(NodeProtoSchema, {
    opType: 'LSTM',
    name: 'lstm',
    input: [read, 'W', 'R'],
    output: [made],
    attribute,
  });
  const initializer = Object.entries(weights).map(([name, bits]) => {
    const held = type === 'bfloat16' ? bits : Float32Array.from(bits, bfloatToNumber);
    const dims = [1, 4 * hidden, name === 'W' ? features : hidden].map(BigInt);
    const rawData = new Uint8Array(held.buffer.slice(0));
    return create(TensorProtoSchema, { name, dims, dataType: code, rawData });
  });
  const dim = [steps, 1, features].map((size) => ({ value: { case: 'dimValue' as const, value: BigInt(size) } }));
  return toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, {
      irVersion: 8n,
      opsetImport: [{ domain: '', version: 17n }],
      graph: {
        node: type === 'bfloat16' ? [cast('x', read, 16), lstm, cast(made, 'Y', 1)] : [lstm],
        initializer,
        input: [{ name: 'x', type: { tensorType: { elemType: 1, shape: { dim } } } }],
        output: [{ name: 'Y', type: { tensorType: { elemType: 1 } } }],
      },
    }),
  );
}

describe('trace: an LSTM in bfloat16, which onnxruntime does not run', () => {
  it('has the signals of onnxruntime’s LSTM in float32 with the same weights', async () => {
    const { Y: expected } = await run(model('float32'), { x });
    const traced = traceModel(model('bfloat16'));
    const [layer] = traced.layers;
    const h = layer?.signals.find(({ name }) => name === 'h')?.output ?? '';
    const outputs = await run(traced.bytes, { x });
    const [ours, theirs] = [outputs[h], expected].map((tensor) => (tensor === undefined ? [] : toNumbers(tensor)));
    assert.equal(theirs?.length, steps * hidden);
    for (const [i, value] of theirs.entries()) {
      assert.ok(Math.abs(value - (ours?.[i] ?? Number.NaN)) < 1e-6, `${i}: ${ours?.[i]}, ${value}`);
    }
    // The model's own output is rounded to bfloat16, which has 8 bits.
    const own = outputs['Y'] === undefined ? [] : toNumbers(outputs['Y']);
    for (const [i, value] of theirs.entries()) {
      assert.ok(Math.abs(value - (own[i] ?? Number.NaN)) <= Math.abs(value) * 2 ** -8, `${i}: ${own[i]}, ${value}`);
    }
  });
});
