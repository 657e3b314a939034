import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { UnrollError } from '../../../../extension/protocol/errors';
import {
  decodeSafeTensors,
  encodeSafeTensors,
  readSafeTensorsMetadata,
  type StoredTensor,
} from '../../../../extension/runtime/runs/safetensors';
import { newFolder, removeFolders } from '../sampleData';

const tensors = new Map<string, StoredTensor>([
  ['weights', { shape: [2, 3], data: Float32Array.of(1, -2, 3.5, 0, Number.MIN_VALUE, 1e30) }],
  ['empty', { shape: [0, 4], data: new Float32Array(0) }],
  ['scalar', { shape: [], data: Float32Array.of(7) }],
]);
const bytes = new Uint8Array(Buffer.concat(encodeSafeTensors({ tensors, metadata: { why: 'a "test"' } })));

/** The same file with another header. */
function withHeader(header: unknown, data = 28): Uint8Array {
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, Buffer.alloc(data)]);
}

const isDamage = (error: unknown) => error instanceof UnrollError && error.code === 'run';

describe('runs/safetensors', () => {
  after(removeFolders);

  it('gives back what was written, bit for bit', () => {
    const read = decodeSafeTensors(bytes, 'file');
    assert.deepEqual(read.metadata, { why: 'a "test"' });
    assert.deepEqual([...read.tensors], [...tensors]);
  });

  it('reads from a buffer at any offset', () => {
    const shifted = Buffer.concat([Buffer.of(9, 9, 9), bytes]).subarray(3);
    assert.deepEqual([...decodeSafeTensors(shifted, 'file').tensors], [...tensors]);
  });

  it('writes an aligned header in the published format', () => {
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    const length = Number(view.getBigUint64(0, true));
    assert.equal(length % 8, 0);
    const header = JSON.parse(Buffer.from(bytes.subarray(8, 8 + length)).toString());
    assert.deepEqual(header['weights'], { dtype: 'F32', shape: [2, 3], data_offsets: [0, 24] });
    assert.equal(view.getFloat32(8 + length + 8, true), 3.5);
  });

  it('refuses a file that is cut anywhere', () => {
    for (let length = 0; length < bytes.length; length++) {
      assert.throws(() => decodeSafeTensors(bytes.subarray(0, length), 'file'), isDamage, `cut at ${length}`);
    }
  });

  it('refuses lengths and shapes that the bytes do not bear out', () => {
    const entry = (shape: unknown, offsets: unknown, dtype = 'F32') => ({ a: { dtype, shape, data_offsets: offsets } });
    const bad: unknown[] = [
      entry([7], [0, 24]),
      entry([7], [4, 32]),
      entry([-7], [0, 28]),
      entry([1e9, 1e9], [0, 28]),
      entry([7], [28, 0]),
      entry([7], [0]),
      entry([7.5], [0, 30]),
      entry([7], [0, 28], 'F64'),
      { a: { dtype: 'F32', shape: [6], data_offsets: [0, 24] } },
      { ...entry([7], [0, 28]), b: { dtype: 'F32', shape: [7], data_offsets: [0, 28] } },
      { ...entry([7], [0, 28]), __metadata__: { x: 1 } },
      [],
      'text',
    ];
    for (const header of bad) {
      assert.throws(() => decodeSafeTensors(withHeader(header), 'file'), isDamage, JSON.stringify(header));
    }
    const huge = new Uint8Array(bytes);
    new DataView(huge.buffer).setBigUint64(0, 2n ** 60n, true);
    assert.throws(() => decodeSafeTensors(huge, 'file'), isDamage);
  });

  it('reads the metadata without the tensors', () => {
    const file = path.join(newFolder(), 'a.safetensors');
    writeFileSync(file, bytes);
    assert.deepEqual(readSafeTensorsMetadata(file), { why: 'a "test"' });
    writeFileSync(file, bytes.subarray(0, 5));
    assert.throws(() => readSafeTensorsMetadata(file), isDamage);
  });
});
