import assert from 'node:assert/strict';
import type { ByteSource } from '../../extension/core/onnx/byteSource';

/** Bytes as a source that counts how many of them are read, and lets none be read that do not exist. */
export class CountedSource implements ByteSource {
  count = 0;

  constructor(private readonly bytes: Uint8Array) {}

  get size(): number {
    return this.bytes.length;
  }

  read(offset: number, length: number): Uint8Array {
    assert.ok(offset >= 0 && length >= 0 && offset + length <= this.size, 'within the file');
    this.count += length;
    return this.bytes.slice(offset, offset + length);
  }
}
