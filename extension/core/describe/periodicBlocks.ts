import type { Repeat, Siblings } from './repeats';

/** A block of this many boxes need stand there only twice, one of fewer oftener. */
const longBlock = 6;
const fewShort = 3;
/** Lone boxes of the same kind in a row are a repeat from this many on. */
const fewLone = 5;
/** Where a block may begin, so many of the places are tried that look like its next beginning. */
const mostPeriods = 32;
/** Comparisons, for each box. A model that asks for more has no such blocks. */
const effort = 200;

/** A run of `count` blocks of `period` boxes from the place `start` on. */
interface Run {
  readonly start: number;
  readonly period: number;
  readonly count: number;
}

/** Blocks of the same structure in a row, wherever they lie: the same boxes, connected alike. Those in `taken` belong elsewhere. */
export function periodicBlocks(siblings: Siblings, taken: ReadonlySet<number>): Repeat[] {
  const { boxes, labels } = siblings;
  const repeats: Repeat[] = [];
  const later = nextPlaces(labels);
  let left = effort * boxes.length;
  for (let start = 0; start < boxes.length && left > 0; ) {
    let best: Run | null = null;
    let next = later[start] ?? -1;
    for (let tried = 0; tried < mostPeriods && next >= 0 && left > 0; tried++) {
      const run = runFrom(siblings, taken, start, next - start);
      left -= run.period * (run.count + 1);
      if (isLong(run) && (best === null || run.period * run.count > best.period * best.count)) best = run;
      next = later[next] ?? -1;
    }
    if (best === null) {
      start++;
      continue;
    }
    repeats.push(repeatOf(siblings, best));
    start += best.period * best.count;
  }
  return repeats;
}

function isLong({ period, count }: Run): boolean {
  if (period === 1) return count >= fewLone;
  return count >= (period >= longBlock ? 2 : fewShort);
}

/** The next place with the same label, −1 where there is none. */
function nextPlaces(labels: Int32Array): Int32Array {
  const next = new Int32Array(labels.length).fill(-1);
  const last = new Map<number, number>();
  for (let place = labels.length - 1; place >= 0; place--) {
    const label = labels[place] ?? 0;
    next[place] = last.get(label) ?? -1;
    last.set(label, place);
  }
  return next;
}

function runFrom({ labels, reads, boxes }: Siblings, taken: ReadonlySet<number>, start: number, period: number): Run {
  const isFree = (place: number) => place < boxes.length && !taken.has(place);
  for (let at = start; at < start + period; at++) if (!isFree(at)) return { start, period, count: 0 };
  let count = 1;
  for (; ; count++) {
    const from = start + count * period;
    for (let at = from; at < from + period; at++) {
      if (!isFree(at) || labels[at] !== labels[at - period]) return { start, period, count };
      // What the second block reads before itself is the first's or anything; later blocks read alike all along.
      const same = sameReads(reads[at] ?? [], count === 1 ? from : start, reads[at - period] ?? [], start, period);
      if (!same) return { start, period, count };
    }
  }
}

/** Whether `own`, from the place `since` on, are the places of `other`, from `otherSince` on, moved by a period. Both are in order. */
function sameReads(
  own: readonly number[],
  since: number,
  other: readonly number[],
  otherSince: number,
  period: number,
): boolean {
  let [i, k] = [0, 0];
  while ((own[i] ?? since) < since) i++;
  while ((other[k] ?? otherSince) < otherSince) k++;
  if (own.length - i !== other.length - k) return false;
  for (; i < own.length; i++, k++) if (own[i] !== (other[k] ?? 0) + period) return false;
  return true;
}

function repeatOf({ boxes }: Siblings, { start, period, count }: Run): Repeat {
  const place = (block: number) => Array.from({ length: period }, (_, i) => start + block * period + i);
  const titles = [...new Set(place(0).map((at) => boxes[at]?.title ?? ''))];
  const title = titles.length > 3 ? `${titles.slice(0, 3).join(', ')}, …` : titles.join(', ');
  return {
    title,
    blocks: Array.from({ length: count }, (_, block) => ({
      title: period === 1 ? null : `${title} ${block + 1}`,
      boxes: place(block),
    })),
  };
}
