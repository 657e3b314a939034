/** The bytes of a file, read piece by piece. */
export interface ByteSource {
  readonly size: number;
  /** The `length` bytes from `offset` on, all of which lie within `size`. @throws UnrollError where they cannot be read. */
  read(offset: number, length: number): Uint8Array;
}

/** Bytes that are in memory already. */
export function sourceOf(bytes: Uint8Array): ByteSource {
  return { size: bytes.length, read: (offset, length) => bytes.subarray(offset, offset + length) };
}

/** So many bytes are read at once where a few are asked for. */
const pieceSize = 2 ** 14;

/** A source that is read from front to back in steps of a few bytes: what lies near is read along. */
export class Window {
  private piece: Uint8Array = new Uint8Array();
  private start = 0;

  constructor(private readonly source: ByteSource) {}

  get size(): number {
    return this.source.size;
  }

  /** The bytes from `from` to `to`, exclusive; fewer where the source ends before. They hold until the next call. */
  bytes(from: number, to: number): Uint8Array {
    const end = Math.min(to, this.size);
    if (from >= this.start && end <= this.start + this.piece.length) {
      return this.piece.subarray(from - this.start, end - this.start);
    }
    if (end - from >= pieceSize) return this.source.read(from, end - from);
    this.start = from;
    this.piece = this.source.read(from, Math.min(pieceSize, this.size - from));
    return this.piece.subarray(0, end - from);
  }
}
