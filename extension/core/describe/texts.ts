import type { DiagramNode } from '../../protocol/model';
import type { Attribute, Node } from '../graph/graph';
import type { Value } from '../graph/value';
import { sizeOf, toNumbers } from '../tensor';

/** Names of nodes and values are cut to this many characters: a file may hold names of any length. */
export const longestName = 200;
const longestValue = 120;
/** Of a list in an attribute so many entries are written. */
const mostEntries = 16;
/** Of what one node has, so many of a kind are told: the inputs of a Concat can be thousands. */
export const mostOfAKind = 64;

/** A text of at most `longest` characters, the last an ellipsis where it was longer. */
export function cut(text: string, longest: number): string {
  if (text.length <= longest) return text;
  // A pair of surrogates is one character: half of it would be none.
  const whole = /[\uD800-\uDBFF]$/.test(text.slice(0, longest - 1)) ? longest - 2 : longest - 1;
  return `${text.slice(0, whole)}…`;
}

/** A node's attributes as text, without the graphs among them. */
export function attributesOf(node: Node): DiagramNode['attributes'] {
  return Object.entries(node.attributes)
    .filter(([, { kind }]) => kind !== 'graph')
    .slice(0, mostOfAKind)
    .map(([name, attribute]) => ({ name: cut(name, longestName), value: cut(attributeText(attribute), longestValue) }));
}

function attributeText(attribute: Attribute): string {
  switch (attribute.kind) {
    case 'int':
      return String(attribute.value);
    case 'float':
      return numberText(attribute.value);
    case 'string':
      return attribute.value.slice(0, 2 * longestValue);
    case 'ints':
      return listText(attribute.value, String);
    case 'floats':
      return listText(attribute.value, numberText);
    case 'strings':
      return listText(attribute.value, (text) => text.slice(0, longestValue));
    case 'tensor': {
      const { dtype, shape } = attribute.value;
      const held = `${dtype} [${shape.join(', ')}]`;
      return sizeOf(shape) > mostEntries ? held : `${held}: ${toNumbers(attribute.value).map(numberText).join(', ')}`;
    }
    case 'graph':
      return attribute.value.name;
  }
}

const numberText = (value: number) => String(Number(value.toPrecision(7)));

function listText<T>(entries: readonly T[], text: (entry: T) => string): string {
  const rest = entries.length > mostEntries ? ', …' : '';
  return `[${entries.slice(0, mostEntries).map(text).join(', ')}${rest}]`;
}

/** Float weights are parameters; whole numbers are shapes and axes, and lone numbers the constants of formulas. */
export const isParameter = ({ type }: Value): boolean => /float/.test(type.dtype) && type.shape?.length !== 0;

/** How many numbers a value holds, its free dimensions left out; none where that is more than can be counted, which no file holds. */
export function elements({ type }: Value): number {
  const size = sizeOf((type.shape ?? []).filter((dim) => typeof dim === 'number'));
  return Number.isSafeInteger(size) ? size : 0;
}

/** More axes than this no tensor has. */
const mostAxes = 32;

/** The shape of a value, its names cut; null where it is not known. */
export function dimsOf({ type }: Value): readonly (number | string)[] | null {
  const dims = type.shape?.slice(0, mostAxes).map((dim) => (typeof dim === 'string' ? cut(dim, longestName) : dim));
  if (dims === undefined) return null;
  return (type.shape?.length ?? 0) > mostAxes ? [...dims, '…'] : dims;
}

export type ShapeWriter = (value: Value) => string;

/** Writes shapes. Free dimensions are written that have one of these names; what only a calculation of shapes has named is `?`. */
export function shapeWriter(names: ReadonlySet<string>): ShapeWriter {
  const known = new Set([...names, '…'].map((name) => cut(name, longestName)));
  const dim = (size: number | string) => (typeof size === 'number' || known.has(size) ? size : '?');
  return (value) => {
    const dims = dimsOf(value);
    return dims === null ? '' : `[${dims.map(dim).join(', ')}]`;
  };
}
