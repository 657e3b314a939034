import { UnrollError } from '../../protocol/errors';

/** A sound of one channel. */
export interface Sound {
  /** Samples a second. */
  readonly rate: number;
  /** From -1 to 1; several channels are averaged. */
  readonly samples: Float32Array;
  /** Whether the file ends before it says that it does. */
  readonly isCut: boolean;
  /** Samples of the file that are no finite numbers, as floats can be, and were read as 0. */
  readonly lost: number;
  /** Of the file. */
  readonly channels: number;
  /** Of a sample in the file. */
  readonly bits: number;
}

const [pcm, float, extensible] = [1, 3, 0xfffe];

/** Reads a RIFF WAVE file of 8, 16, 24 or 32 bits or of floats. `name` is what errors call it. @throws UnrollError `data`. */
export function readWav(bytes: Uint8Array, name: string): Sound {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tag = (at: number) => String.fromCharCode(...bytes.subarray(at, at + 4));
  if (bytes.length < 12 || tag(0) !== 'RIFF' || tag(8) !== 'WAVE') {
    throw new UnrollError('data', '{0} is not a WAV file; convert it, or take it out of the folder.', name);
  }
  let format: Format | null = null;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const [kind, size, start] = [tag(at), view.getUint32(at + 4, true), at + 8];
    if (kind === 'fmt ' && start + 16 <= bytes.length) format = readFormat(view, start, size);
    if (kind === 'data' && format !== null) {
      const there = Math.min(size, bytes.length - start);
      const { rate, channels, bits } = format;
      return { rate, ...decode(view, start, there, format, name), isCut: there < size, channels, bits };
    }
    // Chunks begin at even places.
    at = start + size + (size % 2);
  }
  throw new UnrollError('data', '{0} holds no sound: it ends before its samples; take it out of the folder.', name);
}

interface Format {
  readonly code: number;
  readonly channels: number;
  readonly rate: number;
  readonly bits: number;
}

function readFormat(view: DataView, at: number, size: number): Format {
  const code = view.getUint16(at, true);
  const isLong = code === extensible && size >= 26 && at + 26 <= view.byteLength;
  return {
    code: isLong ? view.getUint16(at + 24, true) : code,
    channels: view.getUint16(at + 2, true),
    rate: view.getUint32(at + 4, true),
    bits: view.getUint16(at + 14, true),
  };
}

type Decoded = Pick<Sound, 'samples' | 'lost'>;

function decode(view: DataView, start: number, size: number, format: Format, name: string): Decoded {
  const { code, channels, rate, bits } = format;
  const read = readerOf(view, code, bits);
  if (read === null || channels < 1 || channels > 64 || rate < 100 || rate > 1_000_000) {
    throw new UnrollError(
      'data',
      '{0} is a WAV file of a kind that is not read (format {1}, {2} bits, {3} channels, {4} Hz); save it as 16-bit PCM.',
      name,
      code,
      bits,
      channels,
      rate,
    );
  }
  const width = bits / 8;
  const samples = new Float32Array(Math.floor(size / (width * channels)));
  let lost = 0;
  for (let i = 0; i < samples.length; i++) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++) {
      const value = read(start + (i * channels + channel) * width);
      if (Number.isFinite(value)) sum += value;
      else lost++;
    }
    samples[i] = sum / channels;
  }
  return { samples, lost };
}

/** How a sample is read; null for a kind that nobody knows. */
function readerOf(view: DataView, code: number, bits: number): ((at: number) => number) | null {
  if (code === float && bits === 32) return (at) => view.getFloat32(at, true);
  if (code === float && bits === 64) return (at) => view.getFloat64(at, true);
  if (code !== pcm) return null;
  switch (bits) {
    case 8:
      // Of 8 bits alone the middle is 128.
      return (at) => (view.getUint8(at) - 128) / 128;
    case 16:
      return (at) => view.getInt16(at, true) / 2 ** 15;
    case 24:
      return (at) => (view.getUint8(at) + view.getInt16(at + 1, true) * 256) / 2 ** 23;
    case 32:
      return (at) => view.getInt32(at, true) / 2 ** 31;
    default:
      return null;
  }
}
