import { type ParseArgsConfig, parseArgs } from 'node:util';
import { UnrollError } from '../protocol/errors';
import type { Output } from './output';

export type Options = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

/** What a verb gets to work with. */
export interface Call {
  readonly options: Options;
  readonly operands: readonly string[];
  /** The folder that relative paths start from. */
  readonly cwd: string;
  readonly output: Output;
}

/** One verb of the command line. */
export interface Command {
  readonly verb: string;
  /** Such as `predict <run | model.onnx> <data>`. */
  readonly synopsis: string;
  readonly summary: string;
  /** How many operands it takes. */
  readonly operands: { readonly least: number; readonly most: number };
  readonly options: readonly Option[];
  /** Answers the exit status. */
  run(call: Call): Promise<number>;
}

export interface Option {
  readonly name: string;
  /** What stands for the value in the help, such as `N`; null for a switch. */
  readonly value: string | null;
  /** Whether it may be given several times. */
  readonly repeats?: true;
  readonly help: string;
}

export const jsonOption: Option = { name: 'json', value: null, help: 'Print one JSON object a line and nothing else.' };

const helpOption: Option = { name: 'help', value: null, help: 'Show this help.' };

/** Reads a verb's arguments. @throws UnrollError `usage`. */
export function readArguments(command: Command, args: readonly string[]): Pick<Call, 'options' | 'operands'> {
  const config: NonNullable<ParseArgsConfig['options']> = {};
  for (const { name, value, repeats = false } of [...command.options, helpOption]) {
    config[name] = { type: value === null ? 'boolean' : 'string', multiple: repeats };
  }
  let parsed: { values: Options; positionals: string[] };
  try {
    const { values, positionals } = parseArgs({ args: [...args], options: config, allowPositionals: true });
    parsed = { values: values as Options, positionals };
  } catch (error) {
    const [reason = ''] = (error instanceof Error ? error.message : String(error)).split(/\. |\n/);
    throw new UnrollError('usage', '{0}; see "unroll {1} --help".', reason.replace(/\.$/, ''), command.verb);
  }
  const { least, most } = command.operands;
  const count = parsed.positionals.length;
  if (parsed.values['help'] !== true && (count < least || count > most)) {
    throw new UnrollError('usage', 'Use: unroll {0}; see "unroll {1} --help".', command.synopsis, command.verb);
  }
  return { options: parsed.values, operands: parsed.positionals };
}

/** The help of a verb. */
export function helpOf({ synopsis, summary, options }: Command): string {
  const rows = [...options, helpOption].map(({ name, value, help }) => [
    value === null ? `--${name}` : `--${name} ${value}`,
    help,
  ]);
  const width = Math.max(...rows.map(([left = '']) => left.length));
  const lines = rows.map(([left = '', right = '']) => `  ${left.padEnd(width)}  ${right}`);
  return [`unroll ${synopsis}`, '', summary, '', ...lines, ''].join('\n');
}

/** A text option, or undefined where it is not given. */
export function textOption(options: Options, name: string): string | undefined {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
}

/** The texts of an option that may be given several times. */
export function textOptions(options: Options, name: string): readonly string[] {
  const value = options[name];
  return Array.isArray(value) ? value : [];
}

/** A whole number of at least `least`. @throws UnrollError `usage` for anything else. */
export function wholeOption(options: Options, name: string, least = 1): number | undefined {
  const text = textOption(options, name);
  if (text === undefined) return undefined;
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new UnrollError('usage', '--{0} must be a whole number of at least {1}, not "{2}".', name, least, text);
}

/** A number above 0. @throws UnrollError `usage` for anything else. */
export function positiveOption(options: Options, name: string): number | undefined {
  const text = textOption(options, name);
  if (text === undefined) return undefined;
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new UnrollError('usage', '--{0} must be a number above 0, not "{1}".', name, text);
}

/** One of a few words. @throws UnrollError `usage` for anything else. */
export function choiceOption<T extends string>(options: Options, name: string, choices: readonly T[]): T | undefined {
  const text = textOption(options, name);
  if (text === undefined) return undefined;
  const found = choices.find((choice) => choice === text);
  if (found !== undefined) return found;
  throw new UnrollError('usage', '--{0} must be one of {1}, not "{2}".', name, choices.join(', '), text);
}

/** A number of at least 0 and below 1. @throws UnrollError `usage` for anything else. */
export function fractionOption(options: Options, name: string): number | undefined {
  const text = textOption(options, name);
  if (text === undefined) return undefined;
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (value >= 0 && value < 1) return value;
  throw new UnrollError('usage', '--{0} must be a number of at least 0 and below 1, not "{1}".', name, text);
}

/** True where a switch is given. */
export function switchOption(options: Options, name: string): true | undefined {
  return options[name] === true ? true : undefined;
}
