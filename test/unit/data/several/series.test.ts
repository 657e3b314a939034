import assert from 'node:assert/strict';
import { autoregress, fitAutoregression } from '../../../../extension/data/forecast/autoregression';
import { baselineForecasts } from '../../../../extension/data/forecast/baselines';
import { assemble, type Series } from '../../../../extension/data/forecast/series';
import { prepare } from '../../../../extension/data/forecast/windows';
import { forecastMetrics, naiveError } from '../../../../extension/data/judging/metrics';
import { seriesScores } from '../../../../extension/data/judging/perSeries';
import { assembleSeveral } from '../../../../extension/data/several/series';
import { parts, splitRows } from '../../../../extension/data/split';
import { scaledRows } from '../../../../extension/data/streamed/scaledRows';
import { format } from '../../../../extension/protocol/messages';
import { batchFor } from '../../../support/batches';
import { experimentOn } from '../../../support/experiments';

/** Series whose values tell them and their row: 1000 times the number of the series, and the row within it. */
function countingSeries(...lengths: readonly number[]): Series {
  const starts = Uint32Array.of(0, ...lengths.map((_, s) => lengths.slice(0, s + 1).reduce((sum, rows) => sum + rows)));
  const values = Float64Array.from(
    lengths.flatMap((rows, s) => Array.from({ length: rows }, (_, row) => 1000 * s + row)),
  );
  return {
    rows: values.length,
    time: null,
    columns: [{ name: 'y', values }],
    fingerprint: '',
    notes: [],
    several: { names: lengths.map((_, s) => `s${s}`), starts },
  };
}

const several = experimentOn({ series: 'shop', scaler: 'none', embargo: 1 });

