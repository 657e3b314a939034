import path from 'node:path';
import type { Experiment } from '../../protocol/experiment';
import type { ClassFacts } from '../../protocol/facts';
import { loadData } from '../load';
import type { Reading } from '../table/reading';
import { shortened } from './limits';

/** The classes with how often each stands in each part, where items are put into parts by chance: counted by the code that puts them there. */
export async function withParts(
  classes: ClassFacts | null,
  file: string,
  experiment: Experiment,
  reading: Reading,
): Promise<ClassFacts | null> {
  const { task, data } = experiment;
  if (classes === null || task !== 'classify' || (data.text === null && data.sound === null)) return classes;
  const prepared = await loadData(path.dirname(file), experiment, reading);
  if (prepared.task !== 'classify' || prepared.countsIn === undefined) return classes;
  const { countsIn } = prepared;
  const places = new Map(prepared.classes.map((name, place) => [shortened(name), place]));
  const of = (part: 'train' | 'validation' | 'test') => {
    const counts = countsIn(part);
    return classes.top.map(({ value }) => counts[places.get(value) ?? -1] ?? 0);
  };
  return { ...classes, parts: { train: of('train'), validation: of('validation'), test: of('test') } };
}
