import assert from 'node:assert/strict';
import { logMel } from '../../../../extension/data/sounds/logMel';

const settings = { mels: 20, window: 32, hop: 16, highest: null };
const rate = 8000;
const tone = (hertz: number, seconds: number) =>
  Float32Array.from({ length: rate * seconds }, (_, i) => Math.sin((2 * Math.PI * hertz * i) / rate));
const sound = (samples: Float32Array) => ({ rate, samples, isCut: false, lost: 0, channels: 1, bits: 16 });

describe('log-mel energies', () => {
  it('are what a plain Fourier sum of the window gives', () => {
    const samples = Float32Array.from({ length: 256 }, (_, i) => Math.sin(i * i * 0.013) + 0.3 * Math.cos(i * 0.7));
    const energies = logMel(sound(samples), settings, 4000);
    const melOf = (hertz: number) => 2595 * Math.log10(1 + hertz / 700);
    const power = Array.from({ length: 129 }, (_, bin) => {
      let [real, imaginary] = [0, 0];
      for (let i = 0; i < 256; i++) {
        const value = (samples[i] ?? 0) * (0.5 - 0.5 * Math.cos((2 * Math.PI * i) / 256));
        real += value * Math.cos((2 * Math.PI * bin * i) / 256);
        imaginary -= value * Math.sin((2 * Math.PI * bin * i) / 256);
      }
      return real * real + imaginary * imaginary;
    });
    const edges = Array.from({ length: 22 }, (_, i) => 700 * (10 ** ((melOf(4000) * i) / 21 / 2595) - 1));
    for (let mel = 3; mel < 20; mel++) {
      const [low = 0, top = 0, high = 0] = edges.slice(mel, mel + 3);
      const sum = power.reduce((all, value, bin) => {
        const hertz = (bin * rate) / 256;
        const weight = Math.max(0, Math.min((hertz - low) / (top - low), (high - hertz) / (high - top)));
        return all + weight * value;
      }, 0);
      assert.ok(Math.abs((energies[mel] ?? 0) - Math.log(sum)) < 1e-3, `${mel}: ${energies[mel]}, ${Math.log(sum)}`);
    }
  });

  it('of a higher tone lie in a higher band, at every step', () => {
    const largest = (hertz: number) => {
      const energies = logMel(sound(tone(hertz, 0.2)), settings, 4000);
      assert.equal(energies.length % 20, 0);
      const bands = new Set<number>();
      for (let from = 0; from < energies.length; from += 20) {
        const step = energies.subarray(from, from + 20);
        bands.add(step.indexOf(Math.max(...step)));
      }
      assert.equal(bands.size, 1);
      return [...bands][0] ?? -1;
    };
    const found = [200, 500, 1000, 2000, 3500].map(largest);
    assert.deepEqual(
      found,
      [...found].sort((a, b) => a - b),
    );
    assert.equal(new Set(found).size, 5);
  });

  it('have a step for every hop, and one for what is shorter than a window', () => {
    assert.equal(logMel(sound(new Float32Array(8000)), settings, 4000).length / 20, Math.floor((8000 - 256) / 128) + 1);
    assert.equal(logMel(sound(new Float32Array(3)), settings, 4000).length, 20);
  });

  it('of silence are numbers', () => {
    for (const value of logMel(sound(new Float32Array(1000)), settings, 4000))
      assert.equal(value, Math.fround(Math.log(1e-10)));
  });

  it('reach no higher than asked, and no band is empty however many there are', () => {
    const energies = logMel(sound(tone(3000, 0.1)), { ...settings, mels: 128 }, 1000);
    const loud = logMel(sound(tone(300, 0.1)), { ...settings, mels: 128 }, 1000);
    assert.ok(Math.max(...energies) < Math.max(...loud) - 5);
    for (const value of loud) assert.ok(Number.isFinite(value));
  });
});
