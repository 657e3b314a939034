import type { Diagram, DiagramGroup, DiagramNode } from '../../protocol/model';
import { namedBlocks } from './namedBlocks';
import { periodicBlocks } from './periodicBlocks';
import { cut, longestName } from './texts';

/** Blocks of the same structure, one after the other. */
export interface Repeat {
  readonly title: string;
  /**
   * Each block's title and its boxes, as places among the boxes that were looked through. Blocks without a title are lone boxes, which need
   * no frame of their own.
   */
  readonly blocks: readonly { readonly title: string | null; readonly boxes: readonly number[] }[];
}

/** Boxes that lie in the same group, in the order of execution, with what is compared of them. */
export interface Siblings {
  readonly boxes: readonly DiagramNode[];
  /** Boxes with the same label do the same with weights of the same shapes. */
  readonly labels: Int32Array;
  /** The places of the siblings that each box reads from, in their order. */
  readonly reads: readonly (readonly number[])[];
}

/** Fewer blocks with a recurrence in each are no pattern: recurrent layers are what one comes to see. */
const fewRecurrent = 4;
/** Repeats in the blocks of repeats are looked for so far down. */
const deepest = 3;

/** The diagram with blocks that repeat in groups: those that have names such as `layers.3/…`, and those of the same structure in a row. */
export function repeatsOf({ nodes, edges, groups }: Omit<Diagram, 'notes'>): Omit<Diagram, 'notes'> {
  const label = labeller(nodes);
  const reads = new Map<string, string[]>();
  for (const { from, to } of edges) {
    const known = reads.get(to);
    if (known === undefined) reads.set(to, [from]);
    else known.push(from);
  }
  const lieIn = new Map<string | null, DiagramNode[]>();
  for (const node of nodes) {
    const known = lieIn.get(node.group);
    if (known === undefined) lieIn.set(node.group, [node]);
    else known.push(node);
  }
  const moved = new Map<string, string>();
  const added: DiagramGroup[] = [];
  const look = (boxes: readonly DiagramNode[], parent: string | null, at: string, depth: number) => {
    const places = new Map(boxes.map(({ id }, i) => [id, i] as const));
    const siblings = {
      boxes,
      labels: Int32Array.from(boxes, label),
      reads: boxes.map(({ id }) =>
        (reads.get(id) ?? []).flatMap((from) => places.get(from) ?? []).sort((a, b) => a - b),
      ),
    };
    for (const [k, { title, blocks }] of repeatsAmong(siblings).entries()) {
      const id = `${at}repeat ${k}`;
      added.push({ id, title: cut(title, longestName), kind: 'repeat', parent, count: blocks.length, node: null });
      for (const [i, block] of blocks.entries()) {
        const inside = block.boxes.flatMap((place) => boxes[place] ?? []);
        const part = block.title === null ? id : `${id}/${i}`;
        for (const box of inside) moved.set(box.id, part);
        if (block.title === null) continue;
        added.push({ id: part, title: cut(block.title, longestName), kind: 'part', parent: id, count: 1, node: null });
        if (depth < deepest) look(inside, part, `${part}/`, depth + 1);
      }
    }
  };
  for (const [group, boxes] of lieIn) look(boxes, group, group === null ? '' : `${group}/`, 1);
  const placed = nodes.map((node) => ({ ...node, group: moved.get(node.id) ?? node.group }));
  // A body or recurrence lies where the box lies that opens into it.
  const groupOf = new Map(placed.map(({ id, group }) => [id, group] as const));
  const old = groups.map((group) =>
    group.node === null ? group : { ...group, parent: groupOf.get(group.node) ?? group.parent },
  );
  return { nodes: placed, edges, groups: parentsFirst([...old, ...added]) };
}

function repeatsAmong(siblings: Siblings): Repeat[] {
  const worthwhile = ({ blocks }: Repeat) =>
    blocks.length >= fewRecurrent || !blocks[0]?.boxes.some((place) => siblings.boxes[place]?.kind === 'recurrent');
  const named = namedBlocks(siblings).filter(worthwhile);
  const taken = new Set(named.flatMap(({ blocks }) => blocks.flatMap(({ boxes }) => boxes)));
  return [...named, ...periodicBlocks(siblings, taken).filter(worthwhile)];
}

/** Numbers what boxes do: two boxes have the same number where they do the same. */
function labeller(nodes: readonly DiagramNode[]): (node: DiagramNode) => number {
  const inside = new Map<string, string[]>();
  for (const { group, op } of nodes) {
    if (group === null) continue;
    const known = inside.get(group);
    if (known === undefined) inside.set(group, [op]);
    else known.push(op);
  }
  const numbers = new Map<string, number>();
  return ({ kind, title, op, domain, units, direction, attributes, initializers, bodies }) => {
    const weights = initializers.map(({ dtype, shape }) => [dtype, shape]);
    const held = bodies.map((body) => inside.get(body));
    // A border is like no other box.
    const own = kind === 'input' || kind === 'output' ? numbers.size : 0;
    const text = JSON.stringify([kind, title, op, domain, units, direction, attributes, weights, held, own]);
    const number = numbers.get(text) ?? numbers.size;
    numbers.set(text, number);
    return number;
  };
}

function parentsFirst(groups: readonly DiagramGroup[]): DiagramGroup[] {
  const known = new Map(groups.map((group) => [group.id, group] as const));
  const placed = new Set<DiagramGroup>();
  const place = (group: DiagramGroup) => {
    if (placed.has(group)) return;
    const parent = group.parent === null ? undefined : known.get(group.parent);
    if (parent !== undefined) place(parent);
    placed.add(group);
  };
  for (const group of groups) place(group);
  return [...placed];
}
