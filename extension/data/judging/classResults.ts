import { type ClassResults, type ClassScores, mostNamed } from '../../protocol/results';

/**
 * The table of a report for counts `[truth, answer]` of all classes. Of many classes the most frequent stand for themselves, by how often
 * they are right or were answered, and all others together.
 */
export function classResults(names: readonly string[], counts: Float64Array): ClassResults {
  const { length } = names;
  const at = (truth: number, answer: number) => counts[truth * length + answer] ?? 0;
  const supports = new Float64Array(length);
  const answered = new Float64Array(length);
  for (let truth = 0; truth < length; truth++) {
    for (let answer = 0; answer < length; answer++) {
      supports[truth] = (supports[truth] ?? 0) + at(truth, answer);
      answered[answer] = (answered[answer] ?? 0) + at(truth, answer);
    }
  }
  const size = (k: number) => supports[k] ?? 0;
  const byCount = Array.from(names.keys()).sort(
    (a, b) => size(b) - size(a) || (answered[b] ?? 0) - (answered[a] ?? 0) || a - b,
  );
  const named = (length > mostNamed ? byCount.slice(0, mostNamed) : byCount).sort((a, b) => a - b);
  const others = length - named.length;
  const rowOf = new Int32Array(length).fill(named.length);
  for (const [row, k] of named.entries()) rowOf[k] = row;
  const rows = named.length + (others > 0 ? 1 : 0);
  const confusion = Array.from({ length: rows }, () => new Array<number>(rows).fill(0));
  for (let truth = 0; truth < length; truth++) {
    const row = confusion[rowOf[truth] ?? 0];
    if (row === undefined) continue;
    for (let answer = 0; answer < length; answer++) {
      const column = rowOf[answer] ?? 0;
      row[column] = (row[column] ?? 0) + at(truth, answer);
    }
  }
  const groups = named.map((k) => [k]);
  if (others > 0) groups.push(Array.from(names.keys()).filter((k) => rowOf[k] === named.length));
  const sum = (group: readonly number[], of: (k: number) => number) => group.reduce((total, k) => total + of(k), 0);
  return {
    names: named.map((k) => names[k] ?? ''),
    others,
    confusion,
    perClass: groups.map((group) =>
      scores(
        sum(group, (k) => at(k, k)),
        sum(group, size),
        sum(group, (k) => answered[k] ?? 0),
      ),
    ),
  };
}

function scores(right: number, support: number, answered: number): ClassScores {
  return {
    precision: answered === 0 ? null : right / answered,
    recall: support === 0 ? null : right / support,
    f1: support + answered === 0 ? null : (2 * right) / (support + answered),
    support,
  };
}
