import type { Repeat, Siblings } from './repeats';

/** Names of more parts or characters are no exporter's. */
const mostParts = 16;
const longest = 200;

interface Block {
  readonly number: number;
  readonly name: string;
  readonly boxes: number[];
}

/**
 * Blocks that an exporter named after the modules of a program: `/encoder/layers.0/…`, `/encoder/layers.1/…`. Those that follow one
 * another by number and do the same are one repeat. The outermost numbers are taken; blocks of one box are none.
 */
export function namedBlocks({ boxes, labels }: Siblings): Repeat[] {
  const taken = new Set<number>();
  const found: Repeat[] = [];
  const names = boxes.map(({ name }) => (name.length <= longest ? name.split('/').filter((part) => part !== '') : []));
  for (let depth = 0; depth < mostParts; depth++) {
    const families = new Map<string, Map<number, Block>>();
    for (const [place, parts] of names.entries()) {
      // The last part is the node's own name, whose number only tells it from others.
      if (taken.has(place) || depth >= parts.length - 1) continue;
      const [, stem, digits] = /^(.*?)(\d{1,6})$/.exec(parts[depth] ?? '') ?? [];
      if (stem === undefined) continue;
      const family = [...parts.slice(0, depth), stem.replace(/[._]$/, '')].join('/');
      const blocks = families.get(family) ?? new Map<number, Block>();
      families.set(family, blocks);
      const number = Number(digits);
      const block = blocks.get(number) ?? { number, name: parts.slice(0, depth + 1).join('/'), boxes: [] };
      blocks.set(number, block);
      block.boxes.push(place);
    }
    for (const [family, blocks] of families) {
      for (const run of runsOf([...blocks.values()], labels)) {
        found.push({ title: family, blocks: run.map(({ name, boxes }) => ({ title: name, boxes })) });
        for (const place of run.flatMap(({ boxes }) => boxes)) taken.add(place);
      }
    }
  }
  return found;
}

/** Blocks by number, as far as each does what the one before it does. */
function runsOf(blocks: readonly Block[], labels: Int32Array): Block[][] {
  const runs: { readonly label: string; readonly blocks: Block[] }[] = [];
  for (const block of blocks.toSorted((a, b) => a.number - b.number)) {
    const label = block.boxes.map((place) => labels[place]).join();
    const last = runs.at(-1);
    if (last?.label === label && last.blocks.at(-1)?.number === block.number - 1) last.blocks.push(block);
    else runs.push({ label, blocks: [block] });
  }
  return runs.map(({ blocks }) => blocks).filter((run) => run.length > 1 && (run[0]?.boxes.length ?? 0) > 1);
}
