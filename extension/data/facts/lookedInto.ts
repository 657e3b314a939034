import { stat } from 'node:fs/promises';
import path from 'node:path';
import { UnrollError } from '../../protocol/errors';
import type { ClassFacts } from '../../protocol/facts';
import { type Message, message } from '../../protocol/messages';
import { evenly } from '../items/evenly';
import { statFile } from '../table/scan';
import { factLimits as limits, shortened } from './limits';

/** Which of a folder's files are looked into. */
export interface LookedInto<T> {
  readonly all: readonly T[];
  /** All of them, or so many evenly over all. */
  readonly some: readonly T[];
  /** Of all files, as far as those that are looked into tell. */
  readonly bytes: number;
}

/** Files are asked for their sizes so many at a time. */
const atOnce = 64;

/** So many files that looking into them takes a bearable time. */
export async function lookedInto<T extends { readonly name: string }>(
  folder: string,
  all: readonly T[],
  mostBytes: number,
  signal?: AbortSignal,
): Promise<LookedInto<T>> {
  const few = evenly(all, limits.folderFiles);
  let [total, read] = [0, 0];
  for (let first = 0; first < few.length; first += atOnce) {
    signal?.throwIfAborted();
    const some = few.slice(first, first + atOnce);
    const sizes = await Promise.all(
      some.map(({ name }) =>
        stat(path.join(folder, name)).then(
          ({ size }) => size,
          () => 0,
        ),
      ),
    );
    total += sizes.reduce((sum, size) => sum + size, 0);
    // What is too large to be held is not read.
    read += sizes.reduce((sum, size) => sum + (size <= limits.fileBytes ? size : 0), 0);
  }
  const most = read > mostBytes ? Math.max(1, Math.floor((few.length * mostBytes) / read)) : few.length;
  return { all, some: evenly(all, most), bytes: Math.round((total * all.length) / Math.max(1, few.length)) };
}

/** Refuses a file of a folder that is too large to be held. @throws UnrollError `data`, also where there is no such file. */
export async function refuseTooLarge(file: string): Promise<void> {
  const { size } = await statFile(file);
  if (size <= limits.fileBytes) return;
  const megabyte = 1024 * 1024;
  throw new UnrollError(
    'data',
    '{0} has {1} MB, and one file of a folder may have {2} MB; cut it into several.',
    file,
    Math.ceil(size / megabyte),
    limits.fileBytes / megabyte,
  );
}

/** Says that not all files were looked into, where it is so. */
export function notesOnLooking({ all, some }: LookedInto<unknown>): Message[] {
  if (some.length === all.length) return [];
  return [
    message(
      '{0} of {1} files were looked into, evenly over all of them, and what is said and proposed here is of those; training reads all.',
      some.length,
      all.length,
    ),
  ];
}

/** The classes of items, the most frequent first. */
export function classesOfItems(classes: Iterable<string>, target: string, of: ClassFacts['of']): ClassFacts {
  const counts = new Map<string, number>();
  for (const each of classes) counts.set(each, (counts.get(each) ?? 0) + 1);
  const order = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const rest = order.slice(limits.topClasses);
  return {
    target,
    of,
    top: order.slice(0, limits.topClasses).map(([value, count]) => ({ value: shortened(value), count })),
    more: rest.length,
    moreCount: rest.reduce((sum, [, count]) => sum + count, 0),
    parts: null,
  };
}

/** Keeps the first items and the last ones. */
export class Ends<T> {
  private readonly head: T[] = [];
  private readonly tail: T[] = [];

  add(item: T): void {
    if (this.head.length < limits.headRows) this.head.push(item);
    else if (this.tail.push(item) > limits.tailRows) this.tail.shift();
  }

  get both(): { readonly head: readonly T[]; readonly tail: readonly T[] } {
    return { head: this.head, tail: this.tail };
  }
}
