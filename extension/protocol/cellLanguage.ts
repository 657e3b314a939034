import { UnrollError } from './errors';

// The language that cells are written in: one equation a line, over named signals.
//
//   i = σ(Wi x + Wbi + Ri h + Rbi + Pi ⊙ c)      a gate
//   c' = f ⊙ c + i ⊙ g                           the next value of a state (a prime)
//
//   equation  = name ['] "=" sum
//   sum       = factors { ("+" | "−") factors }
//   factors   = term { ("⊙" | "/") term }         element by element, from left to right
//   term      = "(" sum ")" | function "(" sum ")" | number | matrix term | name [']
//   function  = a name, of a family with its constants after it: leakyRelu[0.01]
//
// `x` is the input of the step. A signal has one small letter for its name. What starts with a capital is a parameter: its last
// letter is the signal that it belongs to, the rest is its name. `Wi` and `Ri` are matrices, which multiply the term after
// them; all others (`Wbi`, `Rbi`, `Pi`…) are vectors over the units. Functions are applied to every element, but for norm, which
// subtracts the mean over the units and divides by their standard deviation; `core/cells/functions.ts` has their formulas.

const plainFunctions = ['σ', 'tanh', 'relu', 'softsign', 'softplus', 'norm'] as const;
const families = ['clip', 'affine', 'leakyRelu', 'thresholdedRelu', 'scaledTanh', 'hardSigmoid', 'elu'] as const;
export type PlainFunction = (typeof plainFunctions)[number];
/** Functions that differ by constants. */
export type FunctionFamily = (typeof families)[number];
export type FunctionName = PlainFunction | `${FunctionFamily}[${string}]`;

export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  /** A signal, a state, `x` or a bias; `next` where a prime asks for the state's value after the step. */
  | { readonly kind: 'name'; readonly name: string; readonly next: boolean }
  | { readonly kind: 'product'; readonly matrix: string; readonly operand: Expression }
  | { readonly kind: 'call'; readonly fn: FunctionName; readonly operand: Expression }
  | {
      readonly kind: 'binary';
      readonly operator: '+' | '−' | '⊙' | '/';
      readonly left: Expression;
      readonly right: Expression;
    };

export interface Equation {
  /** The signal that it defines, without its prime. */
  readonly name: string;
  /** Whether it defines the next value of a state. */
  readonly next: boolean;
  readonly value: Expression;
  readonly text: string;
}

/** Parses equations; throws with the line that is wrong. */
export function parseEquations(source: string): readonly Equation[] {
  return source
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => new Parser(line).equation());
}

