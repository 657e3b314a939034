import { existsSync } from 'node:fs';
import path from 'node:path';
import { UnrollError } from '../../protocol/errors';
import type { RunSummary } from '../../protocol/run';
import { listRuns } from '../../runtime/runs/readRun';
import { type Command, jsonOption } from '../command';
import { mainOf, metricTitle } from '../metricTitles';
import { significant, table } from '../numbers';

export const runs: Command = {
  verb: 'runs',
  synopsis: 'runs [DIR]',
  summary: 'Lists the runs in .unroll/runs below a folder, newest first; the working folder by default.',
  operands: { least: 0, most: 1 },
  options: [jsonOption],
  async run({ operands: [folder = '.'], cwd, output }) {
    const root = path.resolve(cwd, folder);
    if (!existsSync(root)) throw new UnrollError('usage', 'There is no folder {0}.', root);
    const found = listRuns(root);
    for (const run of found) output.event(run);
    output.print(
      found.length === 0
        ? `No runs below ${root}.`
        : table([['run', 'model', 'state', 'epoch', 'test'], ...found.map(rowOf)]),
    );
    return 0;
  },
};

function rowOf({ dir, model, state, epoch, epochs, report }: RunSummary): string[] {
  const [name, value] = mainOf(report?.test ?? {});
  const test = value === undefined ? '' : `${metricTitle(name)} ${significant(value)}`;
  return [path.basename(dir), model, state.kind, `${epoch}/${epochs}`, test];
}
