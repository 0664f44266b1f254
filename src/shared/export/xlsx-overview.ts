// The sheet that says what a workbook is about: title and filters, figures as numbers, where the other sheets are, and the
// charts as pictures.
import type { ExportBoard, ExportChart, ExportPart, ExportRow, ExportTable } from '#shared/export/export-table.ts';
import { columnName, escapeXml } from '#shared/export/xlsx-cells.ts';
import { firstCellOf, OFFICE } from '#shared/export/xlsx-parts.ts';
import { placePictures, type PlacedPicture } from '#shared/export/xlsx-pictures.ts';
import { SHEET_START, type Workbook } from '#shared/export/xlsx-sheet.ts';

export interface Overview {
  readonly xml: string;
  readonly pictures: readonly PlacedPicture[];
}

/** A part with the sheet its rows are on; null: it has none. */
export interface PlacedPart {
  readonly part: ExportPart;
  readonly sheet: string | null;
}

interface Lines {
  readonly rows: string[];
  readonly links: string[];
}

/** The place a next row begins with, `A7`. */
const nextPlace = ({ rows }: Lines, column = 0): string => columnName(column) + String(rows.length + 1);

function addRow(lines: Lines, cells: readonly string[]): void {
  lines.rows.push(`<row r="${String(lines.rows.length + 1)}">${cells.join('')}</row>`);
}

function addTitle(
  lines: Lines,
  { title, subtitle }: ExportTable | ExportBoard,
  book: Workbook,
  isWrapped: boolean,
): void {
  const { styles, cells } = book;
  addRow(lines, [cells.text(nextPlace(lines), title, styles.styleOf('', { font: 'title' }))]);
  const look = styles.styleOf('', isWrapped ? { align: 'wrap' } : {});
  for (const line of subtitle) addRow(lines, [cells.text(nextPlace(lines), line, look)]);
}

async function firstRowOf({ rows }: ExportTable): Promise<ExportRow | undefined> {
  for await (const batch of rows) for (const row of batch) return row;
  return undefined;
}

async function addFigures(lines: Lines, parts: readonly ExportPart[], { styles, cells }: Workbook): Promise<void> {
  const [first] = parts;
  if (first === undefined) return;
  addRow(lines, []);
  const head = styles.styleOf('', { font: 'bold', fill: 'head' });
  addRow(
    lines,
    first.columns.map(({ label }, index) => cells.text(nextPlace(lines, index), label, head)),
  );
  for (const part of parts) {
    const row = await firstRowOf(part);
    if (row === undefined) continue;
    addRow(
      lines,
      part.columns.map((column, index) =>
        cells.value(nextPlace(lines, index), row.cells[index] ?? null, column, row, {}),
      ),
    );
  }
}

function addSheets(lines: Lines, parts: readonly PlacedPart[], { styles, cells, style }: Workbook): void {
  if (parts.length === 0) return;
  addRow(lines, []);
  addRow(lines, [cells.text(nextPlace(lines), style.words.part, styles.styleOf('', { font: 'bold', fill: 'head' }))]);
  for (const { part, sheet } of parts) {
    const place = nextPlace(lines);
    if (sheet !== null) {
      const location = escapeXml(firstCellOf(sheet)).replaceAll('"', '&quot;');
      lines.links.push(`<hyperlink ref="${place}" location="${location}" display=""/>`);
    }
    const look = styles.styleOf('', sheet === null ? {} : { font: 'link' });
    const notes = part.subtitle.length === 0 ? [] : [cells.text(nextPlace(lines, 1), part.subtitle.join(' · '), 0)];
    addRow(lines, [cells.text(place, part.title, look), ...notes]);
  }
}

/** Pictures below what was said so far, each under its name. */
function finish(lines: Lines, charts: readonly ExportChart[], widths: readonly number[], book: Workbook): Overview {
  const { cells, styles } = book;
  const pictures = placePictures(charts, lines.rows.length + 1);
  const bold = styles.styleOf('', { font: 'bold' });
  const titles = pictures.map(
    ({ title, row }) => `<row r="${String(row)}">${cells.text(`A${String(row)}`, title, bold)}</row>`,
  );
  const columns = widths.map(
    (width, index) =>
      `<col min="${String(index + 1)}" max="${String(index + 1)}" width="${String(width)}" customWidth="1"/>`,
  );
  const xml = [
    SHEET_START.replace(/>$/, ` xmlns:r="${OFFICE}">`),
    '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>',
    `<cols>${columns.join('')}</cols>`,
    `<sheetData>${lines.rows.join('')}${titles.join('')}</sheetData>`,
    lines.links.length === 0 ? '' : `<hyperlinks>${lines.links.join('')}</hyperlinks>`,
    '<pageSetup fitToWidth="1" fitToHeight="0"/>',
    pictures.length === 0 ? '' : '<drawing r:id="rId1"/>',
    '</worksheet>',
  ].join('');
  return { xml, pictures };
}

/** Of a workbook with one table. */
export function aboutTable(table: ExportTable, book: Workbook): Overview {
  const lines: Lines = { rows: [], links: [] };
  addTitle(lines, table, book, true);
  return finish(lines, table.charts ?? [], [100], book);
}

/** Of a workbook with many: it comes first. */
export async function aboutBoard(board: ExportBoard, parts: readonly PlacedPart[], book: Workbook): Promise<Overview> {
  const lines: Lines = { rows: [], links: [] };
  addTitle(lines, board, book, false);
  const isFigure = ({ part }: PlacedPart): boolean => part.figure !== undefined;
  await addFigures(
    lines,
    parts.filter(isFigure).map(({ part }) => part),
    book,
  );
  addSheets(
    lines,
    parts.filter((placed) => !isFigure(placed)),
    book,
  );
  const charts = board.parts.flatMap((part) => part.charts ?? []);
  return finish(lines, charts, [42, 20, 20, 16], book);
}
