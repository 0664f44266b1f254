// Three-way merge of long text by lines (the idea of diff3): changes in different places are both kept, changes in
// the same place are a conflict. Conflict markers never enter the text; the caller asks a person instead.

/** Longest texts compared line by line; beyond it a clash is always a question, which is safe and fast. */
const MOST_LINES = 2000;

/** A run of base lines [from, to) that one side replaced. */
interface Hunk {
  readonly from: number;
  readonly to: number;
  readonly lines: readonly string[];
}

/** The text with both changes, or null when they touch the same place. */
export function mergeText(base: string, current: string, mine: string): string | null {
  if (current === base || current === mine) return mine;
  if (mine === base) return current;
  const lines = splitLines(base);
  const theirs = splitLines(current);
  const ours = splitLines(mine);
  if (Math.max(lines.length, theirs.length, ours.length) > MOST_LINES) return null;
  const hunks = combineHunks(diffLines(lines, theirs), diffLines(lines, ours));
  return hunks === null ? null : applyHunks(lines, hunks).join('');
}

/** Lines with their line ends, so that joining gives the text back exactly. */
function splitLines(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** Lengths of the longest common subsequences of all pairs of tails. */
function commonLengths(from: readonly string[], to: readonly string[]): readonly Uint16Array[] {
  const table = Array.from({ length: from.length + 1 }, () => new Uint16Array(to.length + 1));
  for (let row = from.length - 1; row >= 0; row -= 1) {
    const here = table[row];
    const below = table[row + 1];
    if (here === undefined || below === undefined) continue;
    for (let column = to.length - 1; column >= 0; column -= 1) {
      here[column] =
        from[row] === to[column] ? (below[column + 1] ?? 0) + 1 : Math.max(below[column] ?? 0, here[column + 1] ?? 0);
    }
  }
  return table;
}

function diffLines(from: readonly string[], to: readonly string[]): readonly Hunk[] {
  const table = commonLengths(from, to);
  const hunks: Hunk[] = [];
  let [row, column] = [0, 0];
  let start: { readonly row: number; readonly column: number } | null = null;
  const close = () => {
    if (start !== null) hunks.push({ from: start.row, to: row, lines: to.slice(start.column, column) });
    start = null;
  };
  while (row < from.length || column < to.length) {
    if (row < from.length && column < to.length && from[row] === to[column]) {
      close();
      row += 1;
      column += 1;
      continue;
    }
    start ??= { row, column };
    const skipsBase = table[row + 1]?.[column] ?? -1;
    const takesNew = table[row]?.[column + 1] ?? -1;
    if (column >= to.length || (row < from.length && skipsBase >= takesNew)) row += 1;
    else column += 1;
  }
  close();
  return hunks;
}

/** All hunks in order, or null when two of them touch: overlap, or meet at the same line. */
function combineHunks(theirs: readonly Hunk[], ours: readonly Hunk[]): readonly Hunk[] | null {
  const result: Hunk[] = [];
  const all = [...theirs, ...ours].sort((a, b) => a.from - b.from || a.to - b.to);
  for (const hunk of all) {
    const previous = result.at(-1);
    if (previous !== undefined && isSame(previous, hunk)) continue;
    if (previous !== undefined && hunk.from <= previous.to) return null;
    result.push(hunk);
  }
  return result;
}

function isSame(a: Hunk, b: Hunk): boolean {
  return a.from === b.from && a.to === b.to && a.lines.join('') === b.lines.join('');
}

function applyHunks(lines: readonly string[], hunks: readonly Hunk[]): readonly string[] {
  const result: string[] = [];
  let position = 0;
  for (const hunk of hunks) {
    result.push(...lines.slice(position, hunk.from), ...hunk.lines);
    position = hunk.to;
  }
  return [...result, ...lines.slice(position)];
}
