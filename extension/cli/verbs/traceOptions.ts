import { UnrollError } from '../../protocol/errors';
import type { OutputChoice, StateEdit } from '../../protocol/inspection';
import type { Trace } from '../../protocol/trace';

/** One `--set`: null for all units, or all steps. */
interface Change extends Pick<StateEdit, 'layer' | 'state' | 'value'> {
  readonly unit: number | null;
  readonly step: number | null;
}

/** @throws UnrollError `usage` for what is not `LAYER:STATE:UNIT:STEP=VALUE`. */
export function readChange(text: string): Change {
  const [, layer = '', state = '', unit = '', step = '', value = ''] =
    /^(\d+):([^:=]+):(\d+|all):(\d+|all)=(.+)$/.exec(text) ?? [];
  const number = value.trim() === '' ? Number.NaN : Number(value);
  if (!Number.isFinite(number)) {
    throw new UnrollError('usage', '--set must be LAYER:STATE:UNIT:STEP=VALUE, such as 0:h:3:all=0, not "{0}".', text);
  }
  const place = (word: string) => (word === 'all' ? null : Number(word));
  return { layer: Number(layer), state, unit: place(unit), step: place(step), value: number };
}

/** The edits of units that a change comes to in a trace. What is not there is left to whoever runs them to refuse. */
export function editsOf(
  { layer, state, unit, step, value }: Change,
  { layers }: Pick<Trace, 'layers'>,
): readonly StateEdit[] {
  const signal = layers[layer]?.signals.find(({ name }) => name === state);
  const units = signal?.units ?? 1;
  const steps = signal === undefined ? 1 : signal.values.length / signal.units;
  const [from, to] = step === null ? [0, steps] : [step, step + 1];
  const chosen = unit === null ? Array.from({ length: units }, (_, i) => i) : [unit];
  return chosen.map((each) => ({ layer, state, unit: each, from, to, value }));
}

/** What a gradient can be of. */
type Choice = { readonly output: string; readonly everyStep: boolean; readonly units: number };

/**
 * One `--gradient`: an output's name, then its step where it has one value a step, then its unit.
 * @throws UnrollError `usage` where there is no such output.
 */
export function readChoice(text: string, choices: readonly Choice[], steps: number): OutputChoice {
  // Names may hold colons, so the longest that fits is meant.
  const found = choices
    .filter(({ output }) => text === output || text.startsWith(`${output}:`))
    .sort((a, b) => b.output.length - a.output.length)[0];
  const rest = found === undefined || text === found.output ? [] : text.slice(found.output.length + 1).split(':');
  const numbers = rest.map((word) => (/^\d+$/.test(word) ? Number(word) : Number.NaN));
  if (found === undefined || numbers.length > (found.everyStep ? 2 : 1) || numbers.some(Number.isNaN)) {
    throw new UnrollError(
      'usage',
      '--gradient must be OUTPUT[:STEP][:UNIT] with one of {0}, not "{1}".',
      choices.map(({ output }) => output).join(', '),
      text,
    );
  }
  const { output, everyStep } = found;
  if (!everyStep) return { output, step: null, unit: numbers[0] ?? 0 };
  return { output, step: numbers[0] ?? steps - 1, unit: numbers[1] ?? 0 };
}
