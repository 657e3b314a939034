import type { LayerOutline, TraceOutline } from '../../extension/protocol/inspection';
import type { InputKind } from '../../extension/protocol/trace';
import { t } from '../l10n';
import { decimalsFor, fixed, number } from '../numbers';
import { type Choices, isTranscript, likeliest, percent, score, shownName, transcriptOf } from './choices';
import { forecastsIn, mostTargets, type TargetOutcome } from './forecasts';

/** What a model file was given to read. */
export function readName(kind: InputKind): string {
  switch (kind) {
    case 'zeros':
      return t('zeros');
    case 'noise':
      return t('noise');
    case 'impulse':
      return t('an impulse');
    case 'file':
      return t('a JSON file');
    case 'rows':
      return t('rows of a table');
    case 'text':
      return t('a text');
  }
}

/**
 * What the model said would follow a window and what did, as a sentence.
 * @param answer how probable each choice is where there is one answer for all steps; empty as long as it is null.
 */
export function outcome(run: TraceOutline, answer: Float32Array | null): string {
  if (run.choices !== null) return outcomeOf(run.target, run.choices, answer);
  if (run.written !== undefined) return writtenOutcome(run.written.said, run.written.truth);
  return forecastOutcome(run);
}

/** What the model answers about a whole window beside what is right. */
function outcomeOf(target: string, choices: Choices, answer: Float32Array | null): string {
  if (isTranscript(choices)) {
    return writtenOutcome(transcriptOf(choices), choices.truth[0] ?? '');
  }
  if (!choices.everyStep) {
    if (answer === null) return '';
    const [first] = likeliest(choices, answer, 1);
    const [truth = null] = choices.truth;
    const said = shownName(first?.name ?? '', choices);
    const sure = percent(first?.probability ?? 0);
    if (truth === null) return t('For {0} the model answers {1}, with {2}.', target, said, sure);
    if (truth === first?.name) return t('For {0} the model answers {1}, with {2}, which is right.', target, said, sure);
    return t('For {0} the model answers {1}, with {2}; right is {3}.', target, said, sure, shownName(truth, choices));
  }
  const { right, asked } = score(choices);
  return t('The likeliest answer is right at {0} of {1} steps.', right, asked);
}

function writtenOutcome(said: string, truth: string): string {
  if (said === truth) return t('The model writes “{0}”, which is right.', said);
  return t('The model writes “{0}”; right is “{1}”.', said, truth);
}

function forecastOutcome(run: TraceOutline): string {
  const told = forecastsIn(run);
  const sentences = told.slice(0, mostTargets).map(targetOutcome);
  const left = told.length - sentences.length;
  return [...sentences, ...(left > 0 ? [t('{0} more targets are forecast with them.', left)] : [])].join(' ');
}

function targetOutcome({ forecast, truth, target }: TargetOutcome): string {
  const decimals = decimalsFor([...forecast, ...truth]);
  const said = (values: readonly number[]) => values.map((value) => fixed(value, decimals)).join(t(', '));
  if (forecast.length > 1) {
    const errors = forecast.map((value, i) => Math.abs(value - (truth[i] ?? Number.NaN)));
    const meanError = errors.reduce((sum, error) => sum + error, 0) / errors.length;
    if (forecast.length > 4)
      return t(
        'After this window the model forecasts {0} values of {1}; it is off by {2} on average.',
        forecast.length,
        target,
        fixed(meanError, decimals),
      );
    return t(
      'After this window the model forecasts {0}: {1}. The truth was {2}; it is off by {3} on average.',
      target,
      said(forecast),
      said(truth),
      fixed(meanError, decimals),
    );
  }
  const [value = Number.NaN] = forecast;
  const [fact = Number.NaN] = truth;
  if (!Number.isFinite(fact))
    return t('After this window the model forecasts {0}: {1}.', target, fixed(value, decimals));
  const off = Math.abs(value - fact);
  const share = fact === 0 ? '' : ` (${number((off / Math.abs(fact)) * 100, 2)} %)`;
  const size = `${fixed(off, decimals)}${share}`;
  if (off === 0)
    return t('After this window the model forecasts {0}: {1}, exactly the truth.', target, fixed(value, decimals));
  return value > fact
    ? t(
        'After this window the model forecasts {0}: {1}. The truth was {2}; the forecast is {3} too high.',
        target,
        fixed(value, decimals),
        fixed(fact, decimals),
        size,
      )
    : t(
        'After this window the model forecasts {0}: {1}. The truth was {2}; the forecast is {3} too low.',
        target,
        fixed(value, decimals),
        fixed(fact, decimals),
        size,
      );
}

/** A difference that float32 arithmetic in another order can make. */
const rounding = 1e-4;

const fusedOperators: ReadonlySet<string> = new Set(['RNN', 'LSTM', 'GRU']);

/** Whether what is shown is what the file itself computes, with a fused operator or a loop. */
export function agreement({ op, difference }: LayerOutline): string {
  const most = number(difference, 2);
  if (!fusedOperators.has(op)) {
    return difference <= rounding
      ? t('Step by step this cell gives the same as the loop in the file (largest difference {0}).', most)
      : t('Step by step this cell departs from the loop in the file by up to {0}: read its signals with care.', most);
  }
  if (difference <= rounding) {
    return t('Step by step this cell gives the same h as the {0} of the model (largest difference {1}).', op, most);
  }
  return t(
    'Step by step this cell departs from the {0} of the model by up to {1} in h: read its gates with care.',
    op,
    most,
  );
}
