// By which words entries of the audit are found: letters and digits, in small letters. The same function makes the words of an
// entry and those somebody looks for, so that they meet on every database.

/** A longer text is found by its beginning. */
const MOST_WORDS = 120;
const MOST_LETTERS = 40;

const word = /[\p{L}\p{N}]+/gu;

/** The words of texts, each once. */
export function wordsOf(texts: readonly string[], most = MOST_WORDS): readonly string[] {
  const found = new Set<string>();
  for (const text of texts) {
    for (const [match] of text.normalize('NFC').toLowerCase().matchAll(word)) {
      if (found.size === most) return [...found];
      found.add(match.slice(0, MOST_LETTERS));
    }
  }
  return [...found];
}

/** True when every word looked for is the beginning of one of these. */
export function haveWords(words: readonly string[], wanted: readonly string[]): boolean {
  return wanted.every((beginning) => words.some((known) => known.startsWith(beginning)));
}

/** Texts in a value, however deep. */
export function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'number') return [String(value)];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}
