import type { TraceOutline } from '../../extension/protocol/inspection';
import { t } from '../l10n';
import type { StepValues } from './source';

/** What is answered by choosing among names. */
export type Choices = NonNullable<TraceOutline['choices']>;

/** One answer that a model could give, and how probable it finds it. */
export interface Candidate {
  readonly name: string;
  readonly probability: number;
}

const visible: Readonly<Record<string, string>> = { ' ': '␣', '\n': '↵', '\r': '␍', '\t': '⇥' };

/** A character or a class as it is shown: what leaves no ink gets a sign, what has no name says what it stands for. */
export function shownName(name: string, { names }: Pick<Choices, 'names'>): string {
  if (name === '') return names[0] === '' ? t('blank') : t('any other');
  return visible[name] ?? name;
}

/** A character of a text as it is shown. */
export const shownCharacter = (character: string): string =>
  character === '' ? '?' : (visible[character] ?? character);

/** Where the `count` largest of `values` stand, the largest first; what is not a number is none of them. */
export function largest(values: ArrayLike<number>, count: number): readonly number[] {
  const found: number[] = [];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? Number.NaN;
    const last = values[found[count - 1] ?? -1];
    if (Number.isNaN(value) || (last !== undefined && value <= last)) continue;
    let at = Math.min(found.length, count - 1);
    while (at > 0 && value > (values[found[at - 1] ?? -1] ?? Number.NaN)) at -= 1;
    found.splice(at, 0, i);
    found.length = Math.min(found.length, count);
  }
  return found;
}

/** The likeliest answers at a place, the likeliest first. */
export function likeliest({ names }: Choices, probabilities: ArrayLike<number>, count: number): readonly Candidate[] {
  return largest(probabilities, count).map((i) => ({ name: names[i] ?? '', probability: probabilities[i] ?? 0 }));
}

/** Whether the answers are spread over the steps in no fixed place, as in a transcript. */
export const isTranscript = ({ names, truth, everyStep }: Choices): boolean =>
  names[0] === '' && truth.length === 1 && everyStep;

/** What is read along the likeliest path: repeats are one, blanks are none (Graves et al. 2006). */
export function transcriptOf({ names, likeliest: path }: Choices): string {
  const read = path.filter((choice, place) => place === 0 || choice !== path[place - 1]);
  return read.map((choice) => names[choice] ?? '').join('');
}

/** How often the likeliest answer is right, of the places where one is asked for. */
export function score({ names, truth, likeliest: said }: Choices): { readonly right: number; readonly asked: number } {
  const asked = [...truth.entries()].filter(([, name]) => name !== null);
  return { right: asked.filter(([place, name]) => names[said[place] ?? -1] === name).length, asked: asked.length };
}

/** What the model answers at a step and what is right there; null where it answers nothing at single steps. */
export function answerAt({ choices }: TraceOutline, values: StepValues): string | null {
  if (choices === null || !choices.everyStep) return null;
  const probabilities = values.of({ of: 'choices' });
  const [first] = likeliest(choices, probabilities, 1);
  if (first === undefined) return null;
  const said = shownName(first.name, choices);
  const truth = isTranscript(choices) ? null : (choices.truth[values.step] ?? null);
  if (truth === null) return t('At this step: {0} with {1}.', said, percent(first.probability));
  if (truth === first.name) return t('At this step: {0} with {1}, which is right.', said, percent(first.probability));
  const right = probabilities[choices.names.indexOf(truth)] ?? 0;
  return t(
    'At this step: {0} with {1}; right is {2}, with {3}.',
    said,
    percent(first.probability),
    shownName(truth, choices),
    percent(right),
  );
}

/** A probability in words. */
export function percent(probability: number): string {
  if (!Number.isFinite(probability)) return '\u2013';
  const value = probability * 100;
  if (value > 0 && value < 1) return t('less than 1 %');
  if (value < 100 && value > 99) return t('more than 99 %');
  return t('{0} %', String(Math.round(value)));
}
