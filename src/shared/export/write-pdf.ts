// A table as a paged document: title and filters first, charts as vectors, the heading of the table again on every page,
// page numbers, sums bold. Pages are handed on as they are full, so that a long table is never held as a whole.
import type { ExportRow, ExportStyle, ExportTable } from '#shared/export/export-table.ts';
import { drawSvg } from '#shared/export/draw-svg.ts';
import type { OpenPdf, PdfCanvas } from '#shared/export/pdf-canvas.ts';
import { layOut, MARGIN, PADDING, SAMPLE_ROWS, type PdfLayout } from '#shared/export/pdf-layout.ts';
import { inDrawnOrder, printable, wrapText } from '#shared/export/pdf-text.ts';
import { createPeopleText, isRightAligned, type PeopleText } from '#shared/export/people-text.ts';
import type { Bytes } from '#shared/export/zip.ts';
import { OutpostError } from '#shared/kernel/errors.ts';

/** About 600 pages. Nobody reads more of them, and what a font has laid out stays in memory. */
export const MOST_PDF_ROWS = 20_000;

const SIZE = 8;
const LINE = 10.5;
const FOOT = 22;
const MOST_LINES = 6;
const INDENT = 10;
const COLORS = { text: '#1c2430', muted: '#5b6575', line: '#c9cfd8', head: '#e8ecf2', sum: '#f3f5f8' } as const;

interface Paper {
  readonly canvas: PdfCanvas;
  readonly table: ExportTable;
  readonly style: ExportStyle;
  readonly layout: PdfLayout;
  readonly textOf: PeopleText;
  pageNo: number;
  y: number;
}

interface DrawnCell {
  readonly lines: readonly string[];
  readonly x: number;
  readonly width: number;
  readonly isRight: boolean;
}

const bottomOf = ({ layout }: Paper): number => layout.page.height - MARGIN - FOOT;

function line(canvas: PdfCanvas, text: string, x: number, y: number): void {
  if (text !== '') canvas.text(inDrawnOrder(text), x, y, { lineBreak: false });
}

function drawFoot({ canvas, layout, style, table, pageNo }: Paper): void {
  const y = layout.page.height - MARGIN - 8;
  const no = style.words.page.replace('{{page}}', String(pageNo));
  canvas.font('regular').fontSize(7).fillColor(COLORS.muted);
  const noWidth = canvas.widthOfString(no);
  const room = layout.page.width - 2 * MARGIN - noWidth - 20;
  line(canvas, wrapText(table.title, room, (text) => canvas.widthOfString(text), 1)[0] ?? '', MARGIN, y);
  line(canvas, no, layout.page.width - MARGIN - noWidth, y);
}

function startPage(paper: Paper): void {
  paper.canvas.addPage();
  paper.pageNo += 1;
  paper.y = MARGIN;
  drawFoot(paper);
}

function drawCells({ canvas, y }: Paper, cells: readonly DrawnCell[], height: number, fill: string | null): void {
  if (fill !== null) {
    const first = cells[0];
    const last = cells.at(-1);
    if (first !== undefined && last !== undefined) {
      canvas
        .fillColor(fill)
        .rect(first.x, y, last.x + last.width - first.x, height)
        .fill();
    }
  }
  canvas.fillColor(COLORS.text);
  for (const { lines, x, width, isRight } of cells) {
    lines.forEach((text, index) => {
      const at = isRight ? x + width - PADDING - canvas.widthOfString(text) : x + PADDING;
      line(canvas, text, at, y + PADDING / 2 + 1 + index * LINE);
    });
  }
}

function rule({ canvas, y, layout }: Paper): void {
  const right = MARGIN + layout.widths.reduce((sum, width) => sum + width, 0);
  canvas.lineWidth(0.5).strokeColor(COLORS.line).moveTo(MARGIN, y).lineTo(right, y).stroke();
}

const heightOf = (cells: readonly DrawnCell[]): number =>
  Math.max(1, ...cells.map(({ lines }) => lines.length)) * LINE + PADDING;

function drawHead(paper: Paper): void {
  const { canvas, table, layout } = paper;
  canvas.font('bold').fontSize(SIZE);
  const measure = (text: string): number => canvas.widthOfString(text);
  for (const level of table.headers ?? []) {
    let place = 0;
    let x = MARGIN;
    const cells = level.map(({ label, span }): DrawnCell => {
      const width = layout.widths.slice(place, place + span).reduce((sum, part) => sum + part, 0);
      const cell = { lines: wrapText(label, width - 2 * PADDING, measure, 2), x, width, isRight: false };
      place += span;
      x += width;
      return cell;
    });
    const height = heightOf(cells);
    drawCells(paper, cells, height, COLORS.head);
    paper.y += height;
    rule(paper);
  }
  let x = MARGIN;
  const cells = table.columns.map((column, index): DrawnCell => {
    const width = layout.widths[index] ?? 0;
    const cell = {
      lines: wrapText(column.label, width - 2 * PADDING, measure, 4),
      x,
      width,
      isRight: isRightAligned(column),
    };
    x += width;
    return cell;
  });
  const height = heightOf(cells);
  drawCells(paper, cells, height, COLORS.head);
  paper.y += height;
  rule(paper);
}

