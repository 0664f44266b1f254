// Where things stand on the pages of a table: how wide its columns are, and which page holds them. A page is as small as it
// can be (A4, A4 across, A3 across) and grows only for tables that fit none of them.
import type { ExportColumn, ExportRow, ExportTable } from '#shared/export/export-table.ts';
import { printable, type MeasureText } from '#shared/export/pdf-text.ts';
import { isRightAligned, type PeopleText } from '#shared/export/people-text.ts';
import { OutpostError } from '#shared/kernel/errors.ts';

export const MARGIN = 36;
export const PADDING = 4;
/** Rows that are looked at before the first is drawn. */
export const SAMPLE_ROWS = 400;

/** Bold text is that much wider than what was measured. */
const BOLDER = 1.18;
const WIDEST_TEXT = 190;
const NARROWEST_TEXT = 56;
const WIDEST_NUMBER = 150;
const A4 = { width: 595, height: 842 };
const A3_ACROSS = { width: 1191, height: 842 };
/** Programs that read PDF refuse longer pages. */
const LARGEST_PAGE = 14_400;

export interface PdfPage {
  readonly width: number;
  readonly height: number;
}

/** A4 across. */
export const ACROSS: PdfPage = { width: 842, height: 595 };

export interface PdfLayout {
  readonly page: PdfPage;
  /** Of each column, padding included. */
  readonly widths: readonly number[];
}

/** Widths that show the sampled values in one line, as far as that is sensible. */
function wantedWidths(
  table: ExportTable,
  sample: readonly ExportRow[],
  textOf: PeopleText,
  measure: MeasureText,
): number[] {
  return table.columns.map((column, index) => {
    const values = sample.map((row) => {
      const indent = index === 0 ? 10 * (row.level ?? 0) : 0;
      const plain = measure(printable(textOf(row.cells[index] ?? null, column, row).slice(0, 200)));
      return indent + plain * (row.kind === undefined || row.kind === 'row' ? 1.03 : BOLDER);
    });
    const longestWord = Math.max(...column.label.split(' ').map(measure));
    const most = isRightAligned(column) ? WIDEST_NUMBER : WIDEST_TEXT;
    return Math.min(Math.max(longestWord * BOLDER, Math.max(0, ...values), 24), most) + 2 * PADDING;
  });
}

const leastWidth = (column: ExportColumn, wanted: number): number =>
  isRightAligned(column) ? wanted : Math.min(wanted, NARROWEST_TEXT + 2 * PADDING);

const sumOf = (widths: readonly number[]): number => widths.reduce((sum, width) => sum + width, 0);

/** Takes from texts what is too much, the widest first in proportion. */
function squeeze(widths: readonly number[], least: readonly number[], available: number): readonly number[] {
  const wanted = sumOf(widths);
  if (wanted <= available) return widths;
  const spare = wanted - sumOf(least);
  const share = spare === 0 ? 0 : Math.max(0, 1 - (wanted - available) / spare);
  return widths.map((width, index) => {
    const smallest = least[index] ?? width;
    return smallest + (width - smallest) * share;
  });
}

/** @throws OutpostError `too_large` for more columns than any page holds. */
export function layOut(
  table: ExportTable,
  sample: readonly ExportRow[],
  textOf: PeopleText,
  measure: MeasureText,
): PdfLayout {
  const wanted = wantedWidths(table, sample, textOf, measure);
  const least = table.columns.map((column, index) => leastWidth(column, wanted[index] ?? 0));
  const room = ({ width }: PdfPage): number => width - 2 * MARGIN;
  // A page that holds everything without squeezing much; the next larger one otherwise.
  const fits = (page: PdfPage): boolean => sumOf(least) + (sumOf(wanted) - sumOf(least)) * 0.35 <= room(page);
  const known = [A4, ACROSS, A3_ACROSS].find(fits);
  if (known !== undefined) return { page: known, widths: squeeze(wanted, least, room(known)) };
  const width = Math.ceil(sumOf(least) + 2 * MARGIN);
  if (width > LARGEST_PAGE) {
    throw new OutpostError('too_large', 'The table has more columns than a page of a PDF holds. Choose Excel or CSV.');
  }
  const page = { width: Math.max(width, A3_ACROSS.width), height: Math.max(A3_ACROSS.height, Math.ceil(width / 1.9)) };
  return { page, widths: squeeze(wanted, least, room(page)) };
}
