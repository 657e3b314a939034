import type { StepTrace, TracedChoices } from '../../extension/protocol/trace';
import { t } from '../l10n';

/** One answer that a model could give, and how probable it finds it. */
export interface Candidate {
  readonly name: string;
  readonly probability: number;
}

const visible: Readonly<Record<string, string>> = { ' ': '␣', '\n': '↵', '\r': '␍', '\t': '⇥' };

/** A character or a class as it is shown: what leaves no ink gets a sign, what has no name says what it stands for. */
export function shownName(name: string, { names }: TracedChoices): string {
  if (name === '') return names[0] === '' ? t('blank') : t('any other');
  return visible[name] ?? name;
}

/** A character of a text as it is shown. */
export const shownCharacter = (character: string): string =>
  character === '' ? '?' : (visible[character] ?? character);

/** How many places are answered: one for a whole sequence, else one for each step. */
export const placesOf = ({ names, probabilities }: TracedChoices): number =>
  names.length === 0 ? 0 : probabilities.length / names.length;

/** Whether there is an answer at every step. */
export const answersEveryStep = (choices: TracedChoices): boolean => placesOf(choices) > 1;

/** The probabilities at one place, in the order of the names. */
export const probabilitiesAt = ({ names, probabilities }: TracedChoices, place: number): Float32Array =>
  probabilities.subarray(place * names.length, (place + 1) * names.length);

/** What is answered at a step: of an answer about a whole sequence, that one. */
export const placeAt = (choices: TracedChoices, step: number): number => Math.min(step, placesOf(choices) - 1);

/** The likeliest answers at a place, the likeliest first. */
export function likeliest(choices: TracedChoices, place: number, count: number): readonly Candidate[] {
  const probabilities = probabilitiesAt(choices, place);
  return choices.names
    .map((name, i) => ({ name, probability: probabilities[i] ?? 0 }))
    .sort((a, b) => b.probability - a.probability)
    .slice(0, count);
}

/** Which name is the likeliest at a place. */
export function likeliestName(choices: TracedChoices, place: number): number {
  const probabilities = probabilitiesAt(choices, place);
  return probabilities.reduce((best, value, i) => (value > (probabilities[best] ?? 0) ? i : best), 0);
}

/** Whether the answers are spread over the steps in no fixed place, as in a transcript. */
export const isTranscript = (choices: TracedChoices): boolean =>
  choices.names[0] === '' && choices.truth.length === 1 && answersEveryStep(choices);

/** What is read along the likeliest path: repeats are one, blanks are none (Graves et al. 2006). */
export function transcriptOf(choices: TracedChoices): string {
  let text = '';
  let before = '';
  for (let place = 0; place < placesOf(choices); place++) {
    const name = likeliest(choices, place, 1)[0]?.name ?? '';
    if (name !== before) text += name;
    before = name;
  }
  return text;
}

/** How often the likeliest answer is right, of the places where one is asked for. */
export function score(choices: TracedChoices): { readonly right: number; readonly asked: number } {
  let [right, asked] = [0, 0];
  for (const [place, truth] of choices.truth.entries()) {
    if (truth === null) continue;
    asked += 1;
    if (likeliest(choices, place, 1)[0]?.name === truth) right += 1;
  }
  return { right, asked };
}

/** What the model answers at a step and what is right there; null where it answers nothing at single steps. */
export function answerAt({ choices }: StepTrace, step: number): string | null {
  if (choices === null || !answersEveryStep(choices)) return null;
  const [first] = likeliest(choices, step, 1);
  if (first === undefined) return null;
  const said = shownName(first.name, choices);
  const truth = isTranscript(choices) ? null : (choices.truth[step] ?? null);
  if (truth === null) return t('At this step: {0} with {1}.', said, percent(first.probability));
  if (truth === first.name) return t('At this step: {0} with {1}, which is right.', said, percent(first.probability));
  const right = probabilitiesAt(choices, step)[choices.names.indexOf(truth)] ?? 0;
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
  const value = probability * 100;
  if (value > 0 && value < 1) return t('less than 1 %');
  if (value < 100 && value > 99) return t('more than 99 %');
  return t('{0} %', String(Math.round(value)));
}
