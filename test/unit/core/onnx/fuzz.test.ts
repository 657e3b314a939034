import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describeModel } from '../../../../extension/core/describe/describeModel';
import { fixedIn } from '../../../../extension/core/describe/diagram';
import { summaryOf } from '../../../../extension/core/describe/summary';
import type { Surroundings } from '../../../../extension/core/doctor/ailment';
import { ailments } from '../../../../extension/core/doctor/ailments';
import { examineModel } from '../../../../extension/core/doctor/examineModel';
import { repairModel } from '../../../../extension/core/doctor/repairModel';
import { readModel, readOutline } from '../../../../extension/core/onnx/read';
import { RandomStream } from '../../../../extension/core/random';
import { traceModel } from '../../../../extension/core/trace/traceModel';
import { UnrollError } from '../../../../extension/protocol/errors';
import { CountedSource } from '../../../support/countedSource';
import { mutate } from '../../../support/mutations';

const mutations = 10_000;
const longestMs = 2_000;

const folder = path.resolve('test/fixtures/onnx');
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.onnx'))
  .map((name) => ({ name, bytes: new Uint8Array(readFileSync(path.join(folder, name))) }))
  .filter(({ bytes }) => bytes.length < 3_000);

const surroundings: Surroundings = { placeOf: () => 'missing', axesOf: () => [[0, 'steps']] };
const examine = (bytes: Uint8Array) => {
  examineModel(readModel(bytes), surroundings);
  for (const ailment of ailments) repairModel(bytes, ailment, surroundings);
};

/** As a file is opened: by pieces, its weights later and one by one. */
const byPieces = (bytes: Uint8Array) => {
  const { graph } = readOutline(new CountedSource(bytes), 8);
  for (const { constant } of fixedIn(graph)) if (constant !== null) summaryOf(constant);
};

describe('onnx: damaged files', () => {
  it(`reads or refuses ${mutations} of them, each in one sentence and at once`, function () {
    this.timeout(120_000);
    const random = new RandomStream(20, 0, 0);
    let [refused, reads] = [0, 0];
    for (let n = 0; n < mutations; n++) {
      const file = files[n % files.length];
      assert.ok(file);
      const bytes = mutate(file.bytes, random);
      for (const read of n % 4 === 0 ? [describeModel, byPieces, examine, traceModel] : [byPieces, traceModel]) {
        const start = performance.now();
        reads++;
        try {
          read(bytes);
        } catch (error) {
          refused++;
          const what = `mutation ${n} of ${file.name}, ${read.name}`;
          assert.ok(error instanceof UnrollError, `${what}: ${error instanceof Error ? error.stack : error}`);
          assert.notEqual(error.code, 'internal', `${what}: ${error.stack}`);
          assert.ok(/^[^\n]{1,2000}\.$/.test(error.message), `${what}: ${error.message}`);
        }
        assert.ok(performance.now() - start < longestMs, `mutation ${n} of ${file.name} takes long`);
      }
    }
    // Damage that is never noticed, or always, would mean that this tests nothing.
    assert.ok(refused > reads / 10 && refused < 0.9 * reads, `${refused} of ${reads} refused`);
  });
});
