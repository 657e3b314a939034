import { type Equation, type Expression, nameOf, textOf, within } from '../../extension/protocol/cellLanguage';

/** What comes into a node: the number of the unit that is looked at, or with `all` those of every unit, for a product. */
export interface CellWire {
  readonly from: string;
  readonly all: boolean;
}

/** A place in the drawing of a cell. */
export interface CellNode {
  readonly id: string;
  /**
   * `state`: a state before the step; `input`: x; `gate`: a function of a sum with weights; `linear`: such a sum alone;
   * `function` and `operator`: of single numbers; `join`: the input and states that the same gates read, side by side.
   */
  readonly kind: 'state' | 'input' | 'gate' | 'linear' | 'function' | 'operator' | 'join';
  /** What stands in it. */
  readonly label: string;
  /** The signal that it gives, with a prime for a state after the step; null for what has no name. */
  readonly name: string | null;
  readonly value: Expression;
  readonly inputs: readonly CellWire[];
}

/** A cell as what flows through it. Nodes stand behind those that they read. */
export interface CellGraph {
  readonly nodes: readonly CellNode[];
  /** Each state after the step, with the node that gives it. */
  readonly results: readonly { readonly state: string; readonly from: string }[];
}

type Part = Omit<CellNode, 'id' | 'name'>;

/** Whether a name is that of weights: see the grammar. */
const isParameter = (part: Expression): boolean => part.kind === 'name' && /^[A-Z]/.test(part.name);

/** Terms of a sum, whatever their signs. */
function terms(sum: Expression): readonly Expression[] {
  if (sum.kind !== 'binary' || (sum.operator !== '+' && sum.operator !== '−')) return [sum];
  return [...terms(sum.left), ...terms(sum.right)];
}

/** Whether weights stand in a sum itself, and not only in what it takes its terms from. */
export function isWeighted(sum: Expression): boolean {
  return terms(sum).some((term) => {
    if (term.kind === 'product' || isParameter(term)) return true;
    if (term.kind === 'call') return isWeighted(term.operand);
    return term.kind === 'binary' && (isParameter(term.left) || isParameter(term.right));
  });
}

/** A function's name without its constants. */
export const functionName = (fn: string): string => fn.split('[', 1)[0] ?? fn;

/** Reads a cell's equations as a dataflow; each part that they name or use twice is one node. */
export function cellGraph(equations: readonly Equation[]): CellGraph {
  const definitions = new Map(equations.map((equation) => [nameOf(equation), equation]));
  const nodes = new Map<string, CellNode>();
  const add = (id: string, name: string | null, part: Part): string => {
    if (!nodes.has(id)) nodes.set(id, { id, name, ...part });
    return id;
  };

  /** The node that gives a value, made where it is not there yet; null for weights and numbers. */
  const build = (value: Expression, name: string | null = null): string | null => {
    if (value.kind === 'number' || isParameter(value)) return null;
    if (value.kind === 'name') {
      const key = nameOf(value);
      const defined = definitions.get(key);
      if (defined !== undefined) return nodes.has(key) ? key : build(defined.value, key);
      return add(key, key, { kind: value.name === 'x' ? 'input' : 'state', label: value.name, value, inputs: [] });
    }
    const id = name ?? textOf(value);
    if (nodes.has(id)) return id;
    return add(id, name, partOf(value));
  };

  const partOf = (value: Expression): Part => {
    if (value.kind === 'call') {
      const label = functionName(value.fn);
      if (isWeighted(value.operand)) return { kind: 'gate', label, value, inputs: readBy(value.operand) };
      return { kind: 'function', label, value, inputs: wires(build(value.operand), false) };
    }
    if (value.kind !== 'binary' || isWeighted(value)) {
      const [matrix] = [...within(value)].flatMap((part) => (part.kind === 'product' ? [part.matrix] : []));
      return { kind: 'linear', label: matrix ?? '+', value, inputs: readBy(value) };
    }
    const { operator, left, right } = value;
    const label =
      left.kind === 'number'
        ? `${left.value} ${operator}`
        : right.kind === 'number'
          ? `${operator} ${right.value}`
          : operator;
    return { kind: 'operator', label, value, inputs: [...wires(build(left), false), ...wires(build(right), false)] };
  };

  /** What a sum with weights reads. */
  const readBy = (sum: Expression): readonly CellWire[] => {
    const read = terms(sum).flatMap((term): readonly CellWire[] => {
      if (term.kind === 'product') return wires(build(term.operand), true);
      if (term.kind === 'call' && isWeighted(term.operand)) return readBy(term.operand);
      if (term.kind === 'binary' && isParameter(term.left)) return readBy(term.right);
      if (term.kind === 'binary' && isParameter(term.right)) return readBy(term.left);
      return wires(build(term), term.kind === 'call' && term.fn === 'norm');
    });
    return read.filter(({ from }, i) => read.findIndex((other) => other.from === from) === i);
  };

  const results = equations.flatMap((equation) => {
    const from = build({ kind: 'name', name: equation.name, next: equation.next });
    return equation.next && from !== null ? [{ state: equation.name, from }] : [];
  });
  return { nodes: joined([...nodes.values()]), results };
}

const wires = (from: string | null, all: boolean): readonly CellWire[] => (from === null ? [] : [{ from, all }]);

/** Puts what several nodes are all multiplied with side by side first, as a picture of a cell has it. */
function joined(nodes: readonly CellNode[]): readonly CellNode[] {
  const keyOf = ({ inputs }: CellNode) =>
    inputs
      .filter(({ all }) => all)
      .map(({ from }) => from)
      .sort()
      .join(' ');
  const readers = (key: string) => nodes.filter((node) => keyOf(node) === key).length;
  const made = new Map<string, CellNode>();
  return nodes.flatMap((node) => {
    const key = keyOf(node);
    const all = node.inputs.filter((wire) => wire.all);
    if (all.length < 2 || readers(key) < 2) return [node];
    const id = `[${key}]`;
    const reader = { ...node, inputs: [{ from: id, all: true }, ...node.inputs.filter((wire) => !wire.all)] };
    if (made.has(id)) return [reader];
    const join: CellNode = { id, kind: 'join', label: '', name: null, value: node.value, inputs: all };
    made.set(id, join);
    return [join, reader];
  });
}
