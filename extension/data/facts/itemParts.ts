import path from 'node:path';
import type { Part } from '../../protocol/data';
import type { Experiment } from '../../protocol/experiment';
import type { ClassFacts, ItemParts, ProposedFacts } from '../../protocol/facts';
import { loadData } from '../load';
import type { Reading } from '../table/reading';
import { shortened } from './limits';

/** What is in one part whole; null where the parts are stretches of rows. */
export function itemsOf({ task, data }: Experiment): ItemParts['of'] | null {
  if (task === 'translate') return 'pairs';
  if (data.sound !== null) return 'sounds';
  if (data.text !== null && task === 'label') return 'sentences';
  if (data.text !== null && task === 'classify') return 'texts';
  return task !== 'forecast' && task !== 'language' && data.series !== null ? 'sequences' : null;
}

/** How items are divided, and those of each class where chance divides them alike, counted by the code that puts them into parts. */
export async function partsOfItems(
  of: ItemParts['of'],
  classes: ClassFacts | null,
  file: string,
  experiment: Experiment,
  reading: Reading,
): Promise<Pick<ProposedFacts, 'items' | 'classes' | 'notes'>> {
  const prepared = await loadData(path.dirname(file), experiment, reading);
  const { notes } = prepared;
  const items = { of, ...prepared.windows };
  if (classes === null || prepared.task !== 'classify' || prepared.countsIn === undefined) {
    return { items, classes, notes };
  }
  const { countsIn } = prepared;
  const places = new Map(prepared.classes.map((name, place) => [shortened(name), place]));
  const inPart = (part: Part) => {
    const counts = countsIn(part);
    return classes.top.map(({ value }) => counts[places.get(value) ?? -1] ?? 0);
  };
  const parts = { train: inPart('train'), validation: inPart('validation'), test: inPart('test') };
  return { items, classes: { ...classes, parts }, notes };
}
