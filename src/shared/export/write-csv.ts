// A table as CSV after RFC 4180. What a program would read as a number or a day is written as one; texts never become
// formulas. Title and filters are left out: a CSV is read by programs.
import { amountText, decimalText } from '#shared/export/exact-number.ts';
import {
  currencyOf,
  type ExportCell,
  type ExportColumn,
  type ExportRow,
  type ExportStyle,
  type ExportTable,
} from '#shared/export/export-table.ts';
import { createLocalTime, type LocalTime } from '#shared/export/local-time.ts';
import { CSV_START, toCsvLine, toCsvText, type CsvSeparator } from '#shared/kernel/csv.ts';

/** A semicolon where the locale writes decimals with a comma. */
export function csvSeparatorOf(locale: string): CsvSeparator {
  return decimalSeparatorOf(locale) === ',' ? ';' : ',';
}

function decimalSeparatorOf(locale: string): string {
  const parts = new Intl.NumberFormat(locale).formatToParts(1.5);
  return parts.find(({ type }) => type === 'decimal')?.value ?? '.';
}

interface CsvContext {
  readonly time: LocalTime;
  readonly words: ExportStyle['words'];
  number(decimal: string): string;
}

function cellText(cell: ExportCell, column: ExportColumn, row: ExportRow, context: CsvContext): string {
  if (cell === null || cell === '') return '';
  if (typeof cell === 'boolean') return toCsvText(cell ? context.words.yes : context.words.no);
  if (typeof cell === 'string') {
    return toCsvText(column.type === 'dateTime' ? (context.time.textOf(cell) ?? cell) : cell);
  }
  if (!Number.isFinite(cell)) return '';
  return context.number(column.type === 'money' ? amountText(cell, currencyOf(column, row)) : decimalText(cell));
}

/** A heading of several levels in one line: `2026 / Q1 / Amount`. */
function headLine(table: ExportTable, separator: CsvSeparator): string {
  const above = (table.headers ?? []).map((level) =>
    level.flatMap(({ label, span }) => Array.from({ length: span }, () => label)),
  );
  const labels = table.columns.map(({ label }, index) =>
    [...above.map((level) => level[index] ?? ''), label].filter((part) => part !== '').join(' / '),
  );
  return toCsvLine(labels.map(toCsvText), separator);
}

/** The file in pieces. */
export async function* writeCsv(table: ExportTable, style: ExportStyle): AsyncGenerator<string> {
  const separator = csvSeparatorOf(style.locale);
  const decimal = decimalSeparatorOf(style.locale);
  const context: CsvContext = {
    time: createLocalTime(style.timeZone),
    words: style.words,
    number: (text) => (decimal === '.' ? text : text.replace('.', decimal)),
  };
  yield CSV_START + headLine(table, separator);
  for await (const batch of table.rows) {
    let text = '';
    for (const row of batch) {
      const cells = table.columns.map((column, index) => cellText(row.cells[index] ?? null, column, row, context));
      text += toCsvLine(cells, separator);
    }
    if (text !== '') yield text;
  }
}
