import { parseArgs } from 'node:util';
import { cellsOfRows, type Selection, sizesOfRows, threadsOfRows } from './rows';

export const peerNames = ['torch', 'tfjs', 'brain'] as const;
export type PeerName = (typeof peerNames)[number];

export interface Options extends Selection {
  /** One JSON object a row on standard output; what is for a person goes to standard error. */
  readonly json: boolean;
  /** Turns that each side takes, at most. */
  readonly turns: number;
  readonly without: readonly PeerName[];
}

/**
 * Reads the command line.
 * @throws Error, one sentence, where an option or a value is unknown.
 */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      json: { type: 'boolean', default: false },
      cells: { type: 'string' },
      sizes: { type: 'string' },
      threads: { type: 'string' },
      turns: { type: 'string', default: '12' },
      without: { type: 'string', default: '' },
    },
  });
  const turns = Number(values.turns);
  if (!Number.isInteger(turns) || turns < 1)
    throw new Error(`--turns needs a whole number from 1, not "${values.turns}".`);
  return {
    json: values.json,
    cells: chosen('cells', values.cells, cellsOfRows),
    sizes: chosen('sizes', values.sizes, Object.keys(sizesOfRows)),
    threads: chosen('threads', values.threads, threadsOfRows.map(String)).map(Number),
    turns,
    without: values.without === '' ? [] : chosen('without', values.without, peerNames),
  };
}

/** The named ones of `all` in the order of `all`; all of them where nothing is named. */
function chosen<Name extends string>(option: string, list: string | undefined, all: readonly Name[]): readonly Name[] {
  if (list === undefined) return all;
  const names = list.split(',');
  const odd = names.find((name) => !all.some((known) => known === name));
  if (odd !== undefined) throw new Error(`--${option} knows ${all.join(', ')}, not "${odd}".`);
  return all.filter((name) => names.includes(name));
}
