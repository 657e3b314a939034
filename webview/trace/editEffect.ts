import type { SignalRef, TraceOutline } from '../../extension/protocol/inspection';
import { t } from '../l10n';
import { shownName } from './choices';
import { forecastsIn, mostTargets, type TargetOutcome } from './forecasts';
import { signalName } from './signalName';
import type { TraceSource } from './source';

/** Where a signal departs most from the trace without edits. */
interface Change {
  readonly unit: number;
  readonly step: number;
  readonly original: number;
  readonly edited: number;
}

const perRequest = 1024;

/**
 * What edits did to what the model gives, as sentences, the largest change first.
 * @param original the trace without edits; null where the page never had it.
 */
export async function effectOf(
  source: TraceSource,
  original: TraceOutline | null,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { outline } = source;
  const outputs = await Promise.all(
    outline.outputs.map(async ({ name, units, min, max }, index) => {
      const change = await largestChange(source, { of: 'output', index }, signal);
      return { name, units, change, share: change === null ? 0 : sizeOf(change) / (max - min || 1) };
    }),
  );
  const said = outputs
    .sort((a, b) => b.share - a.share)
    .flatMap(({ name, units, change }) => (change === null ? [] : [ofOutput(name, units, change)]));
  if (original !== null) said.unshift(...ofResults(outline, original), ...ofForecasts(outline, original));
  if (outline.choices !== null) said.unshift(...(await ofChoices(source, original, signal)));
  return said.length > 0 ? said : [t('What the model gives stays the same.')];
}

const sizeOf = ({ original, edited }: Change): number => Math.abs(edited - original);

function ofOutput(name: string, units: number, { unit, step, original, edited }: Change): string {
  const short = signalName(name);
  const which = units === 1 ? short : t('{0} of unit {1}', short, unit + 1);
  return t('{0} changes most at step {1}: from {2} to {3}.', which, step + 1, original, edited);
}

/** Outputs without a place on the time axis, the one that changes most of each. */
function ofResults(edited: TraceOutline, original: TraceOutline): readonly string[] {
  return edited.results.flatMap(({ name, values }) => {
    const before = original.results.find((result) => result.name === name)?.values ?? values;
    const at = farthest(values, before);
    if (at === null) return [];
    const [from, to] = [before[at] ?? 0, values[at] ?? 0];
    if (values.length === 1) return [t('{0} goes from {1} to {2}.', signalName(name), from, to)];
    return [t('Number {0} of {1} goes from {2} to {3}.', at + 1, signalName(name), from, to)];
  });
}

function ofForecasts(edited: TraceOutline, original: TraceOutline): readonly string[] {
  const before = forecastsIn(original);
  return forecastsIn(edited)
    .slice(0, mostTargets)
    .flatMap((told, k) => ofForecast(told, before[k]?.forecast ?? []));
}

function ofForecast({ forecast, target }: TargetOutcome, original: readonly number[]): readonly string[] {
  const at = farthest(forecast, original);
  if (at === null) return [];
  const [before, after] = [original[at] ?? 0, forecast[at] ?? 0];
  if (forecast.length === 1) return [t('The forecast of {0} goes from {1} to {2}.', target, before, after)];
  return [t('The forecast of {0} changes most {1} steps ahead: from {2} to {3}.', target, at + 1, before, after)];
}

/** Where two lists differ most; null where they are the same. */
function farthest(a: readonly number[], b: readonly number[]): number | null {
  const differences = a.map((value, i) => Math.abs(value - (b[i] ?? Number.NaN)));
  const most = Math.max(0, ...differences.filter((value) => Number.isFinite(value)));
  return most === 0 ? null : differences.indexOf(most);
}

const mostNamed = 4;

/** Which answers are others now; where none is, the probability that changes most. */
async function ofChoices(
  source: TraceSource,
  original: TraceOutline | null,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { choices } = source.outline;
  if (choices === null) return [];
  const named = (at: number | undefined) => shownName(choices.names[at ?? 0] ?? '', choices);
  const before = original?.choices?.likeliest ?? choices.likeliest;
  const changed = choices.likeliest.flatMap((now, place) => (now === before[place] ? [] : [place]));
  if (changed.length > 0 && !choices.everyStep)
    return [t('The answer changes from {0} to {1}.', named(before[0]), named(choices.likeliest[0]))];
  if (changed.length > 0) {
    const list = changed
      .slice(0, mostNamed)
      .map((place) => t('step {0} from {1} to {2}', place + 1, named(before[place]), named(choices.likeliest[place])));
    const more = changed.length > mostNamed ? [t('and {0} more', changed.length - mostNamed)] : [];
    const places = [...list, ...more].join(t(', '));
    return [
      t('The likeliest answer changes at {0} of {1} steps: {2}.', changed.length, choices.likeliest.length, places),
    ];
  }
  const change = await largestChange(source, { of: 'choices' }, signal);
  if (change === null) return [];
  const { unit, step } = change;
  const [from, to] = [change.original * 100, change.edited * 100];
  return choices.everyStep
    ? [t('No likeliest answer changes; {0} at step {1} goes from {2} % to {3} %.', named(unit), step + 1, from, to)]
    : [t('The answer stays; {0} goes from {1} % to {2} %.', named(unit), from, to)];
}

/** Finds where a signal differs most from the original: first the unit, then the step within ever smaller blocks. */
async function largestChange(source: TraceSource, ref: SignalRef, signal: AbortSignal): Promise<Change | null> {
  const units = source.signal(ref)?.units ?? 0;
  let best = { unit: -1, size: 0 };
  const { steps } = source.outline;
  const lines = (chosen: readonly number[], from: number, to: number, columns: number) =>
    source.ask('lines', { signal: ref, version: 'difference', units: chosen, from, to, columns }, signal);
  const span = ref.of === 'choices' && source.outline.choices?.everyStep === false ? 1 : steps;
  for (let first = 0; first < units; first += perRequest) {
    const some = Array.from({ length: Math.min(perRequest, units - first) }, (_, i) => first + i);
    const { low, high } = await lines(some, 0, span, 1);
    for (const [i, unit] of some.entries()) {
      const size = Math.max(Math.abs(low[i] ?? 0), Math.abs(high[i] ?? 0));
      if (size > best.size) best = { unit, size };
    }
  }
  if (best.unit < 0) return null;
  let [from, to] = [0, span];
  while (to - from > 1) {
    const { columns, low, high } = await lines([best.unit], from, to, Math.min(perRequest, to - from));
    const sizes = Array.from(low, (value, i) => Math.max(Math.abs(value), Math.abs(high[i] ?? 0)));
    const at = sizes.indexOf(Math.max(...sizes.filter((size) => Number.isFinite(size))));
    const [start, long] = [from, to - from];
    from = start + Math.floor((at * long) / columns);
    to = Math.max(from + 1, start + Math.floor(((at + 1) * long) / columns));
  }
  const at = async (version: 'original' | 'edited') => {
    const { low } = await source.ask(
      'lines',
      { signal: ref, version, units: [best.unit], from, to: from + 1, columns: 1 },
      signal,
    );
    return low[0] ?? Number.NaN;
  };
  return { unit: best.unit, step: from, original: await at('original'), edited: await at('edited') };
}
