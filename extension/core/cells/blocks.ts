import { UnrollError } from '../../protocol/errors';
import type { Builder } from '../graph/builder';
import type { Value } from '../graph/value';
import { at } from '../ops/arguments';
import { gatesOf, type ParameterName } from './parameters';
import type { CellLayer } from './step';

/** Gates of one parameter whose rows are wanted together. */
export interface BlockRequest {
  readonly name: ParameterName;
  readonly gates: readonly string[];
}

/**
 * The rows of gates of stacked parameters. Every parameter is cut once, where the requests begin and end, so that its gradient is
 * put together once; rows that do not stand side by side are joined.
 */
export function cutBlocks(
  b: Builder,
  { cell, hidden, parameters }: CellLayer,
  requests: readonly BlockRequest[],
): (request: BlockRequest) => Value {
  const pieces = new Map<ParameterName, { readonly starts: readonly number[]; readonly values: readonly Value[] }>();
  for (const name of new Set(requests.map((request) => request.name))) {
    const value = parameters[name];
    if (value === undefined)
      throw new UnrollError('internal', 'The layer of the cell {0} lacks its parameter {1}.', cell.title, name);
    const all = gatesOf(cell, name);
    const cuts = new Set([0, all.length]);
    for (const { gates } of requests.filter((request) => request.name === name)) {
      for (const [from, to] of runsOf(all, gates)) cuts.add(from).add(to);
    }
    const bounds = [...cuts].sort((x, y) => x - y);
    const sizes = bounds.slice(1).map((bound, i) => (bound - at(bounds, i)) * hidden);
    pieces.set(name, { starts: bounds.slice(0, -1), values: b.split(value, sizes, 0) });
  }
  return ({ name, gates }) => {
    const cut = pieces.get(name);
    if (cut === undefined)
      throw new UnrollError('internal', 'The layer of the cell {0} lacks its parameter {1}.', cell.title, name);
    const parts = runsOf(gatesOf(cell, name), gates).flatMap(([from, to]) =>
      cut.values.filter((_, i) => at(cut.starts, i) >= from && at(cut.starts, i) < to),
    );
    return b.concat(parts, 0);
  };
}

/** The places of `gates` in `all`, neighbours in order taken together: [first, after the last]. */
function runsOf(all: readonly string[], gates: readonly string[]): readonly (readonly [number, number])[] {
  const runs: [number, number][] = [];
  for (const gate of gates) {
    const place = all.indexOf(gate);
    const last = runs.at(-1);
    if (last?.[1] === place) last[1]++;
    else runs.push([place, place + 1]);
  }
  return runs;
}
