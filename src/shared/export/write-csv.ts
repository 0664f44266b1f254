// A table as CSV after RFC 4180. What a program would read as a number or a day is written as one; texts never become
// formulas. Title and filters are left out: a CSV is read by programs.
import { amountText, decimalText } from '#shared/export/exact-number.ts';
import {
  currencyOf,
  type ExportBoard,
  type ExportCell,
  type ExportColumn,
  type ExportPart,
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

export function decimalSeparatorOf(locale: string): string {
  const parts = new Intl.NumberFormat(locale).formatToParts(1.5);
  return parts.find(({ type }) => type === 'decimal')?.value ?? '.';
}

interface CsvContext {
  readonly time: LocalTime;
  readonly words: ExportStyle['words'];
  number(decimal: string): string;
}

function plainText(cell: ExportCell, column: ExportColumn, row: ExportRow, context: CsvContext): string {
  if (cell === null) return '';
  if (typeof cell === 'boolean') return cell ? context.words.yes : context.words.no;
  if (typeof cell === 'string') return column.type === 'dateTime' ? (context.time.textOf(cell) ?? cell) : cell;
  if (!Number.isFinite(cell)) return '';
  return context.number(column.type === 'money' ? amountText(cell, currencyOf(column, row)) : decimalText(cell));
}

function cellText(cell: ExportCell, column: ExportColumn, row: ExportRow, context: CsvContext): string {
  const text = plainText(cell, column, row, context);
  return typeof cell === 'number' ? text : toCsvText(text);
}

/** A heading of several levels as one: `2026 / Q1 / Amount`. */
function columnLabels(table: ExportTable): readonly string[] {
  const above = (table.headers ?? []).map((level) =>
    level.flatMap(({ label, span }) => Array.from({ length: span }, () => label)),
  );
  return table.columns.map(({ label }, index) =>
    [...above.map((level) => level[index] ?? ''), label].filter((part) => part !== '').join(' / '),
  );
}

const headLine = (table: ExportTable, separator: CsvSeparator): string =>
  toCsvLine(columnLabels(table).map(toCsvText), separator);

function createContext(style: ExportStyle): CsvContext {
  const decimal = decimalSeparatorOf(style.locale);
  return {
    time: createLocalTime(style.timeZone),
    words: style.words,
    number: (text) => (decimal === '.' ? text : text.replace('.', decimal)),
  };
}

/** The file in pieces. */
export async function* writeCsv(table: ExportTable, style: ExportStyle): AsyncGenerator<string> {
  const separator = csvSeparatorOf(style.locale);
  const context = createContext(style);
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

/** Names of a row from the outermost level: `Stage / Quarter`, told apart where the same quarter stands under each. */
function createRowNames(): (name: string, level: number) => string {
  const above: string[] = [];
  return (name, level) => {
    above.length = Math.min(above.length, level);
    above[level] = name;
    return above.filter((part) => part !== '').join(' / ');
  };
}

interface BoardLines {
  readonly part: ExportPart;
  readonly labels: readonly string[];
  readonly separator: CsvSeparator;
  readonly context: CsvContext;
}

/** A line for each value of a row. */
function linesOfRow(
  { part, labels, separator, context }: BoardLines,
  row: ExportRow,
  no: number,
  name: string,
): string {
  return part.columns
    .slice(1)
    .map((column, index) => {
      const cell = row.cells[index + 1] ?? null;
      if (cell === null || cell === '') return '';
      const unit = column.type === 'money' && typeof cell === 'number' ? (currencyOf(column, row) ?? '') : '';
      const words = [part.title, String(no), name, labels[index + 1] ?? ''].map(toCsvText);
      return toCsvLine([...words, cellText(cell, column, row, context), toCsvText(unit)], separator);
    })
    .join('');
}

/** A board as one table with a line for each value: which part, which row of it, which column, how much. */
export async function* writeBoardCsv(board: ExportBoard, style: ExportStyle): AsyncGenerator<string> {
  const separator = csvSeparatorOf(style.locale);
  const context = createContext(style);
  const { part: partWord, line, row: rowWord, value, number, currency } = style.words;
  yield CSV_START + toCsvLine([partWord, line, rowWord, value, number, currency].map(toCsvText), separator);
  for (const part of board.parts) {
    const [first] = part.columns;
    if (first === undefined) continue;
    const lines: BoardLines = { part, labels: columnLabels(part), separator, context };
    const nameOf = createRowNames();
    let no = 0;
    for await (const batch of part.rows) {
      let text = '';
      for (const row of batch) {
        no += 1;
        const name = nameOf(plainText(row.cells[0] ?? null, first, row, context), row.level ?? 0);
        text += linesOfRow(lines, row, no, name);
      }
      if (text !== '') yield text;
    }
  }
}
