import path from 'node:path';
import type { Experiment } from '../protocol/experiment';
import { loadSeries } from './forecast/series';
import { prepare } from './forecast/windows';
import { prepareTranslated } from './pairs/translated';
import type { PreparedData } from './prepared';
import { loadSequences, prepareSequences } from './sequences/prepare';
import { loadSeveral } from './several/series';
import { prepareSounds } from './sounds/classified';
import { readSounds } from './sounds/items';
import { loadTranscripts, prepareSpoken } from './sounds/transcribed';
import { mostHeld, type Reading } from './table/reading';
import { loadTagged } from './tags/sentences';
import { prepareTagged } from './tags/tagged';
import { loadText, prepareLanguage } from './text/language';
import { prepareTexts } from './texts/classified';
import { loadTextItems } from './texts/items';

/**
 * Reads and prepares what an experiment is trained on. `root` is the folder that its data path is relative to. A series that is too long to
 * be held in memory is kept in a file.
 * @param origin of a forecast: how many test parts at the end are left out, as if they were not known yet.
 * @throws UnrollError `data` where the file cannot be used, `experiment` where a choice does not fit it.
 */
export async function loadData(
  root: string,
  experiment: Experiment,
  reading: Reading = {},
  origin = 0,
): Promise<PreparedData> {
  const kept = { held: mostHeld, ...reading };
  switch (experiment.task) {
    case 'forecast': {
      const { series } = experiment.data;
      const read =
        series === null
          ? loadSeries(root, experiment, kept, origin)
          : loadSeveral(root, experiment, series, kept, origin);
      return prepare(await read, experiment, kept);
    }
    case 'language':
      return prepareLanguage(await loadText(root, experiment), experiment);
    case 'translate':
      return prepareTranslated(await loadTextItems(root, experiment), experiment);
    default:
      if (experiment.data.sound !== null) {
        const items = await readSounds(path.resolve(root, experiment.data.path), reading.files);
        return experiment.task === 'transcribe'
          ? prepareSpoken(items, await loadTranscripts(items, experiment), experiment)
          : prepareSounds(items, experiment);
      }
      if (experiment.data.text !== null && experiment.task === 'label') {
        return prepareTagged(await loadTagged(root, experiment), experiment);
      }
      if (experiment.data.text !== null) {
        return prepareTexts(await loadTextItems(root, experiment, reading), experiment);
      }
      return prepareSequences(await loadSequences(root, experiment, kept), experiment, kept);
  }
}
