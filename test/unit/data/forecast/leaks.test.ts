import assert from 'node:assert/strict';
import { RandomStream, streams } from '../../../../extension/core/random';
import { findLeaks, notesOnLeaks } from '../../../../extension/data/forecast/leaks';
import { format } from '../../../../extension/protocol/messages';

const random = new RandomStream(4, streams.weights, 0);
const noise = Float64Array.from({ length: 600 }, () => random.normal());
const column = (name: string, of: (row: number) => number) => ({
  name,
  values: Float64Array.from({ length: 500 }, (_, row) => of(row)),
});
const y = column('y', (row) => noise[row] ?? 0);

describe('leaks', () => {
  it('compares what both columns have where values are missing', () => {
    const [leak] = findLeaks(
      [y, column('holes', (row) => (row % 7 === 0 ? Number.NaN : 2 * (noise[row + 1] ?? 0)))],
      2,
    );
    assert.deepEqual([leak?.feature, leak?.shift], ['holes', 1]);
    assert.ok(Math.abs((leak?.correlation ?? 0) - 1) < 1e-9);
  });

  it('names a feature that is the target later, the target itself, or almost so', () => {
    const features = [
      column('ahead', (row) => 3 * (noise[row + 2] ?? 0) - 7),
      column('copy', (row) => -(noise[row] ?? 0) + 0.001 * (noise[(row * 7) % 500] ?? 0)),
      column('behind', (row) => noise[row - 1] ?? 0),
      column('half', (row) => (noise[row + 1] ?? 0) + 0.5 * (noise[(row * 3) % 500] ?? 0)),
      column('constant', () => 4),
    ];
    const leaks = findLeaks([y, ...features], 3);
    assert.deepEqual(
      leaks.map(({ feature, shift, correlation }) => [feature, shift, Math.sign(correlation)]),
      [
        ['ahead', 2, 1],
        ['copy', 0, -1],
      ],
    );
    const [ahead = '', copy = ''] = notesOnLeaks(leaks, 'y').map((note) => format(note));
    assert.match(ahead, /ahead is almost what y is 2 rows later \(correlation 1\)/);
    assert.match(copy, /copy is almost the same as y \(correlation -1\)/);
  });

  it('looks no further ahead than the horizon', () => {
    assert.deepEqual(findLeaks([y, column('far', (row) => noise[row + 4] ?? 0)], 3), []);
    assert.deepEqual(findLeaks([y], 3), []);
  });
});
