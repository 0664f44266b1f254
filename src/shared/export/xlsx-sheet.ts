// A table as a sheet, written front to back: rows while they come, then what could only be known at their end. Heading rows
// are bold and stay in sight, columns have filters and widths.
import type { ByteTools, ExportColumn, ExportRow, ExportStyle, ExportTable } from '#shared/export/export-table.ts';
import { columnName, type CellWriter } from '#shared/export/xlsx-cells.ts';
import type { XlsxLook, XlsxStyles } from '#shared/export/xlsx-styles.ts';
import { OutpostError } from '#shared/kernel/errors.ts';

export const MOST_XLSX_ROWS = 1_048_576;
export const MOST_XLSX_COLUMNS = 16_384;

/** Text is handed on in pieces of about this length. */
export const PIECE = 131_072;
export const SHEET_START =
  '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">';

/** What the sheets of one workbook have in common. */
export interface Workbook {
  readonly style: ExportStyle;
  readonly tools: ByteTools;
  readonly styles: XlsxStyles;
  readonly cells: CellWriter;
}

/** Characters a column is wide. */
function widthOf({ label, type, width }: ExportColumn): number {
  if (width !== undefined) return Math.min(Math.max(width, 4), 120);
  const least = { text: 18, number: 12, integer: 10, money: 18, percent: 10, date: 12, dateTime: 17, boolean: 9 }[type];
  return Math.min(Math.max(least, label.length + 4), 60);
}

export function refuseTooWide({ columns }: ExportTable): void {
  if (columns.length <= MOST_XLSX_COLUMNS) return;
  throw new OutpostError('too_large', 'A sheet of Excel holds at most 16,384 columns.', { most: MOST_XLSX_COLUMNS });
}

export function refuseTooLong(rows: number): void {
  if (rows <= MOST_XLSX_ROWS) return;
  throw new OutpostError('too_large', 'A sheet of Excel holds at most 1,048,576 rows.', { most: MOST_XLSX_ROWS });
}

function headRows(
  table: ExportTable,
  { styles, cells }: Workbook,
  names: readonly string[],
): { xml: string; merges: readonly string[] } {
  const merges: string[] = [];
  const group = styles.styleOf('', { font: 'bold', fill: 'head', align: 'center' });
  const levels = (table.headers ?? []).map((level, index) => {
    let at = 0;
    const row = String(index + 1);
    const xml = level.map(({ label, span }) => {
      const first = names[at] ?? 'A';
      const last = names[at + span - 1] ?? first;
      at += span;
      if (span > 1) merges.push(`${first}${row}:${last}${row}`);
      return cells.text(`${first}${row}`, label, group);
    });
    return `<row r="${row}">${xml.join('')}</row>`;
  });
  const row = String(levels.length + 1);
  const labels = table.columns.map(({ label, type }, index) => {
    const isNumber = type === 'number' || type === 'integer' || type === 'money' || type === 'percent';
    const look: XlsxLook = { font: 'bold', fill: 'head', ...(isNumber ? { align: 'right' } : {}) };
    return cells.text(`${names[index] ?? 'A'}${row}`, label, styles.styleOf('', look));
  });
  return { xml: `${levels.join('')}<row r="${row}">${labels.join('')}</row>`, merges };
}

function lookOf({ kind, level }: ExportRow, isFirst: boolean): XlsxLook {
  return {
    ...(kind === 'total' || kind === 'subtotal' ? { font: 'bold' as const, fill: 'sum' as const } : {}),
    ...(isFirst && level !== undefined && level > 0 ? { indent: level } : {}),
  };
}

const plainLook: XlsxLook = {};

function rowXml(
  table: ExportTable,
  { cells }: Workbook,
  row: ExportRow,
  names: readonly string[],
  rowNo: number,
): string {
  const no = String(rowNo);
  let xml = `<row r="${no}">`;
  const isPlain = row.kind === undefined && row.level === undefined;
  const { columns } = table;
  for (let index = 0; index < columns.length; index += 1) {
    const column = columns[index];
    if (column === undefined) continue;
    const look = isPlain ? plainLook : lookOf(row, index === 0);
    xml += cells.value(`${names[index] ?? ''}${no}`, row.cells[index] ?? null, column, row, look);
  }
  return `${xml}</row>`;
}

/** `isFirst`: shown when the file is opened. */
export async function* sheetXml(table: ExportTable, book: Workbook, isFirst: boolean): AsyncGenerator<string> {
  const names = table.columns.map((_, index) => columnName(index));
  const lastName = names.at(-1) ?? 'A';
  const head = headRows(table, book, names);
  const headCount = (table.headers?.length ?? 0) + 1;
  const widths = table.columns.map(
    (column, index) =>
      `<col min="${String(index + 1)}" max="${String(index + 1)}" width="${String(widthOf(column))}" customWidth="1"/>`,
  );
  const below = `A${String(headCount + 1)}`;
  yield SHEET_START;
  yield `<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews><sheetView workbookViewId="0"${isFirst ? ' tabSelected="1"' : ''}>`;
  yield `<pane ySplit="${String(headCount)}" topLeftCell="${below}" activePane="bottomLeft" state="frozen"/>`;
  yield `<selection pane="bottomLeft" activeCell="${below}" sqref="${below}"/></sheetView></sheetViews>`;
  yield widths.length === 0 ? '' : `<cols>${widths.join('')}</cols>`;
  yield `<sheetData>${head.xml}`;
  let rowNo = headCount;
  // Sums at the end stay where they are when somebody sorts or filters.
  let lastFiltered = headCount;
  for await (const batch of table.rows) {
    let xml = '';
    for (const row of batch) {
      rowNo += 1;
      xml += rowXml(table, book, row, names, rowNo);
      if (row.kind !== 'total') lastFiltered = rowNo;
      if (xml.length > PIECE) {
        yield xml;
        xml = '';
      }
    }
    refuseTooLong(rowNo);
    yield xml;
  }
  yield '</sheetData>';
  yield table.columns.length === 0
    ? ''
    : `<autoFilter ref="A${String(headCount)}:${lastName}${String(lastFiltered)}"/>`;
  if (head.merges.length > 0) {
    const merges = head.merges.map((range) => `<mergeCell ref="${range}"/>`);
    yield `<mergeCells count="${String(merges.length)}">${merges.join('')}</mergeCells>`;
  }
  yield '<pageMargins left="0.5" right="0.5" top="0.6" bottom="0.6" header="0.3" footer="0.3"/>';
  yield '<pageSetup orientation="landscape" fitToWidth="1" fitToHeight="0"/>';
  yield '<headerFooter><oddFooter>&amp;C&amp;P / &amp;N</oddFooter></headerFooter></worksheet>';
}
