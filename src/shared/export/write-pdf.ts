// A table as a paged document: title and filters first, charts as vectors, the heading of the table again on every page,
// page numbers, sums bold. Pages are handed on as they are full, so that a long table is never held as a whole.
import type { ExportStyle, ExportTable } from '#shared/export/export-table.ts';
import type { OpenPdf, PdfCanvas } from '#shared/export/pdf-canvas.ts';
import { layOut } from '#shared/export/pdf-layout.ts';
import { bottomOf, closePaper, drawCharts, drawTitle, openPaper, SIZE, startPage } from '#shared/export/pdf-paper.ts';
import { drawEmpty, drawHead, drawRow, lookAhead } from '#shared/export/pdf-table.ts';
import { printable, type MeasureText } from '#shared/export/pdf-text.ts';
import { createPeopleText } from '#shared/export/people-text.ts';
import type { Bytes } from '#shared/export/zip.ts';
import { OutpostError } from '#shared/kernel/errors.ts';

/** About 3,000 pages. More take minutes, and nobody reads them. */
export const MOST_PDF_ROWS = 100_000;

export function refuseTooLong(rows: number): void {
  if (rows <= MOST_PDF_ROWS) return;
  throw new OutpostError('too_large', 'A PDF of so many rows would have thousands of pages. Choose Excel or CSV.', {
    most: MOST_PDF_ROWS,
  });
}

/** How wide texts of a table are, before there is a page. */
export async function openRuler(open: OpenPdf, { locale }: ExportStyle): Promise<MeasureText> {
  const ruler = await open({ width: 100, height: 100, title: '', language: locale });
  ruler.addPage().font('regular').fontSize(SIZE);
  return (text) => ruler.widthOfString(text);
}

/** Bytes as the document lets go of them. */
export interface PdfBytes {
  take(): readonly Bytes[];
  /** Once the document was ended. */
  rest(): Promise<readonly Bytes[]>;
}

export function collectBytes(canvas: PdfCanvas): PdfBytes {
  const ready: Bytes[] = [];
  const ended = Promise.withResolvers<void>();
  canvas.on('data', (bytes) => void ready.push(bytes));
  canvas.on('end', () => ended.resolve());
  canvas.on('error', (error) => ended.reject(error));
  return {
    take: () => ready.splice(0),
    async rest() {
      await ended.promise;
      return ready.splice(0);
    },
  };
}

/** The file in pieces. @throws OutpostError `too_large` for more rows or columns than a document is read with. */
export async function* writePdf(table: ExportTable, style: ExportStyle, open: OpenPdf): AsyncGenerator<Bytes> {
  refuseTooLong(table.rowCount ?? 0);
  const textOf = createPeopleText(style);
  const { sample, rows } = await lookAhead(table);
  const { page, widths } = layOut(table, sample, textOf, await openRuler(open, style));
  const canvas = await open({ ...page, title: printable(table.title), language: style.locale });
  const bytes = collectBytes(canvas);
  const paper = openPaper(canvas, { title: table.title, style, page, textOf });
  drawTitle(paper, table.title, table.subtitle);
  drawCharts(paper, table.charts ?? []);
  if (paper.y + 60 > bottomOf(paper)) startPage(paper);
  const drawn = { paper, table, widths };
  drawHead(drawn);
  let count = 0;
  for await (const row of rows) {
    count += 1;
    refuseTooLong(count);
    drawRow(drawn, row);
    yield* bytes.take();
  }
  if (count === 0) drawEmpty(paper);
  closePaper(paper);
  yield* await bytes.rest();
}
