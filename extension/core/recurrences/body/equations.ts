import type { Node } from '../../graph/graph';
import type { Value } from '../../graph/value';
import { isLayout } from '../match/activations';
import type { LoopBody } from './loopBody';

/** An equation longer than this is cut. */
const longest = 240;

const infix: Readonly<Record<string, string>> = {
  Add: ' + ',
  Sub: ' − ',
  Mul: ' ⊙ ',
  Div: ' / ',
  MatMul: ' · ',
  Sum: ' + ',
};
const functions: Readonly<Record<string, string>> = {
  Sigmoid: 'σ',
  Tanh: 'tanh',
  Relu: 'relu',
  Exp: 'exp',
  Log: 'log',
};

/**
 * The equations of a body that is no known cell, as people write them: one a named value, in the order of the body. A state before the
 * step has the name that it has after it, without the prime.
 */
export function bodyEquations(loop: LoopBody, named: ReadonlyMap<Value, string>): readonly string[] {
  const makers = new Map<Value, Node>();
  for (const node of loop.body.nodes) {
    for (const output of node.outputs) if (output !== null) makers.set(output, node);
  }
  const before = new Map(
    loop.states.map((state) => [state.before, named.get(state.after) ?? state.before.name] as const),
  );
  const nextStates = new Set(loop.states.map(({ after }) => after));
  const nameOf = (value: Value) => `${named.get(value) ?? value.name}${nextStates.has(value) ? "'" : ''}`;
  const textOf = (value: Value, depth: number): string => {
    const state = before.get(value);
    if (state !== undefined) return state;
    if (depth > 0 && named.has(value)) return nameOf(value);
    const node = makers.get(value);
    // What lies deep is called by its name: the sentence is read by people.
    if (node === undefined || depth > 12) return value.name;
    if (node.op === 'Constant') return numberOf(value);
    return textOfNode(node, depth);
  };
  const numberOf = (value: Value) => {
    const data = value.constant?.data;
    return data?.length === 1 ? String(Number(Number(data[0]).toPrecision(4))) : value.name;
  };
  const textOfNode = (node: Node, depth: number): string => {
    const inputs = node.inputs.filter((input) => input !== null);
    const texts = inputs.map((input) => (input.constant === null ? textOf(input, depth + 1) : numberOf(input)));
    const [first = '', second = '', third] = texts;
    if (node.op === 'Gather') return `${inBrackets(first)}[${second}]`;
    if (node.op === 'Slice') return `${inBrackets(first)}[…]`;
    if (isLayout(node)) return first;
    const sign = Object.hasOwn(infix, node.op) ? infix[node.op] : undefined;
    if (sign !== undefined) return texts.map((text) => (sign === ' + ' ? text : inBrackets(text))).join(sign);
    if (node.op === 'Gemm')
      return `${inBrackets(first)} · ${inBrackets(second)}${third === undefined ? '' : ` + ${third}`}`;
    if (node.op === 'Neg') return `−${inBrackets(first)}`;
    const fn = Object.hasOwn(functions, node.op) ? functions[node.op] : undefined;
    return `${fn ?? node.op}(${texts.join(', ')})`;
  };
  return [...named.keys()].flatMap((value) => {
    const node = makers.get(value);
    if (node === undefined) return [];
    const text = `${nameOf(value)} = ${textOf(value, 0)}`;
    return [text.length <= longest ? text : `${text.slice(0, longest - 1)}…`];
  });
}

/** Brackets around a sum. */
const inBrackets = (text: string) => (/ [+−] /.test(text) && !/^\w+\([^()]*\)$/.test(text) ? `(${text})` : text);
