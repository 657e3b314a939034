import assert from 'node:assert/strict';
import { guessTarget, guessTime } from '../../../../extension/data/choices/guess';
import type { ColumnKind, DataProfile } from '../../../../extension/protocol/data';

type Entry = [name: string, kind: ColumnKind, min?: number, max?: number, missing?: number];

const profileOf = (...columns: Entry[]): DataProfile => ({
  path: '/x.csv',
  rows: 100,
  fingerprint: '',
  columns: columns.map(([name, kind, min = 0, max = 50, missing = 0]) => ({ name, kind, min, max, missing })),
});

describe('guess', () => {
  const targets: [string, Entry[], string][] = [
    [
      'the only column of numbers',
      [
        ['d', 'time'],
        ['speed', 'number'],
      ],
      'speed',
    ],
    [
      'the last column of numbers',
      [
        ['a', 'number'],
        ['b', 'number'],
        ['c', 'text'],
      ],
      'b',
    ],
    [
      'a column that is more than yes and no',
      [
        ['a', 'number'],
        ['b', 'number'],
        ['holiday', 'number', 0, 1],
      ],
      'b',
    ],
    [
      'yes and no where there is nothing else',
      [
        ['rain', 'number', 0, 1],
        ['holiday', 'number', 0, 1],
      ],
      'holiday',
    ],
    [
      'no column of the calendar',
      [
        ['sold', 'number'],
        ['price', 'number'],
        ['day_of_week', 'number', 0, 6],
        ['Month sin', 'number', -1, 1],
        ['weekday', 'number', 0, 6],
      ],
      'price',
    ],
    [
      'a column that is named like a target',
      [
        ['Close', 'number'],
        ['Volume', 'number'],
      ],
      'Close',
    ],
    [
      'no column that numbers the rows',
      [
        ['id', 'number'],
        ['v', 'number'],
      ],
      'v',
    ],
    [
      'no first column that counts',
      [
        ['n', 'number', 1, 100],
        ['v', 'number'],
      ],
      'v',
    ],
    [
      'no constant',
      [
        ['v', 'number'],
        ['k', 'number', 3, 3],
      ],
      'v',
    ],
    [
      'no column that is all missing',
      [
        ['v', 'number'],
        ['k', 'number', 0, 1, 100],
      ],
      'v',
    ],
    [
      'no part of a date',
      [
        ['v', 'number'],
        ['hour', 'number'],
      ],
      'v',
    ],
    ['an index where there is nothing else', [['n', 'number', 1, 100]], 'n'],
  ];
  for (const [what, columns, target] of targets) {
    it(`takes as target ${what}`, () => assert.equal(guessTarget(profileOf(...columns)).value, target));
  }

  const times: [string, Entry[], string | null][] = [
    [
      'the one with the name of a time',
      [
        ['born', 'time'],
        ['date', 'time'],
      ],
      'date',
    ],
    [
      'the first else',
      [
        ['born', 'time'],
        ['died', 'time'],
      ],
      'born',
    ],
    ['none that misses many', [['born', 'time', 0, 1, 50]], null],
    ['none where there is none', [['v', 'number']], null],
  ];
  for (const [what, columns, time] of times) {
    it(`takes as time ${what}`, () => assert.equal(guessTime(profileOf(...columns)).value, time));
  }
});
