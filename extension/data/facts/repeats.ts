import type { FolderFacts, Repeat } from '../../protocol/folderFacts';
import { factLimits as limits, shortened } from './limits';

interface Seen {
  readonly item: string;
  readonly classes: Set<string>;
  count: number;
}

/** Finds what stands in a folder more than once. */
export class RepeatFinder {
  private readonly seen = new Map<string, Seen>();

  /** @param key what equal items have in common; @param item what it is called where it stands for the first time */
  add(key: string, item: string, itsClass: string): void {
    const known = this.seen.get(key);
    if (known === undefined) this.seen.set(key, { item, classes: new Set([itsClass]), count: 1 });
    else {
      known.count++;
      known.classes.add(itsClass);
    }
  }

  facts(): Pick<FolderFacts, 'repeated' | 'ambiguous' | 'repeats'> {
    const several = [...this.seen.values()].filter(({ count }) => count > 1);
    several.sort((a, b) => b.classes.size - a.classes.size || b.count - a.count);
    return {
      repeated: several.reduce((sum, { count }) => sum + count - 1, 0),
      ambiguous: several.filter(({ classes }) => classes.size > 1).length,
      repeats: several.slice(0, limits.repeats).map(({ item, count, classes }): Repeat => {
        return { item: shortened(item), count, classes: [...classes].slice(0, limits.repeats).map(shortened) };
      }),
    };
  }
}
