import assert from 'node:assert/strict';
import { fineness, overlaps, regionKey, regionsOf } from '../../../webview/trace/regions';

const whole = (steps: number, units: number) => ({ from: 0, to: steps, firstRank: 0, endRank: units });

describe('the regions that a picture is made of', () => {
  it('cover what is in view, each step and unit once', () => {
    const [steps, units] = [9973, 700];
    const window = { from: 311.5, to: 8207.25, firstRank: 3, endRank: 650 };
    const regions = regionsOf(steps, units, window, 1100, 384);
    const times = new Uint8Array(steps * units);
    for (const { from, to, firstRank, endRank } of regions)
      for (let step = from; step < to; step++)
        for (let rank = firstRank; rank < endRank; rank++)
          times[step * units + rank] = (times[step * units + rank] ?? 0) + 1;
    for (let step = 311; step < 8208; step++)
      for (let rank = 3; rank < 650; rank++)
        if (times[step * units + rank] !== 1) assert.fail(`step ${step}, rank ${rank}`);
    assert.ok(regions.every((region) => overlaps(region, window)));
  });

  it('have about a block a pixel, and never more blocks than there are numbers', () => {
    for (const [steps, width] of [
      [10_000, 1100],
      [5000, 300],
      [40, 1100],
      [1, 1100],
    ] as const) {
      const columns = regionsOf(steps, 8, whole(steps, 8), width, 96).reduce((sum, region) => sum + region.columns, 0);
      const wished = Math.min(steps, width);
      assert.ok(
        columns <= steps && columns >= wished / 1.5 && columns <= wished * 1.5,
        `${columns} for ${steps} on ${width}`,
      );
    }
  });

  it('stay the same while a view moves or zooms a little', () => {
    const keys = (from: number, to: number) =>
      regionsOf(50_000, 64, { from, to, firstRank: 0, endRank: 64 }, 1000, 96).map(regionKey);
    const first = keys(1500, 3100);
    assert.deepEqual(keys(1520, 3120), first);
    assert.deepEqual(keys(1520, 3160), first);
  });

  it('have a bounded size on any screen', () => {
    for (const region of regionsOf(1_000_000, 4096, whole(1_000_000, 4096), 7680, 4320)) {
      assert.ok(region.columns <= 1024 && region.rows <= 256);
      assert.ok(fineness(region) > 0);
    }
  });
});
