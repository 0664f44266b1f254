// Recognises a value although it is written differently: `GTXPro` is `GTX Pro`, `technolgy` is `technology`. Exact after
// normalisation comes first; a near miss counts only when it is small for the length of the word, when no other candidate
// is as near, and when no digit differs: `Model 12` is never `Model 13`.

export interface Candidate {
  readonly value: string;
  /** All spellings of the value. */
  readonly names: readonly string[];
}

export interface ValueMatch {
  readonly value: string;
  readonly kind: 'exact' | 'near';
}

/** Small letters and digits only, without diacritics: the part of a name that people write alike. */
export function normaliseName(text: string): string {
  return text
    .replaceAll('ß', 'ss')
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '');
}

/** The candidate a text means, null when none does or two are equally near. */
export function matchValue(text: string, candidates: readonly Candidate[]): ValueMatch | null {
  const wanted = normaliseName(text);
  if (wanted === '') return null;
  const spellings = candidates.flatMap(({ value, names }) =>
    names.map((name) => ({ value, name: normaliseName(name) })),
  );
  const exact = new Set(spellings.filter(({ name }) => name === wanted).map(({ value }) => value));
  if (exact.size > 0) return exact.size === 1 ? { value: [...exact][0] ?? '', kind: 'exact' } : null;
  const limit = toleranceOf(wanted);
  const distances = new Map<string, number>();
  for (const { value, name } of spellings) {
    if (digitsOf(name) !== digitsOf(wanted)) continue;
    const distance = damerauLevenshtein(wanted, name, limit);
    if (distance <= limit) distances.set(value, Math.min(distance, distances.get(value) ?? limit));
  }
  const best = Math.min(...distances.values());
  const nearest = [...distances].filter(([, distance]) => distance === best);
  return nearest.length === 1 ? { value: nearest[0]?.[0] ?? '', kind: 'near' } : null;
}

function toleranceOf(text: string): number {
  if (text.length < 5) return 0;
  return text.length < 10 ? 1 : 2;
}

function digitsOf(text: string): string {
  return text.replaceAll(/\D+/g, ' ').trim();
}

/**
 * Edits (insert, delete, replace, swap of neighbours) between two texts; any number above `limit` means "more than that".
 * Restricted form (optimal string alignment) of Damerau 1964 and Levenshtein 1966.
 */
export function damerauLevenshtein(left: string, right: string, limit = Number.POSITIVE_INFINITY): number {
  if (Math.abs(left.length - right.length) > limit) return limit + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const isSame = left[row - 1] === right[column - 1];
      let distance = Math.min(
        at(last, column) + 1,
        at(current, column - 1) + 1,
        at(last, column - 1) + (isSame ? 0 : 1),
      );
      const isSwap =
        row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      if (isSwap) distance = Math.min(distance, at(beforeLast, column - 2) + 1);
      current.push(distance);
    }
    if (Math.min(...current) > limit) return limit + 1;
    beforeLast = last;
    last = current;
  }
  return at(last, right.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
