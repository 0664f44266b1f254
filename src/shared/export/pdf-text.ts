// Lines of text that fit a width, for a table on paper.

export type MeasureText = (text: string) => number;

const ELLIPSIS = '…';
/** Control and format characters, and the marks that choose between a sign and its picture. */
const UNPRINTABLE = /(?!\n)\p{Cc}|\p{Cf}|[\u{fe0e}\u{fe0f}]/gu;
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;
const LEFT_TO_RIGHT = /[A-Za-z\u00c0-\u024f\u0370-\u052f]/;

/** What can be drawn of a text: control and direction marks mean nothing on paper. */
export function printable(text: string): string {
  return text.toWellFormed().replaceAll('\t', ' ').replace(UNPRINTABLE, '');
}

/** Words of a line in the order they are drawn, from the left. */
export function inDrawnOrder(line: string): string {
  if (!RIGHT_TO_LEFT.test(line) || LEFT_TO_RIGHT.test(line)) return line;
  return line.split(' ').reverse().join('\u00a0');
}

/** The longest start that fits, at least one character. */
function fittingStart(text: string, width: number, measure: MeasureText): string {
  const characters = Array.from(text);
  let low = 1;
  let high = characters.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (measure(characters.slice(0, middle).join('')) <= width) low = middle;
    else high = middle - 1;
  }
  return characters.slice(0, low).join('');
}

function* brokenLines(paragraph: string, width: number, measure: MeasureText): Generator<string> {
  let line = '';
  for (const word of paragraph.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (measure(longer) <= width) {
      line = longer;
      continue;
    }
    if (line !== '') yield line;
    let rest = word;
    while (measure(rest) > width) {
      const start = fittingStart(rest, width, measure);
      if (start.length === rest.length) break;
      yield start;
      rest = rest.slice(start.length);
    }
    line = rest;
  }
  yield line;
}

/** At most `most` lines; what does not fit ends in an ellipsis. */
export function wrapText(text: string, width: number, measure: MeasureText, most: number): readonly string[] {
  // Longer ones do not fit, and measuring them would take long.
  const plain = printable(text.length > 4000 ? text.slice(0, 4000) : text);
  if (!plain.includes('\n') && measure(plain) <= width) return [plain];
  const lines: string[] = [];
  for (const paragraph of plain.split('\n')) {
    for (const line of brokenLines(paragraph, width, measure)) {
      if (lines.length === most) {
        const last = lines.at(-1) ?? '';
        lines[most - 1] = fittingStart(last, width - measure(ELLIPSIS), measure) + ELLIPSIS;
        return lines;
      }
      lines.push(line);
    }
  }
  return lines;
}
