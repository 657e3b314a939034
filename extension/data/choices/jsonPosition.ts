import { findNodeAtLocation, type Node, type ParseError, parseTree } from 'jsonc-parser';

/** Keys and indices from the top of a JSON text down to a value. */
export type JsonPath = readonly (string | number)[];

/** The line, from 1, where something stands in a JSON text. */
export type LineOf = (path: JsonPath) => number;

/** Finds lines in a JSON text: that of a value's key, or of the innermost thing around where nothing is. */
export function linesIn(text: string): LineOf {
  const root = parseTree(text);
  return (path) => {
    for (let length = path.length; root !== undefined && length > 0; length--) {
      const node = findNodeAtLocation(root, path.slice(0, length));
      if (node !== undefined) return lineAt(text, keyOf(node).offset);
    }
    return lineAt(text, root?.offset ?? 0);
  };
}

const keyOf = (node: Node) => (node.parent?.type === 'property' ? node.parent : node);

/** The line, from 1, of the first place where a text is no JSON; null where it is. */
export function syntaxErrorLine(text: string): number | null {
  const errors: ParseError[] = [];
  parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
  const [first] = errors;
  return first === undefined ? null : lineAt(text, first.offset);
}

/** Lines end as in every editor: with a line feed, a carriage return, or both. */
const lineAt = (text: string, offset: number) => text.slice(0, offset).split(/\r\n|\n|\r/).length;
