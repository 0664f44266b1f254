// One spelling for comparing: `Müller`, `MULLER` and `muller` are the same to search, filters and sorting. Without
// locale, so that every computer and the server agree.

/** Letters that do not fall apart into a base letter and a mark. */
const LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  ẞ: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
};
const SPECIAL = new RegExp(`[${Object.keys(LETTERS).join('')}]`, 'gu');
const ONLY_ASCII = /^[\0-\u007F]*$/;

/** Lower case, without diacritics, compatibility forms unified. */
export function foldText(text: string): string {
  if (ONLY_ASCII.test(text)) return text.toLowerCase();
  return text
    .normalize('NFKD')
    .replaceAll(/\p{M}+/gu, '')
    .toLowerCase()
    .replaceAll(/\p{M}+/gu, '')
    .replaceAll(SPECIAL, (letter) => LETTERS[letter] ?? letter);
}

/** The folded words of a text in order, duplicates included; everything but letters and digits separates. */
export function toWords(text: string): string[] {
  return foldText(text).match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** True when every word asked for is the beginning of a word of the text. No words: true. */
export function matchesWords(asked: readonly string[], words: readonly string[]): boolean {
  return asked.every((prefix) => words.some((word) => word.startsWith(prefix)));
}