function drawRow(paper: Paper, row: ExportRow): void {
  const { canvas, table, layout, textOf } = paper;
  const isSum = row.kind === 'total' || row.kind === 'subtotal';
  const setFont = (): PdfCanvas => canvas.font(isSum ? 'bold' : 'regular').fontSize(SIZE);
  setFont();
  const measure = (text: string): number => canvas.widthOfString(text);
  let x = MARGIN;
  const cells = table.columns.map((column, index): DrawnCell => {
    const whole = layout.widths[index] ?? 0;
    const indent = index === 0 ? Math.min(INDENT * (row.level ?? 0), whole / 2) : 0;
    const text = textOf(row.cells[index] ?? null, column, row);
    const lines = wrapText(text, whole - indent - 2 * PADDING, measure, MOST_LINES);
    const cell = { lines, x: x + indent, width: whole - indent, isRight: isRightAligned(column) };
    x += whole;
    return cell;
  });
  const height = heightOf(cells);
  if (paper.y + height > bottomOf(paper)) {
    startPage(paper);
    drawHead(paper);
    setFont();
  }
  drawCells(paper, cells, height, isSum ? COLORS.sum : null);
  paper.y += height;
  rule(paper);
}

function drawTitle(paper: Paper): void {
  const { canvas, table, layout } = paper;
  const room = layout.page.width - 2 * MARGIN;
  const measure = (text: string): number => canvas.widthOfString(text);
  canvas.font('bold').fontSize(15).fillColor(COLORS.text);
  for (const text of wrapText(table.title, room, measure, 3)) {
    line(canvas, text, MARGIN, paper.y);
    paper.y += 19;
  }
  canvas.font('regular').fontSize(SIZE).fillColor(COLORS.muted);
  for (const text of table.subtitle.flatMap((part) => wrapText(part, room, measure, 4))) {
    line(canvas, text, MARGIN, paper.y);
    paper.y += LINE;
  }
  paper.y += 8;
}

function drawCharts(paper: Paper): void {
  const { canvas, layout, table } = paper;
  const room = layout.page.width - 2 * MARGIN;
  for (const chart of table.charts ?? []) {
    const most = bottomOf(paper) - MARGIN - 40;
    const scale = Math.min(room / chart.width, most / chart.height, 1);
    const height = chart.height * scale;
    if (paper.y + height + 16 > bottomOf(paper)) startPage(paper);
    canvas.font('bold').fontSize(9).fillColor(COLORS.text);
    line(canvas, printable(chart.title), MARGIN, paper.y);
    paper.y += 14;
    canvas.save().transform(scale, 0, 0, scale, MARGIN, paper.y);
    drawSvg(canvas, chart.svg);
    canvas.restore();
    paper.y += height + 12;
  }
}

/** The first rows, and an iterator that begins with them again. */
async function lookAhead(
  table: ExportTable,
): Promise<{ sample: readonly ExportRow[]; rows: AsyncGenerator<ExportRow> }> {
  const iterator =
    Symbol.asyncIterator in table.rows ? table.rows[Symbol.asyncIterator]() : table.rows[Symbol.iterator]();
  const sample: ExportRow[] = [];
  let isDone = false;
  while (sample.length < SAMPLE_ROWS && !isDone) {
    const next = await iterator.next();
    if (next.done === true) isDone = true;
    else sample.push(...next.value);
  }
  async function* rows(): AsyncGenerator<ExportRow> {
    try {
      yield* sample;
      while (!isDone) {
        const next = await iterator.next();
        if (next.done === true) isDone = true;
        else yield* next.value;
      }
    } finally {
      await iterator.return?.();
    }
  }
  return { sample: sample.slice(0, SAMPLE_ROWS), rows: rows() };
}

function drawEmpty(paper: Paper): void {
  const { canvas, style } = paper;
  canvas.font('regular').fontSize(SIZE).fillColor(COLORS.muted);
  line(canvas, style.words.empty, MARGIN + PADDING, paper.y + 4);
}

function refuseTooLong(rows: number): void {
  if (rows <= MOST_PDF_ROWS) return;
  throw new OutpostError('too_large', 'A PDF of so many rows would have a thousand pages. Choose Excel or CSV.', {
    most: MOST_PDF_ROWS,
  });
}

/** The file in pieces. @throws OutpostError `too_large` for more rows or columns than a document is read with. */
export async function* writePdf(table: ExportTable, style: ExportStyle, open: OpenPdf): AsyncGenerator<Bytes> {
  refuseTooLong(table.rowCount ?? 0);
  const textOf = createPeopleText(style);
  const { sample, rows } = await lookAhead(table);
  const ruler = await open({ width: 100, height: 100, title: '', language: style.locale });
  ruler.addPage().font('regular').fontSize(SIZE);
  const layout = layOut(table, sample, textOf, (text) => ruler.widthOfString(text));
  const canvas = await open({ ...layout.page, title: printable(table.title), language: style.locale });
  const ready: Bytes[] = [];
  const ended = Promise.withResolvers<void>();
  canvas.on('data', (bytes) => void ready.push(bytes));
  canvas.on('end', () => ended.resolve());
  canvas.on('error', (error) => ended.reject(error));
  const paper: Paper = { canvas, table, style, layout, textOf, pageNo: 0, y: MARGIN };
  startPage(paper);
  drawTitle(paper);
  drawCharts(paper);
  if (paper.y + 60 > bottomOf(paper)) startPage(paper);
  drawHead(paper);
  let count = 0;
  for await (const row of rows) {
    count += 1;
    refuseTooLong(count);
    drawRow(paper, row);
    if (ready.length > 0) yield* ready.splice(0);
  }
  if (count === 0) drawEmpty(paper);
  canvas.end();
  await ended.promise;
  yield* ready;
}
