// What makes a password good enough, after NIST SP 800-63B-4: its length, and that nobody would guess it first. No rules about
// kinds of characters, no end by date. Characters are counted as people see them in Unicode (code points after NFKC); blanks
// and every script are welcome, long ones too.

/** In characters. A password that stands alone has to be longer than one beside a second factor. */
export const PASSWORD_LENGTH = { alone: 15, besideFactor: 8, most: 256 } as const;

export type PasswordProblem = 'tooShort' | 'tooLong' | 'commonPassword' | 'contextPassword' | 'repeatedPassword';

export interface PasswordContext {
  readonly leastLength: number;
  /** What an attacker knows of this person: name, e-mail address, organization, product. */
  readonly words: readonly string[];
  /** Whether a folded password is one of those that are tried first. */
  readonly isCommon: (folded: string) => boolean;
}

/** The same password, however its characters were typed. */
export function normalizePassword(password: string): string {
  return password.normalize('NFKC');
}

export function passwordLength(password: string): number {
  return Array.from(normalizePassword(password)).length;
}

/** Without regard to case; what is compared with lists. */
export function foldForComparison(text: string): string {
  return normalizePassword(text).toLowerCase();
}

/** Words an attacker tries, of at least four characters: parts of names and addresses. */
function splitWords(texts: readonly string[]): readonly string[] {
  const words = texts.flatMap((text) => {
    const folded = foldForComparison(text);
    return [folded.replaceAll(/[^\p{L}\p{N}]+/gu, ''), ...folded.split(/[^\p{L}\p{N}]+/u)];
  });
  return [...new Set(words)].filter((word) => word.length >= 4).sort((left, right) => right.length - left.length);
}

/** What is left when the words are taken out, and what stands between them. */
function withoutWords(folded: string, words: readonly string[]): string {
  let rest = folded.replaceAll(/[^\p{L}\p{N}]+/gu, '');
  for (const word of words) rest = rest.replaceAll(word, '');
  return rest;
}

function isRepeated(folded: string): boolean {
  const letters = Array.from(folded);
  for (let length = 1; length <= Math.min(4, letters.length / 2); length += 1)
    if (letters.every((letter, index) => letter === letters[index % length])) return true;
  const steps = letters
    .slice(1)
    .map((letter, index) => (letter.codePointAt(0) ?? 0) - (letters[index]?.codePointAt(0) ?? 0));
  const along = steps.filter((step) => Math.abs(step) <= 1).length;
  return letters.length > 3 && along >= steps.length - 2;
}

/** The first thing that is wrong with a password, null for a good one. */
export function judgePassword(password: string, context: PasswordContext): PasswordProblem | null {
  const length = passwordLength(password);
  if (length < context.leastLength) return 'tooShort';
  if (length > PASSWORD_LENGTH.most) return 'tooLong';
  const folded = foldForComparison(password);
  if (isRepeated(folded)) return 'repeatedPassword';
  // Whoever must make a listed one longer adds figures and signs at its ends.
  const core = folded.replaceAll(/^[^\p{L}]+|[^\p{L}]+$/gu, '');
  if (context.isCommon(folded) || (core.length >= 4 && context.isCommon(core))) return 'commonPassword';
  const words = splitWords(context.words);
  const rest = withoutWords(folded, words);
  const isOfWords = rest.length < folded.replaceAll(/[^\p{L}\p{N}]+/gu, '').length;
  if (isOfWords && (rest.length < 5 || context.isCommon(rest))) return 'contextPassword';
  return null;
}
