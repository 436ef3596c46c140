/**
 * "Did you mean …?": the known word closest to a mistyped one.
 *
 * Counterpart   none in Kafka; its tools only say "unrecognized option".
 * Simplified    plain edit distance with swaps of neighbours (optimal string alignment); words are ASCII and short.
 */

/** Words longer than this are compared by their beginning only, so that a huge key cannot cost much. */
const LONGEST = 64;

/**
 * The member of `known` nearest to `word`, or null when none is close enough to be a likely slip
 * (more than a third of the letters would have to change). Case does not count. Ties: the first in `known`.
 */
export function nearest(word: string, known: readonly string[]): string | null {
  const wanted = word.slice(0, LONGEST).toLowerCase();
  let best: string | null = null;
  let bestDistance = Math.max(2, Math.ceil(wanted.length / 3)) + 1;
  if (wanted.length < 3) bestDistance = 2;
  for (const candidate of known) {
    const distance = editDistance(wanted, candidate.slice(0, LONGEST).toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Fewest insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`. */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = at(last, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let cost = Math.min(replaced, at(last, j) + 1, at(row, j - 1) + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, at(beforeLast, j - 2) + 1);
      }
      row.push(cost);
    }
    beforeLast = last;
    last = row;
  }
  return at(last, b.length);
}

function at(row: readonly number[], index: number): number {
  const value = row[index];
  if (value === undefined) throw new Error(`edit distance: no column ${index}`);
  return value;
}
