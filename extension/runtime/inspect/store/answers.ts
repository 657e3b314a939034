import { linesOf } from '../../../core/analysis/lines';
import { matchSpan } from '../../../core/analysis/match';
import { project } from '../../../core/analysis/project';
import { nextPeak, nextSaturation } from '../../../core/analysis/seek';
import { type Series, seriesOf, stepsOf } from '../../../core/analysis/series';
import { tileOf } from '../../../core/analysis/tile';
import type { Handlers } from '../../../protocol/channel';
import { UnrollError } from '../../../protocol/errors';
import type { InspectionRequests, Span } from '../../../protocol/inspection';
import type { WindowRef } from '../../../protocol/trace';
import { signalIn } from './keptTrace';
import type { Shown } from './outline';
import type { TraceStore } from './traceStore';

/** A pattern is looked for among no more numbers than this. */
const mostNumbers = 2 ** 25;

/** What is read off a kept trace without running anything. */
export type ReadOff = Pick<InspectionRequests, 'tile' | 'lines' | 'steps' | 'order' | 'seek' | 'project' | 'match'>;

/** Answers from the traces of a store. */
export function answersFrom(store: TraceStore): Handlers<{ requests: ReadOff; events: Record<never, never> }> {
  return {
    tile: ({ trace, wish }) => {
      const kept = store.get(trace);
      return tileOf(kept.series(wish.signal, wish.version), kept.order(wish.signal, wish.order), wish);
    },
    lines: ({ trace, signal, version, units, ...window }) =>
      linesOf(store.get(trace).series(signal, version), units, window),
    steps: ({ trace, version, from, to }) => store.get(trace).block(version, from, to),
    order: ({ trace, signal, order }) => store.get(trace).order(signal, order),
    seek: ({ trace, signal, unit, what, from, towards }) => {
      const find = what === 'peak' ? nextPeak : nextSaturation;
      return find(store.get(trace).series(signal), unit, from, towards);
    },
    project: ({ trace, signal, components }) => project(store.get(trace).series(signal), components),
    match: async ({ trace, signal, span, threshold }, stop) => {
      const kept = store.get(trace);
      const series = kept.series(signal);
      checkSpan(span, stepsOf(series));
      const own = windowOf(kept.shown);
      const others: { readonly window: number; readonly series: Series }[] = [];
      let numbers = 0;
      if (kept.source.others !== null) {
        for await (const { window, trace: other } of kept.source.others(stop)) {
          const found = signalIn(other, signal);
          if (found === null || found.units !== series.units) continue;
          others.push({ window, series: seriesOf(found.units, found.values) });
          numbers += found.values.length;
          if (numbers > mostNumbers) break;
        }
      }
      const windows = [own, ...others.map(({ window }) => window)];
      const { places, ...match } = matchSpan(
        series,
        span,
        threshold,
        others.map((other) => other.series),
      );
      return {
        ...match,
        window: own,
        places: places.map(({ from, to, share, series: at }) => ({ from, to, share, window: windows[at] ?? own })),
      };
    },
  };
}

/** The window of a run that was traced; 0 of a model file. */
const windowOf = (shown: Shown & { readonly window?: WindowRef }): number => shown.window?.index ?? 0;

function checkSpan({ from, to }: Span, steps: number): void {
  if (from >= 0 && from < to && to <= steps) return;
  throw new UnrollError('usage', 'The trace has {0} steps, so none from {1} to {2} can be chosen.', steps, from, to);
}
