import path from 'node:path';
import type { Proposal } from '../protocol/engine';
import { Chooser } from './chooser';
import { readColumns } from './columns';
import { chooseColumns, chooseData, trainingTarget } from './dataChoices';
import { deviceDefaults } from './defaults';
import { parseDraft, parseExperiment } from './draft';
import { profileOf } from './profile';
import { windowsIn } from './split';
import { withTable } from './table';
import { chooseModel, chooseTraining } from './trainingChoices';
import { prepare } from './windows';

/**
 * Makes every choice that a draft leaves open, from the data. `root` is the folder that `draft.data.path` is relative to. What is
 * guessed from values is guessed from the training part alone, and the data is prepared once to see that the whole can be trained.
 * @throws UnrollError `experiment` where the draft is wrong, `data` where the file cannot be used.
 */
export async function propose(root: string, draft: unknown): Promise<Proposal> {
  const asked = parseDraft(draft, pathOf(draft));
  return withTable(path.resolve(root, asked.data.path), async (table) => {
    const profile = await profileOf(table);
    const chooser = new Chooser();
    const columns = chooseColumns(asked.data, profile, chooser);

    const raw = await readColumns(table, [columns.target, ...columns.features], columns.time);
    const { data, series } = chooseData(asked.data, columns, raw, chooser);
    const training = trainingTarget(series, data.split);
    const windows = windowsIn({ start: 0, end: training.length }, data.lookback, data.horizon);
    const experiment = parseExperiment(
      {
        version: 1,
        name: asked.name ?? (path.parse(data.path).name.trim() || data.target).slice(0, 80),
        task: 'forecast',
        data,
        model: chooseModel(asked.model ?? {}, data.target, training, chooser),
        training: chooseTraining('forecast', asked.training ?? {}, windows, chooser),
        device: {
          provider: asked.device?.provider ?? deviceDefaults.provider,
          threads: asked.device?.threads ?? deviceDefaults.threads,
        },
      },
      data.path,
    );
    prepare(series, experiment);
    return { experiment, profile, reasons: chooser.reasons };
  });
}

/** What the draft is called in an error, before it is known to be a draft. */
function pathOf(draft: unknown): string {
  const data = draft !== null && typeof draft === 'object' && 'data' in draft ? draft.data : null;
  const file = data !== null && typeof data === 'object' && 'path' in data ? data.path : null;
  return typeof file === 'string' && file !== '' ? file : 'the experiment';
}
