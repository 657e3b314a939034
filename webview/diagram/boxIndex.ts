import type { DiagramGroup, DiagramNode } from '../../extension/protocol/model';
import type { Outline } from './outline';

/** Everything that a box can be found by, in lower case. */
function wordsOf(node: DiagramNode): string {
  const tensors = [...node.inputs, ...node.outputs, ...node.initializers].map(({ name }) => name);
  return [node.title, node.op, node.name, node.domain, ...tensors].join('\n').toLowerCase();
}

/** The boxes of a diagram by what they are called: their titles, operators, names and tensors. */
export class BoxIndex {
  private readonly entries: readonly { readonly id: string; readonly title: string; readonly words: string }[];

  constructor({ diagram }: Outline) {
    const titles = new Map<string, DiagramGroup>(diagram.groups.map((group) => [group.id, group]));
    this.entries = diagram.nodes.map((node) => {
      const group = node.group === null ? undefined : titles.get(node.group);
      return {
        id: node.id,
        title: node.title.toLowerCase(),
        words: `${wordsOf(node)}\n${group?.title.toLowerCase() ?? ''}`,
      };
    });
  }

  /**
   * Ids of the boxes that hold all words of `query`, those that have them in their titles first, else in the diagram's order; none for an
   * empty one.
   */
  find(query: string): readonly string[] {
    const wanted = query
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== '');
    if (wanted.length === 0) return [];
    const hits = this.entries.filter(({ words }) => wanted.every((word) => words.includes(word)));
    const inTitle = ({ title }: { readonly title: string }) => wanted.every((word) => title.includes(word));
    return [...hits.filter(inTitle), ...hits.filter((hit) => !inTitle(hit))].map(({ id }) => id);
  }
}
