import type { DiagramNode } from '../../protocol/model';
import type { Repeat, Siblings } from './repeats';

/** Modules that lie deeper in one another, or have longer names, are no exporter's. */
const deepest = 16;
const longest = 200;

interface Block {
  readonly number: number;
  readonly name: string;
  readonly boxes: number[];
}

/**
 * Blocks that an exporter named after the modules of a program: `encoder/layers.0`, `encoder/layers.1`. Those that follow one another by
 * number and do the same are one repeat. The outermost numbers are taken; blocks of one box are none.
 */
export function namedBlocks({ boxes, labels }: Siblings): Repeat[] {
  const taken = new Set<number>();
  const found: Repeat[] = [];
  const modules = boxes.map(modulesOf);
  for (let depth = 0; depth < deepest; depth++) {
    const families = new Map<string, Map<number, Block>>();
    for (const [place, names] of modules.entries()) {
      const name = taken.has(place) ? undefined : names[depth];
      const [, stem, digits] = /^(.*?)[._/]?(\d{1,6})$/.exec(name ?? '') ?? [];
      if (name === undefined || stem === undefined || stem === '') continue;
      const blocks = families.get(stem) ?? new Map<number, Block>();
      families.set(stem, blocks);
      const number = Number(digits);
      const block = blocks.get(number) ?? { number, name, boxes: [] };
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

/**
 * The modules that a node comes from, the outermost first, each with the names of those around it. PyTorch's older exporter writes them
 * into the node's name, `/encoder/layers.0/MatMul`; its newer one beside the node, `['', 'encoder', 'encoder.layers.0', 'linear']`.
 */
function modulesOf({ name, remarks }: DiagramNode): readonly string[] {
  const scopes = remarks.find((remark) => remark.name === 'pkg.torch.onnx.name_scopes')?.value;
  if (scopes !== undefined) {
    const names = [...scopes.matchAll(/'([^']*)'/g)].map(([, scope = '']) => scope);
    return names.slice(0, -1).filter((scope) => scope !== '' && scope.length <= longest);
  }
  if (name.length > longest) return [];
  const parts = name.split('/').filter((part) => part !== '');
  // The last part is the node's own name, whose number only tells it from others.
  return parts.slice(0, Math.min(deepest, parts.length - 1)).map((_, i) => parts.slice(0, i + 1).join('/'));
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
