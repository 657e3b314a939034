import assert from 'node:assert/strict';
import { rankCorrelation, suitsAnchor, suitsLog } from '../../../../extension/data/forecast/character';
import { noise } from '../../../support/noise';

const series = (rows: number, at: (i: number) => number) => Float64Array.from({ length: rows }, (_, i) => at(i));

describe('character of a series', () => {
  const next = noise(11);

  it('takes the log where the spread grows with the level', () => {
    assert.ok(
      suitsLog(
        series(120, (i) => Math.exp(i / 40) * (1 + 0.2 * next())),
        null,
      ),
    );
  });

  it('takes no log where the spread stays, the level stays, or a value is not positive', () => {
    assert.ok(
      !suitsLog(
        series(120, (i) => 10 + i + next()),
        null,
      ),
    );
    assert.ok(
      !suitsLog(
        series(120, () => 10 + next()),
        null,
      ),
    );
    const growing = series(120, (i) => Math.exp(i / 40) * (1 + 0.2 * next()));
    growing[50] = 0;
    assert.ok(!suitsLog(growing, null));
    assert.ok(
      !suitsLog(
        series(20, (i) => i + 1),
        null,
      ),
    );
  });

  it('is not swayed by one wild value', () => {
    const values = series(240, () => 10 + next());
    values[120] = 1e6;
    assert.ok(!suitsLog(values, null));
  });

  it('anchors a walk and not noise', () => {
    let at = 0;
    assert.ok(
      suitsAnchor(
        series(300, () => {
          at += next();
          return at;
        }),
      ),
    );
    assert.ok(!suitsAnchor(series(300, next)));
  });

  it('correlates ranks, ties sharing theirs', () => {
    assert.equal(rankCorrelation([1, 2, 3, 100], [0, 5, 6, 7]), 1);
    assert.equal(rankCorrelation([1, 2, 3], [3, 2, 1]), -1);
    assert.equal(rankCorrelation([1, 1, 1], [1, 2, 3]), 0);
    assert.ok(Math.abs(rankCorrelation([1, 1, 2], [1, 2, 3]) - Math.sqrt(3) / 2) < 1e-12);
  });
});
