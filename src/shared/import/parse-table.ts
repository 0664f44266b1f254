// From the rows of a delimited file to a table with a header. Splitting text into rows is the reader's business; what
// counts as header, what is an empty line and what a repeated header is called is decided here.
import type { ImportTable } from '#shared/import/import-plan.ts';

const HEADER_SEARCH_ROWS = 10;

/** The table of a file: title lines above the header and empty lines are dropped, headers are made unique. */
export function toTable(rawRows: readonly (readonly string[])[]): ImportTable {
  const rows = rawRows.map((row) => row.map((cell) => cell.replace(/^\uFEFF/, '').trim()));
  const headerAt = findHeader(rows);
  const header = rows[headerAt] ?? [];
  // Not as arguments of one call: a file has more rows than a call may have arguments.
  let width = 0;
  for (let at = headerAt; at < rows.length; at += 1) width = Math.max(width, rows[at]?.length ?? 0);
  const headers = uniqueHeaders(Array.from({ length: width }, (_, index) => header[index] ?? ''));
  const data = rows.slice(headerAt + 1);
  while (data.length > 0 && isEmpty(data.at(-1))) data.pop();
  return { headers, rows: data, firstRowNumber: headerAt + 2 };
}

/** True for a line without any text; such lines are not rows. */
export function isEmpty(row: readonly string[] | undefined): boolean {
  return row === undefined || row.every((cell) => cell === '');
}

/**
 * The first line that is about as wide as lines of this file usually are and holds names rather than values. Measured by
 * the middle width: one line with too many values must not make itself the header and everything above it disappear.
 */
function findHeader(rows: readonly (readonly string[])[]): number {
  const filled = rows.slice(0, HEADER_SEARCH_ROWS).map((row) => row.filter((cell) => cell !== '').length);
  const widths = filled.filter((count) => count > 0).sort((a, b) => a - b);
  const usual = widths[Math.floor(widths.length / 2)] ?? 0;
  const least = usual <= 1 ? 1 : Math.max(2, usual - 1);
  const at = filled.findIndex((count, index) => count >= least && looksLikeNames(rows[index] ?? []));
  return Math.max(0, at);
}

function looksLikeNames(row: readonly string[]): boolean {
  return row.every((cell) => !/^[-+]?[\d.,]+%?$/.test(cell) && !/^\d{1,4}[-./]\d{1,2}[-./]\d{1,4}$/.test(cell));
}

function uniqueHeaders(headers: readonly string[]): readonly string[] {
  const seen = new Map<string, number>();
  return headers.map((header, index) => {
    const name = header === '' ? `Column ${String(index + 1)}` : header;
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name} (${String(count)})`;
  });
}

/**
 * What is wrong with the characters of a text: `replaced` when some were lost (read with the wrong encoding), `twice` when
 * it was encoded twice (`MÃ¼ller`), null when nothing shows.
 */
export function findEncodingProblem(text: string): 'replaced' | 'twice' | null {
  if (text.includes('\uFFFD')) return 'replaced';
  return /Ã[\u0080-\u00bf¤¶¼Ÿ„–œ©¨]/.test(text) ? 'twice' : null;
}
