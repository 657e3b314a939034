import { editDistance } from '../judging/editDistance';

/** The name that a person who wrote `wrong` most likely meant; null where none is like it. */
export function nearestName(wrong: string, names: readonly string[]): string | null {
  let best: string | null = null;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const name of names) {
    const distance = editDistance(wrong.trim().toLowerCase(), name.toLowerCase());
    if (distance < bestDistance) {
      best = name;
      bestDistance = distance;
    }
  }
  return bestDistance <= Math.max(1, wrong.length * likeness) ? best : null;
}

/** How much of a name may be written wrong. */
const likeness = 0.4;
