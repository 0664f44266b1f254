// A letter in two parts: what is being written, and what stands below it by itself (a signature, the mail that is answered).
// What writes or changes a text for somebody has to do with the first part only.
const SIGNATURE = /^-- $/;
const QUOTED = /^>/;

export interface LetterParts {
  readonly written: string;
  readonly below: string;
}

export function partsOfLetter(text: string): LetterParts {
  const lines = text.split('\n');
  const quoted = lines.findIndex((line) => QUOTED.test(line));
  // The line above a quotation says whose it is.
  const from = quoted > 0 && lines[quoted - 1]?.trim() !== '' ? quoted - 1 : quoted;
  const starts = [lines.findIndex((line) => SIGNATURE.test(line)), from].filter((index) => index >= 0);
  if (starts.length === 0) return { written: text, below: '' };
  const start = Math.min(...starts);
  return { written: lines.slice(0, start).join('\n').trimEnd(), below: lines.slice(start).join('\n') };
}

/** The letter with another text above what stands below it. */
export function letterOf(written: string, below: string): string {
  return below === '' ? written : `${written.trimEnd()}\n\n${below}`;
}
