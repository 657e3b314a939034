import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  ModelProtoSchema,
  StringStringEntryProtoSchema,
  TensorProto_DataLocation,
} from '../../../../extension/core/onnx/onnx_pb';
import { UnrollError } from '../../../../extension/protocol/errors';
import { readInputs } from '../../../../extension/runtime/inspect/caseFile';
import { inOnePiece } from '../../../../extension/runtime/inspect/externalFiles';
import { traceFile } from '../../../../extension/runtime/inspect/modelFile';
import { temporaryFolder } from '../../../support/temporaryFolder';

const source = path.resolve('test/fixtures/onnx/ts_lstm');
const inputs = readInputs(`${source}.case.json`);

/** The fixture with its weights in `location`, as torch's exporter writes large models; answers the model's path. */
function written(folder: string, location: string, change: (entries: Map<string, string>) => void = () => {}): string {
  const model = fromBinary(ModelProtoSchema, readFileSync(`${source}.onnx`));
  let data = Buffer.alloc(0);
  for (const tensor of model.graph?.initializer ?? []) {
    if (tensor.dataType !== 1) continue;
    const entries = new Map([
      ['location', location],
      ['offset', String(data.length)],
      ['length', String(tensor.rawData.length)],
    ]);
    change(entries);
    data = Buffer.concat([data, tensor.rawData]);
    tensor.rawData = new Uint8Array(0);
    tensor.dataLocation = TensorProto_DataLocation.EXTERNAL;
    tensor.externalData = [...entries].map(([key, value]) => create(StringStringEntryProtoSchema, { key, value }));
  }
  const file = path.join(folder, 'model.onnx');
  writeFileSync(file, toBinary(ModelProtoSchema, model));
  writeFileSync(path.join(folder, 'weights.data'), data);
  return file;
}

const refuses = (file: string, sentence: RegExp) =>
  assert.rejects(
    traceFile(file, inputs, 0),
    (error) => error instanceof UnrollError && error.code === 'model' && sentence.test(error.message),
  );

describe('inspect: weights in other files', () => {
  const folder = temporaryFolder();

  it('traces such a model as one in a single file', async () => {
    const whole = await traceFile(`${source}.onnx`, inputs, 0);
    const apart = await traceFile(written(folder.path, 'weights.data'), inputs, 0);
    assert.ok((whole.layers[0]?.signals.length ?? 0) > 0);
    assert.deepEqual(apart, whole);
  });

  it('says which file is missing', () =>
    refuses(written(folder.path, 'lost.data'), /lie in lost\.data, which is not there/));

  it('reads nothing outside the folder of the model', async () => {
    const inner = path.join(folder.path, 'inner');
    mkdirSync(inner, { recursive: true });
    const outside = path.join(folder.path, 'secret.data');
    writeFileSync(outside, 'secret');
    await refuses(written(inner, '../secret.data'), /\.\.\/secret\.data, outside the folder/);
    await refuses(written(inner, outside), /outside the folder/);
    await refuses(written(inner, 'a/../../secret.data'), /outside the folder/);
    symlinkSync(outside, path.join(inner, 'link.data'));
    await refuses(written(inner, 'link.data'), /link\.data, outside the folder/);
  });

  it('refuses places that are not in the file, without allocating them', async () => {
    await refuses(
      written(folder.path, 'weights.data', (entries) => entries.set('offset', String(2 ** 40))),
      /not whole in weights\.data/,
    );
    for (const [key, value] of [
      ['length', String(2 ** 40)],
      ['offset', '-4'],
      ['offset', '1e3'],
      ['location', ''],
    ] as const) {
      await refuses(
        written(folder.path, 'weights.data', (entries) => entries.set(key, value)),
        /not sensibly where/,
      );
    }
    copyFileSync(`${source}.onnx`, path.join(folder.path, 'short.data'));
    await refuses(
      written(folder.path, 'short.data', (entries) => entries.set('offset', '2700')),
      /not whole in short\.data/,
    );
  });

  it('refuses to make one file of more than one file can hold, before anything is read', () => {
    const file = written(folder.path, 'weights.data');
    const model = fromBinary(ModelProtoSchema, readFileSync(file));
    for (const tensor of model.graph?.initializer ?? []) {
      if (tensor.externalData.length === 0) continue;
      tensor.dims = [1n, 2n ** 20n, 2n ** 10n];
      tensor.externalData = tensor.externalData.filter(({ key }) => key !== 'length');
    }
    assert.throws(
      () => inOnePiece(file, toBinary(ModelProtoSchema, model)),
      (error) => error instanceof UnrollError && /comes to 1\d\.\d GB/.test(error.message),
    );
  });
});
