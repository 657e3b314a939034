import { UnrollError } from '../../protocol/errors';
import type { Window } from './byteSource';

/** A stretch of a file; the end is exclusive. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** A field of a protobuf message where it lies in a file: `whole` with its tag, `content` what a length stands before, else null. */
export interface Field {
  readonly number: number;
  readonly whole: Stretch;
  readonly content: Stretch | null;
}

/** A varint has at most ten bytes. */
const longestVarint = 10;

/**
 * The fields of a message, in the order of the file. Contents are stepped over and not read.
 * The encoding is that of https://protobuf.dev/programming-guides/encoding/.
 * @throws UnrollError `model` where they do not fit into the message.
 */
export function* fieldsOf(window: Window, { from, to }: Stretch): Generator<Field> {
  for (let at = from; at < to; ) {
    const tag = varint(window, at, to);
    const number = Math.floor(tag.value / 8);
    const [end, length] = ending(window, tag.value % 8, tag.end, to);
    if (number === 0 || number >= 2 ** 29 || end > to) throw cutShort();
    yield { number, whole: { from: at, to: end }, content: length === null ? null : { from: end - length, to: end } };
    at = end;
  }
}

/** Where a field's value ends that begins at `at`, and its length where one stands before it. */
function ending(window: Window, wireType: number, at: number, to: number): [end: number, length: number | null] {
  switch (wireType) {
    case 0:
      return [varint(window, at, to).end, null];
    case 1:
      return [at + 8, null];
    case 2: {
      const length = varint(window, at, to);
      return [length.end + length.value, length.value];
    }
    case 5:
      return [at + 4, null];
    default:
      // Groups (3 and 4) are of the time before ONNX.
      throw cutShort();
  }
}

function varint(window: Window, at: number, to: number): { readonly value: number; readonly end: number } {
  const bytes = window.bytes(at, Math.min(to, at + longestVarint));
  let value = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] ?? 0;
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return { value, end: at + i + 1 };
  }
  throw cutShort();
}

const cutShort = () =>
  new UnrollError(
    'model',
    'This is not an ONNX model, or it is damaged: {0}.',
    'a field does not fit into its message',
  );
