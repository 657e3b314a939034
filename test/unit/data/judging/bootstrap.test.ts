import assert from 'node:assert/strict';
import { RandomStream, streams } from '../../../../extension/core/random';
import { Bleu } from '../../../../extension/data/judging/bleu';
import { pairedBootstrap } from '../../../../extension/data/judging/bootstrap';
import { squaredTally } from '../../../../extension/data/judging/judgeForecast';
import { ShareRows, type Tally } from '../../../../extension/data/judging/tally';

/** Of which the metric is the mean, or their sum over that of the masses. */
function meanOf(values: Float64Array, overlap: number | null = 1, masses?: Float64Array): Tally {
  const rows = new ShareRows();
  values.forEach((value, i) => {
    rows.add(value, masses?.[i] ?? 1);
  });
  return rows.read(overlap);
}

/** Normal numbers of which each keeps `memory` of the one before. */
function series(length: number, seed: number, memory = 0): Float64Array {
  const random = new RandomStream(seed, streams.weights, 0);
  const values = new Float64Array(length);
  for (let i = 0; i < length; i++) values[i] = memory * (values[i - 1] ?? 0) + random.normal();
  return values;
}

describe('the paired bootstrap', () => {
  it('gives the interval of the mean difference of independent items', () => {
    const model = series(4000, 1);
    const found = pairedBootstrap(meanOf(model), meanOf(new Float64Array(4000)), 7);
    const truth = model.reduce((sum, value) => sum + value, 0) / 4000;
    // 1.96 standard errors of 1/√4000.
    assert.ok(found !== null && Math.abs(found.difference - truth) < 1e-12);
    assert.ok(Math.abs(found.low - (truth - 0.031)) < 0.005 && Math.abs(found.high - (truth + 0.031)) < 0.005);
  });

  it('covers the true difference about as often as it says, also where neighbours err alike', () => {
    let covered = 0;
    const trials = 120;
    for (let trial = 0; trial < trials; trial++) {
      const model = series(600, 100 + trial, 0.6);
      const found = pairedBootstrap(meanOf(model, 24), meanOf(new Float64Array(600)), trial);
      if (found !== null && found.low <= 0 && found.high >= 0) covered++;
    }
    assert.ok(covered / trials > 0.86, `${covered} of ${trials}`);
  });

  it('takes items that have nothing to do with one another as they come, in whatever order', () => {
    // Half of the items are right: all of the first half, or every other one.
    const items = 400;
    const sorted = Float64Array.from({ length: items }, (_, i) => (i < items / 2 ? 1 : 0));
    const mixed = Float64Array.from({ length: items }, (_, i) => i % 2);
    for (const values of [sorted, mixed]) {
      const found = pairedBootstrap(meanOf(values, null), meanOf(new Float64Array(items), null), 3);
      // 1.96 standard errors of 0.5/√400.
      assert.ok(found !== null && Math.abs(found.low - 0.451) < 0.005 && Math.abs(found.high - 0.549) < 0.005);
    }
  });

  describe('of several series', () => {
    const laid = (parts: readonly Float64Array[]) => {
      const before = [0];
      for (const part of parts) before.push((before.at(-1) ?? 0) + part.length);
      return { values: Float64Array.from(parts.flatMap((part) => [...part])), before };
    };
    const intervalOf = (parts: readonly Float64Array[], overlap: number, seed: number) => {
      const { values, before } = laid(parts);
      const nothing = meanOf(new Float64Array(values.length), overlap);
      return pairedBootstrap({ ...meanOf(values, overlap), before }, { ...nothing, before }, seed) ?? assert.fail();
    };

    it('draws no block that reaches from one into another, and of each as many items as it has', () => {
      // Any block over the border, and any drawing with more of one series than it has, would be off the mean.
      const found = intervalOf([new Float64Array(40).fill(1), new Float64Array(70).fill(-1)], 4, 1);
      const mean = -30 / 110;
      for (const each of [found.difference, found.low, found.high]) assert.ok(Math.abs(each - mean) < 1e-12);
    });

    it('covers the true difference about as often as it says, in an interval as wide as theory has it', () => {
      const [trials, memory, length] = [120, 0.5, 150];
      // Series of levels far apart, which are no chance: those of the file are the ones that are asked about.
      const levels = [0, 5, -20, 100, 3, 7];
      const truth = levels.reduce((sum, level) => sum + level, 0) / levels.length;
      let covered = 0;
      let width = 0;
      for (let trial = 0; trial < trials; trial++) {
        const parts = levels.map((level, s) => {
          // What a series begins with is forgotten first.
          const values = series(length + 50, 1000 + trial * levels.length + s, memory).subarray(50);
          return values.map((value) => level + value);
        });
        const found = intervalOf(parts, 8, trial);
        if (found.low <= truth && found.high >= truth) covered++;
        width += (found.high - found.low) / trials;
      }
      // The deviation of a long mean of an autoregression is 1 / ((1 - memory) √items).
      const expected = (2 * 1.96) / ((1 - memory) * Math.sqrt(length * levels.length));
      assert.ok(Math.abs(width / expected - 1) < 0.15, `${width} for ${expected}`);
      assert.ok(covered / trials > 0.87 && covered / trials < 1, `${covered} of ${trials}`);
    });

    it('draws short ones whole, whose windows err alike', () => {
      const [trials, count, windows] = [120, 60, 6];
      let covered = 0;
      let width = 0;
      for (let trial = 0; trial < trials; trial++) {
        const shared = series(count, 5000 + trial);
        const parts = Array.from(shared, (value) => new Float64Array(windows).fill(value));
        const found = intervalOf(parts, 6, trial);
        if (found.low <= 0 && found.high >= 0) covered++;
        width += (found.high - found.low) / trials;
      }
      const expected = (2 * 1.96) / Math.sqrt(count);
      assert.ok(Math.abs(width / expected - 1) < 0.1, `${width} for ${expected}`);
      assert.ok(covered / trials > 0.88 && covered / trials < 1, `${covered} of ${trials}`);
    });

    it('says nothing of too few blocks, however the series are laid', () => {
      const { values, before } = laid([series(9, 1), series(9, 2)]);
      const tally = { ...meanOf(values, 6), before };
      assert.equal(pairedBootstrap(tally, tally, 1), null);
      assert.notEqual(pairedBootstrap({ ...tally, overlap: 1 }, tally, 1), null);
    });

    it('takes very many short series in a moment, several as one', () => {
      const parts = Array.from(series(20_000, 4), (value) => new Float64Array(3).fill(value));
      const found = intervalOf(parts, 3, 1);
      const width = (2 * 1.96) / Math.sqrt(parts.length);
      assert.ok(Math.abs((found.high - found.low) / width - 1) < 0.1, JSON.stringify(found));
    });
  });

  it('pairs: what is hard for both says nothing', () => {
    const hard = series(500, 3).map((value) => 100 * value * value);
    const found = pairedBootstrap(meanOf(hard.map((value) => value - 0.5)), meanOf(hard), 1);
    assert.ok(found !== null && Math.abs(found.low + 0.5) < 1e-6 && Math.abs(found.high + 0.5) < 1e-6);
  });

  it('weighs items by what they hold', () => {
    const items = 400;
    const masses = Float64Array.from({ length: items }, (_, i) => 1 + (i % 5));
    const model = masses.map((mass) => 0.25 * mass);
    const found = pairedBootstrap(meanOf(model, 1, masses), meanOf(new Float64Array(items), 1, masses), 1);
    assert.ok(found !== null && Math.abs(found.low - 0.25) < 1e-12 && Math.abs(found.high - 0.25) < 1e-12);
  });

  it('is the same for the same seed, and says nothing of a few items', () => {
    const [model, baseline] = [meanOf(series(50, 1)), meanOf(series(50, 2))];
    assert.deepEqual(pairedBootstrap(model, baseline, 5), pairedBootstrap(model, baseline, 5));
    assert.notDeepEqual(pairedBootstrap(model, baseline, 5), pairedBootstrap(model, baseline, 6));
    assert.equal(pairedBootstrap(meanOf(series(50, 1), 11), baseline, 5), null);
    const nothing = meanOf(new Float64Array(0));
    assert.equal(pairedBootstrap(nothing, nothing, 5), null);
  });

  it('makes BLEU anew of the sentences that were drawn, which is not the mean of theirs', () => {
    const [model, baseline] = [new Bleu(), new Bleu()];
    for (let i = 0; i < 60; i++) {
      const reference = ['the', 'cat', i % 2 === 0 ? 'sat' : 'ran', 'here', 'again'];
      model.add(reference, [reference]);
      baseline.add(i % 7 < 3 ? reference : ['the', 'dog', 'sat', 'there', 'again'], [reference]);
    }
    const found = pairedBootstrap(model.tally(), baseline.tally(), 3);
    const bleu = (of: Bleu) => of.metrics()['bleu'] ?? Number.NaN;
    assert.ok(found !== null && Math.abs(found.difference - (bleu(model) - bleu(baseline))) < 1e-9);
    assert.ok(found.low > 0 && found.low < found.difference && found.high > found.difference, JSON.stringify(found));
  });

  it('takes the RMSE apart by windows', () => {
    const tally = squaredTally(Float64Array.of(1, 2, 3, 4), Float64Array.of(1, 4, 3, 4), 2);
    assert.deepEqual([Array.from(tally.rows), tally.overlap], [[4, 2, 0, 2], 2]);
    assert.equal(tally.of(Float64Array.of(4, 4)), 1);
  });
});
