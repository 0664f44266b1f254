// Text that spreadsheet programs open as a table. Nothing in it is ever taken for a formula.

/** A text that a spreadsheet would calculate is written with an apostrophe before it. */
const FORMULA_START = /^[=+\-@\t\r\n＝＋－＠]/;

/** `;` where the comma is the decimal separator, as spreadsheet programs there expect it. */
export type CsvSeparator = ',' | ';';

/** The mark that tells spreadsheet programs that what follows is UTF-8. */
export const CSV_START = '\uFEFF';

/** A text as a cell. Both separators are quoted, so that no program cuts a cell in two and finds a formula in the rest. */
export function toCsvText(value: string): string {
  const plain = FORMULA_START.test(value) ? `'${value}` : value;
  return /[",\r\n;\t]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

/** Cells that are written already (by `toCsvText`, or numbers) as a line. */
export function toCsvLine(cells: readonly string[], separator: CsvSeparator = ','): string {
  return `${cells.join(separator)}\r\n`;
}

/** Rows as CSV after RFC 4180, with the mark that tells spreadsheet programs that it is UTF-8. */
export function toCsv(rows: readonly (readonly string[])[]): string {
  return CSV_START + rows.map((row) => toCsvLine(row.map(toCsvText))).join('');
}
