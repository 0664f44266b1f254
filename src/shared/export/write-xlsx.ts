// A table, or many under one head, as an Excel workbook, written front to back. Title, filters and charts stand on a sheet of
// their own, so that the data begin in the first line of theirs.
import {
  isBoard,
  type ByteTools,
  type ExportBoard,
  type ExportChart,
  type ExportContent,
  type ExportNotes,
  type ExportStyle,
  type ExportTable,
} from '#shared/export/export-table.ts';
import { createLocalTime } from '#shared/export/local-time.ts';
import { createCellWriter, escapeXml } from '#shared/export/xlsx-cells.ts';
import { aboutBoard, aboutTable, type Overview, type PlacedPart } from '#shared/export/xlsx-overview.ts';
import {
  contentTypes,
  packageRelations,
  workbookRelations,
  workbookXml,
  type NamedSheet,
} from '#shared/export/xlsx-parts.ts';
import { drawingRelations, drawingXml, sheetRelations } from '#shared/export/xlsx-pictures.ts';
import { PIECE, refuseTooLong, refuseTooWide, sheetXml, type Workbook } from '#shared/export/xlsx-sheet.ts';
import { createXlsxStyles } from '#shared/export/xlsx-styles.ts';
import { writeZip, type Bytes, type ZipEntry } from '#shared/export/zip.ts';

/** Pieces of text as pieces of bytes that are worth compressing. */
async function* inBytes(pieces: AsyncIterable<string>, tools: ByteTools): AsyncGenerator<Bytes> {
  let text = '';
  for await (const piece of pieces) {
    text += piece;
    if (text.length < PIECE) continue;
    yield tools.encode(text);
    text = '';
  }
  if (text !== '') yield tools.encode(text);
}

/** A name a sheet may have, and none of the others has; never empty. */
export function cleanSheetName(title: string, taken: readonly string[] = []): string {
  const plain = title
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '')
    .replace(/[[\]:*?/\\]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^'+|'+$/g, '');
  const whole = plain.slice(0, 31).toWellFormed().replaceAll('\uFFFD', '').replace(/'+$/, '').trim() || 'Data';
  // A name Excel keeps for itself.
  const own = /^(?:history|änderungsverlauf)$/i.test(whole) ? `${whole} 1` : whole;
  const isTaken = (name: string): boolean => taken.some((other) => other.toLowerCase() === name.toLowerCase());
  if (!isTaken(own)) return own;
  const start = own.slice(0, 27).toWellFormed().replaceAll('\uFFFD', '');
  let no = 2;
  while (isTaken(`${start} ${String(no)}`)) no += 1;
  return `${start} ${String(no)}`;
}

const plainEntry = (name: string, bytes: Bytes): ZipEntry => ({ name, content: [bytes] });

interface Sheet extends NamedSheet {
  readonly table: ExportTable;
}

const headCountOf = ({ headers = [] }: ExportTable): number => headers.length + 1;

/** What a workbook begins with, so that programs know it by its first bytes. */
function* startEntries({ tools }: Workbook, sheetCount: number, charts: readonly ExportChart[]): Generator<ZipEntry> {
  const hasPictures = charts.some(({ png }) => png !== undefined);
  yield plainEntry('[Content_Types].xml', tools.encode(contentTypes(sheetCount, hasPictures)));
  yield plainEntry('_rels/.rels', tools.encode(packageRelations));
  yield plainEntry('xl/_rels/workbook.xml.rels', tools.encode(workbookRelations(sheetCount)));
}

/** What it ends with. `overviewAt`: the place of the sheet with the pictures. */
function* endEntries(
  book: Workbook,
  sheets: readonly NamedSheet[],
  { xml, pictures }: Overview,
  overviewAt: number,
): Generator<ZipEntry> {
  const { tools, styles } = book;
  const whole = (name: string, text: string): ZipEntry => plainEntry(name, tools.encode(text));
  const place = `sheet${String(overviewAt + 1)}.xml`;
  yield whole('xl/workbook.xml', workbookXml(sheets));
  yield whole(`xl/worksheets/${place}`, xml);
  if (pictures.length > 0) {
    yield whole(`xl/worksheets/_rels/${place}.rels`, sheetRelations);
    yield whole('xl/drawings/drawing1.xml', drawingXml(pictures));
    yield whole('xl/drawings/_rels/drawing1.xml.rels', drawingRelations(pictures));
    for (const [index, { png }] of pictures.entries()) yield plainEntry(`xl/media/image${String(index + 1)}.png`, png);
  }
  yield whole('xl/styles.xml', styles.toXml());
}

async function* tableEntries(table: ExportTable, book: Workbook): AsyncGenerator<ZipEntry> {
  const name = cleanSheetName(table.title);
  const about = cleanSheetName(book.style.words.about, [name]);
  yield* startEntries(book, 2, table.charts ?? []);
  yield { name: 'xl/worksheets/sheet1.xml', content: inBytes(sheetXml(table, book, true), book.tools) };
  const sheets = [
    { name: escapeXml(name), headCount: headCountOf(table) },
    { name: escapeXml(about), headCount: 0 },
  ];
  yield* endEntries(book, sheets, aboutTable(table, book), 1);
}

/** What is one number stands on the first sheet; everything else has a sheet. */
async function* boardEntries(board: ExportBoard, book: Workbook): AsyncGenerator<ZipEntry> {
  const overview = cleanSheetName(board.title);
  const taken = [overview];
  const sheets: Sheet[] = [];
  const placed = board.parts.map((part): PlacedPart => {
    if (part.figure !== undefined || part.columns.length === 0) return { part, sheet: null };
    const name = cleanSheetName(part.title, taken);
    taken.push(name);
    sheets.push({ name: escapeXml(name), headCount: headCountOf(part), table: part });
    return { part, sheet: name };
  });
  const charts = board.parts.flatMap((part) => part.charts ?? []);
  yield* startEntries(book, sheets.length + 1, charts);
  for (const [index, { table }] of sheets.entries()) {
    const name = `xl/worksheets/sheet${String(index + 2)}.xml`;
    yield { name, content: inBytes(sheetXml(table, book, false), book.tools) };
  }
  const named = [{ name: escapeXml(overview), headCount: 0 }, ...sheets];
  yield* endEntries(book, named, await aboutBoard(board, placed, book), 0);
}

/** The file in pieces. @throws OutpostError `too_large` for more rows or columns than a sheet holds. */
export async function* writeXlsx(
  content: ExportContent,
  style: ExportStyle,
  tools: ByteTools,
  notes: ExportNotes,
): AsyncGenerator<Bytes> {
  for (const table of isBoard(content) ? content.parts : [content]) {
    refuseTooWide(table);
    refuseTooLong((table.rowCount ?? 0) + headCountOf(table));
  }
  const styles = createXlsxStyles();
  const cells = createCellWriter(styles, createLocalTime(style.timeZone), notes);
  const book: Workbook = { style, tools, styles, cells };
  yield* writeZip(isBoard(content) ? boardEntries(content, book) : tableEntries(content, book), tools);
}
