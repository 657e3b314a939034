import { at } from '../../extension/core/ops/arguments';
import type { RandomStream } from '../../extension/core/random';
import { layerOf } from '../support/specs';
import type { Answers } from './learner';
import { type Labelled, oneOf } from './sequences';
import { tokenModel } from './tokenModel';

export const symbols = 'BTPSXVE';

/** Arcs of the Reber grammar after its B: a symbol and the node that it leads to (Reber 1967; Cleeremans et al. 1989). */
const arcs: readonly (readonly (readonly [symbol: string, node: number])[])[] = [
  [
    ['T', 1],
    ['P', 2],
  ],
  [
    ['S', 1],
    ['X', 3],
  ],
  [
    ['T', 2],
    ['V', 4],
  ],
  [
    ['X', 2],
    ['S', 5],
  ],
  [
    ['P', 3],
    ['V', 5],
  ],
  [['E', -1]],
];

/** A string with, before each of its symbols, those that the grammar allows there. */
export interface ReberString {
  readonly text: string;
  readonly legal: readonly string[];
}

/** A string of the embedded grammar: B, T or P, a Reber string, the same T or P again, E (Hochreiter & Schmidhuber 1997, experiment 1). */
export function embeddedReber(random: RandomStream): ReberString {
  const outer = oneOf(random, ['T', 'P']);
  let text = `B${outer}B`;
  const legal = ['B', 'TP', 'B'];
  for (let node = 0; node >= 0; ) {
    const choices = at(arcs, node);
    const [symbol, next] = oneOf(random, choices);
    legal.push(choices.map(([name]) => name).join(''));
    text += symbol;
    node = next;
  }
  return { text: `${text}${outer}E`, legal: [...legal, outer, 'E'] };
}

/** A network that reads a symbol and says the next, at every step. */
export const reberModel = (steps: number, hidden: number) =>
  tokenModel({ steps, vocabulary: symbols.length, targets: symbols.length }, layerOf('lstm', hidden));

/** To read every symbol and say the next. */
export function toContinue(text: string): Labelled {
  const tokens = [...text].map((symbol) => symbols.indexOf(symbol));
  return { tokens: tokens.slice(0, -1), answers: tokens.slice(1) };
}

/** The paper's criterion at one step: the symbols that the grammar allows are the most probable ones. */
export function isRight(answers: Answers, legal: string, item: number, step: number): boolean {
  const chance = (symbol: string) => answers.value(symbols.indexOf(symbol), item, step);
  const least = Math.min(...[...legal].map(chance));
  return [...symbols].every((symbol) => legal.includes(symbol) || chance(symbol) < least);
}
