import assert from 'node:assert/strict';
import { readWav } from '../../../../extension/data/sounds/wav';
import { wavOf } from '../../../support/wav';

describe('a WAV file', () => {
  const samples = [0, 0.5, -0.5, 0.25, -1, 1];

  for (const [what, options, tolerance] of [
    ['8 bits', { bits: 8 }, 1 / 100],
    ['16 bits', { bits: 16 }, 1e-4],
    ['24 bits', { bits: 24 }, 1e-6],
    ['32 bits', { bits: 32 }, 1e-6],
    ['floats', { bits: 32, float: true }, 1e-7],
    ['long floats', { bits: 64, float: true }, 1e-7],
    ['the extensible kind', { bits: 24, long: true }, 1e-6],
  ] as const) {
    it(`of ${what} is read`, () => {
      const { rate, samples: read, isCut } = readWav(wavOf(samples, { ...options, rate: 16_000 }), 'a.wav');
      assert.deepEqual([rate, read.length, isCut], [16_000, samples.length, false]);
      for (const [i, sample] of samples.entries())
        assert.ok(Math.abs((read[i] ?? 9) - sample) <= tolerance, `${read[i]}`);
    });
  }

  it('of two channels is their mean', () => {
    const { samples: read } = readWav(wavOf([1, 0, 0.5, -0.5], { channels: 2, bits: 32, float: true }), 'a.wav');
    assert.deepEqual([...read], [0.5, 0]);
  });

  it('that is cut off is read as far as it goes', () => {
    const whole = wavOf(samples);
    const { samples: read, isCut } = readWav(whole.subarray(0, whole.length - 5), 'a.wav');
    assert.deepEqual([read.length, isCut], [3, true]);
  });

  it('with samples that are no numbers has silence in their place, and their count', () => {
    const { samples: read, lost } = readWav(
      wavOf([0.5, Number.NaN, 0.25, -Infinity], { bits: 32, float: true }),
      'a.wav',
    );
    assert.deepEqual([[...read], lost], [[0.5, 0, 0.25, 0], 2]);
  });

  it('says in one sentence what it is not', () => {
    const refused = (bytes: Uint8Array, pattern: RegExp) => assert.throws(() => readWav(bytes, 'a.wav'), pattern);
    refused(Buffer.from('ID3 something else entirely'), /^UnrollError: a\.wav is not a WAV file/);
    refused(new Uint8Array(0), /is not a WAV file/);
    refused(wavOf(samples).subarray(0, 40), /ends before its samples/);
    const strange = wavOf(samples);
    strange.writeUInt16LE(2, 20);
    refused(strange, /of a kind that is not read \(format 2, 16 bits, 1 channels, 8000 Hz\)/);
    const many = wavOf(samples);
    many.writeUInt16LE(65_535, 22);
    refused(many, /of a kind that is not read/);
  });
});
