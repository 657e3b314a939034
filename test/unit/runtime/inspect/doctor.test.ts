import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema } from '../../../../extension/core/onnx/onnx_pb';
import { readModel } from '../../../../extension/core/onnx/read';
import { UnrollError } from '../../../../extension/protocol/errors';
import { readInputs } from '../../../../extension/runtime/inspect/caseFile';
import { examineFile, repairFile } from '../../../../extension/runtime/inspect/doctor';
import { run } from '../../../support/session';
import { temporaryFolder } from '../../../support/temporaryFolder';
import { readCase } from '../../../trace/traceCase';

const fixtures = path.resolve('test/fixtures/onnx');
const inputsOf = (name: string) => readInputs(path.join(fixtures, `${name}.case.json`));

/** That a file gives what the source of a case computed, by onnxruntime alone. */
async function assertRuns(file: string, name: string): Promise<void> {
  const outputs = await run(new Uint8Array(readFileSync(file)), Object.fromEntries(inputsOf(name)));
  const expected = Object.entries(readCase(fixtures, name).outputs);
  assert.ok(expected.length > 0);
  for (const [output, { shape, data }] of expected) {
    assert.deepEqual(outputs[output]?.shape, shape);
    data.forEach((value, i) => {
      const ours = Number(outputs[output]?.data[i]);
      assert.ok(Math.abs(ours - Number(value)) < 1e-5, `${output}[${i}]: ${ours}, expected ${value}`);
    });
  }
}

describe('inspect: repaired copies', () => {
  const folder = temporaryFolder();

  for (const name of ['variant_lstm_layout', 'variant_gru_layout', 'standard_simple_rnn_batchwise']) {
    it(`turns the layout of ${name}`, async () => {
      const file = path.join(fixtures, `${name}.onnx`);
      const before = readFileSync(file);
      const out = path.join(folder.path, `${name}.onnx`);
      const { repaired, difference } = await repairFile(file, out, inputsOf(name));
      assert.deepEqual(
        repaired.map(({ code }) => code),
        ['layout'],
      );
      assert.ok(difference !== null && difference < 1e-5, String(difference));
      await assertRuns(out, name);
      assert.ok(!examineFile(out).some(({ repairable }) => repairable));
      assert.ok(readFileSync(file).equals(before));
    });
  }

  it('sets the reset of a GRU of PyTorch right', async () => {
    const model = fromBinary(ModelProtoSchema, readFileSync(path.join(fixtures, 'ts_gru.onnx')));
    for (const node of model.graph?.node ?? [])
      node.attribute = node.attribute.filter(({ name }) => name !== 'linear_before_reset');
    const file = folder.write('wrong.onnx', Buffer.from(toBinary(ModelProtoSchema, model)));
    const out = path.join(folder.path, 'right.onnx');
    const { repaired, difference } = await repairFile(file, out, inputsOf('ts_gru'));
    assert.deepEqual(
      repaired.map(({ code }) => code),
      ['gruReset'],
    );
    assert.ok(difference !== null && difference > 1e-3, String(difference));
    await assertRuns(out, 'ts_gru');
    assert.equal(readModel(new Uint8Array(readFileSync(out))).graph.nodes.length, model.graph?.node.length);
  });

  it('writes over nothing, and nothing where there is nothing to repair', async () => {
    const taken = folder.write('taken.onnx', 'mine');
    const refused = (code: string, file: string, out: string) =>
      assert.rejects(repairFile(file, out, null), (error) => error instanceof UnrollError && error.code === code);
    await refused('usage', path.join(fixtures, 'variant_gru_layout.onnx'), taken);
    assert.equal(readFileSync(taken, 'utf8'), 'mine');
    await refused('model', path.join(fixtures, 'ts_gru.onnx'), path.join(folder.path, 'new.onnx'));
    await refused('storage', path.join(fixtures, 'variant_gru_layout.onnx'), path.join(folder.path, 'no', 'new.onnx'));
  });

  it('says that it compared nothing where it has no inputs', async () => {
    const out = path.join(folder.path, 'unseen.onnx');
    const { difference } = await repairFile(path.join(fixtures, 'variant_gru_layout.onnx'), out, null);
    assert.equal(difference, null);
    await assertRuns(out, 'variant_gru_layout');
  });
});