describe('several series in a forecast', () => {
  it('lets no window reach from one series into another or over its own split', () => {
    const lengths = [50, 30, 70];
    const data = prepare(countingSeries(...lengths), several);
    const batch = batchFor(data, 1);
    for (const part of parts) {
      let expected = 0;
      const seen = lengths.map(() => new Set<number>());
      for (let window = 0; window < data.windows[part]; window++) {
        data.fill(part, [window], 1, batch);
        const rows = [...batch.x, ...batch.y].map(Number);
        const s = Math.floor((rows[0] ?? 0) / 1000);
        assert.deepEqual(
          rows,
          rows.map((_, i) => (rows[0] ?? 0) + i),
        );
        for (const row of rows) seen[s]?.add(row % 1000);
        assert.equal(data.windowsOf[part].stretch(window), s);
        assert.equal(data.series.columns[0]?.values[data.origins(part)[window] ?? -1], batch.y[0]);
        assert.deepEqual(Array.from(data.truth(part).subarray(2 * window, 2 * window + 2)), rows.slice(3));
      }
      for (const [s, length] of lengths.entries()) {
        const { start, end } = splitRows(length, several.data.split)[part];
        const first = part === 'train' ? start : start + 1;
        assert.deepEqual(
          [...(seen[s] ?? [])],
          Array.from({ length: end - first }, (_, i) => first + i),
        );
        expected += end - first - 4;
      }
      assert.equal(data.windows[part], expected);
    }
  });

  it('scales each series by its own training rows where it is asked to, and back', () => {
    const data = prepare(countingSeries(50, 30), {
      ...several,
      data: { ...several.data, scaler: 'standard', scaleBy: 'series' },
    });
    assert.deepEqual(
      data.seriesScalers?.map(([scaler]) => scaler?.offset),
      [14.5, 1008.5],
    );
    const batch = batchFor(data, 1);
    const last = data.windows.test - 1;
    data.fill('test', [last], 1, batch);
    assert.ok(Math.abs(data.targetScale('test', last).unscale(Number(batch.y[1])) - 1029) < 1e-3);
    assert.ok(Math.abs(data.targetScale('test', last).scale(1029) - Number(batch.y[1])) < 1e-6);
    const together = prepare(countingSeries(50, 30), { ...several, data: { ...several.data, scaler: 'standard' } });
    assert.equal(together.seriesScalers, null);
  });

  it('judges each series beside its own baselines, as if it were alone', () => {
    const series = countingSeries(60, 45);
    const { values } = series.columns[0] ?? assert.fail();
    values.set(values.map((value, row) => value + 7 * Math.sin(row * row)));
    const data = prepare(series, { ...several, data: { ...several.data, season: 4 } });
    const told = data.baselineForecasts('test');
    const truth = data.truth('test');
    const [first = 0] = data.windowsOf.test.before.subarray(1, 2);
    for (const [s, name] of ['s0', 's1'].entries()) {
      const [start = 0, end = 0] = series.several?.starts.subarray(s, s + 2) ?? [];
      const alone = prepare(
        {
          ...series,
          rows: end - start,
          columns: [{ name: 'y', values: values.slice(start, end) }],
          several: { names: [name], starts: Uint32Array.of(0, end - start) },
        },
        { ...several, data: { ...several.data, season: 4 } },
      );
      const [from, to] = s === 0 ? [0, first] : [first, data.windows.test];
      for (const baseline of ['persistence', 'seasonalNaive', 'drift'] as const) {
        assert.deepEqual(told[baseline]?.slice(2 * from, 2 * to), alone.baselineForecasts('test')[baseline]);
        // Against the definition, with rows counted from the start of the series.
        const origins = alone.origins('test');
        assert.deepEqual(
          alone.baselineForecasts('test')[baseline],
          baselineForecasts(baseline, values.slice(start, end), origins, 2, 4),
        );
      }
      assert.equal(
        data.targets[0]?.naives[s],
        naiveError(values.slice(start, start + (alone.stretches[0]?.split.train.end ?? 0)), 4),
      );
    }
    const zero = new Float64Array(truth.length);
    const { perSeries = [], seriesTested } = seriesScores(data, truth, zero, told, data.naive('test'));
    assert.equal(seriesTested, 2);
    // Zero is furthest from the series of the higher level.
    assert.deepEqual(
      perSeries.map(({ series: name }) => name),
      ['s1', 's0'],
    );
    const own = truth.slice(2 * first);
    assert.deepEqual(
      perSeries[0]?.model,
      forecastMetrics(own, zero.slice(2 * first), data.targets[0]?.naives[1] ?? null),
    );
    // Over all, each error is divided by what its own series is scaled by.
    const mase = forecastMetrics(truth, zero, data.naive('test'))['mase'] ?? 0;
    const byHand =
      truth.reduce(
        (sum, value, i) => sum + Math.abs(value) / (data.targets[0]?.naives[i < 2 * first ? 0 : 1] ?? 1),
        0,
      ) / truth.length;
    assert.ok(Math.abs(mase - byHand) < 1e-9);
  });

  it('fits one linear model to the windows of all series, and to none across them', () => {
    // Both follow y = 0.5 y₋₁ + 1 from different beginnings, and each ends far from where the other begins.
    const follow = (from: number, rows: number) => {
      const values = [from];
      while (values.length < rows) values.push(0.5 * (values.at(-1) ?? 0) + 1);
      return values;
    };
    const column = Float32Array.from([...follow(900, 12), ...follow(-500, 12)]);
    const read = scaledRows(column.length, [column], {}, (each) => each);
    const ranges = [
      { start: 0, end: 12 },
      { start: 12, end: 24 },
    ];
    const forecasts = autoregress(fitAutoregression(read, ranges, 1, 1), read, [5, 17]);
    assert.ok(Math.abs((forecasts[0] ?? 0) - (column[5] ?? 0)) < 1e-2, `${forecasts}`);
    assert.ok(Math.abs((forecasts[1] ?? 0) - (column[17] ?? 0)) < 1e-2, `${forecasts}`);
    const across = autoregress(fitAutoregression(read, [{ start: 0, end: 24 }], 1, 1), read, [5]);
    assert.ok(Math.abs((across[0] ?? 0) - (column[5] ?? 0)) > 1);
  });

  it('sorts and fills each series for itself, and says once what was done', () => {
    const series = assembleSeveral(
      {
        raw: {
          file: 'shops.csv',
          fingerprint: 'f',
          notes: [],
          gaps: 'keep',
          indicators: 0,
          time: Float64Array.of(3, 1, 2, 2, 1, 3, 1, 2),
          columns: [{ name: 'y', values: Float64Array.of(30, 10, Number.NaN, 200, 100, 300, 7, Number.NaN) }],
        },
        named: { name: 'shop', labels: ['a', 'b', 'c'], codes: Int32Array.of(0, 0, 0, 1, 1, 1, -1, 2) },
      },
      'forwardFill',
      { validation: 0, test: 0 },
    );
    assert.deepEqual(series.several, { names: ['a', 'b'], starts: Uint32Array.of(0, 3, 6) });
    assert.deepEqual([...(series.columns[0]?.values ?? [])], [10, 10, 30, 100, 200, 300]);
    assert.deepEqual([...(series.time ?? [])], [1, 2, 3, 1, 2, 3]);
    const notes = series.notes.map((note) => format(note));
    assert.deepEqual(notes, [
      '1 rows without a value of shop were left out.',
      '1 of 3 series were left out, the first of them for this: Column y of shops.csv holds no value at all; choose another column.',
      'The rows were not in the order of time and were sorted.',
      '1 missing values of y took the last value seen.',
    ]);
  });

  it('learns nothing from what comes after the split of each series', () => {
    const choices = { ...several.data, scaler: 'standard' as const, scaleBy: 'series' as const, season: 4 };
    for (const transform of ['none', 'difference'] as const) {
      const experiment = { ...several, data: { ...choices, transform } };
      const known = (change: boolean) => {
        const series = countingSeries(60, 45);
        const { values } = series.columns[0] ?? assert.fail();
        values.set(values.map((value, row) => value + 7 * Math.sin(row * row)));
        for (const [s, start] of [0, 60].entries()) {
          const { end } = splitRows([60, 45][s] ?? 0, choices.split).train;
          if (change) values.fill(-1e6, start + end, start + ([60, 45][s] ?? 0));
        }
        const data = prepare(series, experiment);
        const batch = batchFor(data, data.windows.train);
        data.fill(
          'train',
          Array.from({ length: data.windows.train }, (_, window) => window),
          data.windows.train,
          batch,
        );
        const { scalers, seriesScalers, targets } = data;
        const naives = targets[0]?.naives;
        const linear = [...(data.baselineForecasts('train').linear ?? [])];
        return { scalers, seriesScalers, naives, linear, x: [...batch.x], y: [...batch.y] };
      };
      assert.deepEqual(known(true), known(false));
    }
  });

  it('fills what is missing before an earlier origin without what follows it', () => {
    // Of 20 rows the last 4 are the test part, those before the validation part; two origins before they are rows 8 to 11 and 4 to 7.
    const y = Float64Array.from({ length: 20 }, (_, row) => (row === 7 || row === 11 ? Number.NaN : row * row));
    const raw = {
      file: 'y.csv',
      fingerprint: '',
      notes: [],
      gaps: 'keep' as const,
      indicators: 0,
      time: null,
      columns: [{ name: 'y', values: y }],
    };
    const { columns } = assemble(raw, 'interpolate', { validation: 0.2, test: 0.2 }, {}, 2);
    assert.deepEqual([columns[0]?.values[7], columns[0]?.values[11]], [36, 100]);
    const whole = assemble(raw, 'interpolate', { validation: 0.2, test: 0.2 });
    assert.deepEqual([whole.columns[0]?.values[7], whole.columns[0]?.values[11]], [50, 100]);
  });

  it('says which series are too short', () => {
    const data = prepare(countingSeries(60, 6), several);
    assert.match(
      data.notes.map((note) => format(note)).join('\n'),
      /1 of the 2 series are too short for a window in the training part, and 1 for/,
    );
    assert.throws(() => prepare(countingSeries(6, 7), several), { code: 'data', message: /longest of the 2 series/ });
  });
});