const token = /\s*(?:(\d+(?:\.\d+)?)|([A-Za-z]+(?:\[[^\]]*\])?)|(σ)|([=+−⊙/()']))/uy;
const isMatrix = (name: string) => /^[WR][a-z]$/.test(name);
const isFunction = (word: string): word is FunctionName => {
  const [name = ''] = word.split('[', 1);
  return ((name === word ? plainFunctions : families) as readonly string[]).includes(name);
};

class Parser {
  private readonly tokens: string[] = [];
  private position = 0;

  constructor(private readonly line: string) {
    token.lastIndex = 0;
    while (token.lastIndex < line.trimEnd().length) {
      const match = token.exec(line);
      if (match === null) throw this.wrong();
      this.tokens.push(match[0].trim());
    }
  }

  equation(): Equation {
    const name = this.take();
    const next = this.skip("'");
    this.expect('=');
    const value = this.sum();
    if (this.position < this.tokens.length) throw this.wrong();
    return { name, next, value, text: this.line };
  }

  private sum(): Expression {
    let left = this.elementwise();
    for (;;) {
      const operator = this.peek();
      if (operator !== '+' && operator !== '−') return left;
      this.position++;
      left = { kind: 'binary', operator, left, right: this.elementwise() };
    }
  }

  private elementwise(): Expression {
    let left = this.term();
    for (;;) {
      const operator = this.peek();
      if (operator !== '⊙' && operator !== '/') return left;
      this.position++;
      left = { kind: 'binary', operator, left, right: this.term() };
    }
  }

  private term(): Expression {
    const word = this.take();
    if (word === '(') {
      const inner = this.sum();
      this.expect(')');
      return inner;
    }
    if (isFunction(word)) {
      this.expect('(');
      const operand = this.sum();
      this.expect(')');
      return { kind: 'call', fn: word, operand };
    }
    if (/^\d/.test(word)) return { kind: 'number', value: Number(word) };
    if (!/^[A-Za-z]/.test(word)) throw this.wrong();
    if (isMatrix(word)) return { kind: 'product', matrix: word, operand: this.term() };
    return { kind: 'name', name: word, next: this.skip("'") };
  }

  private peek(): string | undefined {
    return this.tokens[this.position];
  }

  private take(): string {
    const word = this.peek();
    if (word === undefined) throw this.wrong();
    this.position++;
    return word;
  }

  private skip(word: string): boolean {
    const found = this.peek() === word;
    if (found) this.position++;
    return found;
  }

  private expect(word: string): void {
    if (!this.skip(word)) throw this.wrong();
  }

  private wrong(): UnrollError {
    return new UnrollError(
      'model',
      'The equation "{0}" cannot be read: see protocol/cellLanguage.ts for its grammar.',
      this.line,
    );
  }
}

/** The terms of a sum, where every sign is a plus; a single term for anything else. */
export function termsOf(expression: Expression): readonly Expression[] {
  if (expression.kind !== 'binary' || expression.operator !== '+') return [expression];
  return [...termsOf(expression.left), ...termsOf(expression.right)];
}

/** Every expression inside `expression`, itself first. */
export function* within(expression: Expression): Generator<Expression> {
  yield expression;
  if (expression.kind === 'binary') {
    yield* within(expression.left);
    yield* within(expression.right);
  } else if (expression.kind === 'call' || expression.kind === 'product') yield* within(expression.operand);
}

/**
 * An expression as people write it. Equal expressions have equal texts.
 * @param write says what stands for a name that belongs to single units: not for one that a matrix is multiplied with.
 */
export function textOf(expression: Expression, write: (name: Name) => string = nameOf): string {
  const { kind } = expression;
  if (kind === 'number') return String(expression.value);
  if (kind === 'name') return write(expression);
  if (kind === 'call') return `${expression.fn}(${textOf(expression.operand, write)})`;
  if (kind === 'product') return `${expression.matrix} ${inBrackets(expression.operand, ['binary'], nameOf)}`;
  const { operator, left, right } = expression;
  if (operator === '+') return `${textOf(left, write)} + ${inBrackets(right, ['+', '−'], write)}`;
  if (operator === '−') return `${textOf(left, write)} − ${inBrackets(right, ['+', '−'], write)}`;
  return `${inBrackets(left, ['+', '−'], write)} ${operator} ${inBrackets(right, ['binary'], write)}`;
}

type Name = Expression & { readonly kind: 'name' };

/** A name as equations have it. */
export const nameOf = ({ name, next }: { readonly name: string; readonly next: boolean }): string =>
  next ? `${name}'` : name;

function inBrackets(expression: Expression, around: readonly string[], write: (name: Name) => string): string {
  const { kind } = expression;
  const needed = around.includes(kind) || (kind === 'binary' && around.includes(expression.operator));
  return needed ? `(${textOf(expression, write)})` : textOf(expression, write);
}

/** `expression` with every part that `change` gives something else for replaced, from the outside in. */
export function rewrite(expression: Expression, change: (part: Expression) => Expression | null): Expression {
  const changed = change(expression);
  if (changed !== null) return changed;
  if (expression.kind === 'binary') {
    return { ...expression, left: rewrite(expression.left, change), right: rewrite(expression.right, change) };
  }
  if (expression.kind === 'call' || expression.kind === 'product') {
    return { ...expression, operand: rewrite(expression.operand, change) };
  }
  return expression;
}

/** The sum of terms; there must be one. */
export function sumOf(terms: readonly Expression[]): Expression {
  return terms.reduce((left, right) => ({ kind: 'binary', operator: '+', left, right }));
}
