// Text that spreadsheet programs open as a table. Nothing in it is ever taken for a formula.

/** A value that a spreadsheet would calculate is written with an apostrophe before it. */
const FORMULA_START = /^[=+\-@\t\r]/;

function toCell(value: string): string {
  const plain = FORMULA_START.test(value) ? `'${value}` : value;
  return /[",\r\n;]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

/** Rows as CSV after RFC 4180, with the mark that tells spreadsheet programs that it is UTF-8. */
export function toCsv(rows: readonly (readonly string[])[]): string {
  return `\uFEFF${rows.map((row) => `${row.map(toCell).join(',')}\r\n`).join('')}`;
}
