// A pivot as a table for the clipboard: text with tabs for spreadsheets, and HTML for mails and documents.
import type { ShownRow } from '#shared/analytics/pivot-axis.ts';

export interface PlainTable {
  /** One or more lines of column titles. */
  readonly head: readonly (readonly string[])[];
  readonly body: readonly (readonly string[])[];
}

const INDENT = '  ';

export interface TableTexts {
  readonly corner: string;
  row(row: ShownRow): string;
  column(column: number): readonly string[];
  cell(row: number, column: number, value: number): string;
}

/** Columns in the order of display, each with its values. */
export function toPlainTable(
  rows: readonly ShownRow[],
  columns: readonly number[],
  values: readonly string[],
  texts: TableTexts,
): PlainTable {
  const depth = Math.max(0, ...columns.map((column) => texts.column(column).length));
  const head = Array.from({ length: depth }, (_, line) => [
    '',
    ...columns.flatMap((column) => values.map(() => texts.column(column)[line] ?? '')),
  ]);
  head.push([texts.corner, ...columns.flatMap(() => values)]);
  const body = rows.map((row) => [
    INDENT.repeat(row.level) + texts.row(row),
    ...columns.flatMap((column) => values.map((_, value) => texts.cell(row.index, column, value))),
  ]);
  return { head, body };
}

export function toTabbedText({ head, body }: PlainTable): string {
  const clean = (text: string): string => text.replaceAll(/[\t\r\n]+/g, ' ');
  return [...head, ...body].map((line) => line.map(clean).join('\t')).join('\n');
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

export function toHtmlTable({ head, body }: PlainTable): string {
  const escape = (text: string): string => text.replaceAll(/[&<>"]/g, (sign) => escapes[sign] ?? sign);
  const line = (cells: readonly string[], tag: string): string =>
    `<tr>${cells.map((text) => `<${tag}>${escape(text)}</${tag}>`).join('')}</tr>`;
  const lines = (all: readonly (readonly string[])[], tag: string): string =>
    all.map((cells) => line(cells, tag)).join('');
  return `<table><thead>${lines(head, 'th')}</thead><tbody>${lines(body, 'td')}</tbody></table>`;
}
