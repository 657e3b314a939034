/** A WAV file of samples from -1 to 1, frame by frame with the channels side by side. */
export function wavOf(
  samples: readonly number[],
  { rate = 8000, channels = 1, bits = 16, float = false, long = false } = {},
): Buffer {
  const width = bits / 8;
  const data = Buffer.alloc(samples.length * width);
  for (const [i, sample] of samples.entries()) {
    const at = i * width;
    if (float && bits === 64) data.writeDoubleLE(sample, at);
    else if (float) data.writeFloatLE(sample, at);
    else if (bits === 8) data.writeUInt8(Math.round(sample * 127) + 128, at);
    else data.writeIntLE(Math.round(sample * (2 ** (bits - 1) - 1)), at, width);
  }
  const code = float ? 3 : 1;
  const format = Buffer.alloc(long ? 40 : 16);
  format.writeUInt16LE(long ? 0xfffe : code, 0);
  format.writeUInt16LE(channels, 2);
  format.writeUInt32LE(rate, 4);
  format.writeUInt32LE(rate * channels * width, 8);
  format.writeUInt16LE(channels * width, 12);
  format.writeUInt16LE(bits, 14);
  if (long) format.writeUInt16LE(code, 24);
  // A chunk that nobody knows, of an odd size, stands in the way.
  const parts = [chunk('fmt ', format), chunk('LIST', Buffer.from('abc')), chunk('data', data)];
  const body = Buffer.concat([Buffer.from('WAVE'), ...parts]);
  return chunk('RIFF', body);
}

function chunk(name: string, content: Buffer): Buffer {
  const size = Buffer.alloc(4);
  size.writeUInt32LE(content.length);
  return Buffer.concat([Buffer.from(name), size, content, Buffer.alloc(content.length % 2)]);
}
