// A table on paper: its heading again on every page, sums bold, long texts wrapped.
import type { ExportRow, ExportTable } from '#shared/export/export-table.ts';
import { MARGIN, PADDING, SAMPLE_ROWS } from '#shared/export/pdf-layout.ts';
import { bottomOf, COLORS, line, LINE, measureOf, SIZE, startPage, type Paper } from '#shared/export/pdf-paper.ts';
import type { PdfCanvas } from '#shared/export/pdf-canvas.ts';
import { wrapText } from '#shared/export/pdf-text.ts';
import { isRightAligned } from '#shared/export/people-text.ts';

const MOST_LINES = 6;
const INDENT = 10;

/** A table with the widths of its columns. */
export interface PaperTable {
  readonly paper: Paper;
  readonly table: ExportTable;
  readonly widths: readonly number[];
}

interface DrawnCell {
  readonly lines: readonly string[];
  readonly x: number;
  readonly width: number;
  readonly isRight: boolean;
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

function rule({ paper, widths }: PaperTable): void {
  const right = MARGIN + widths.reduce((sum, width) => sum + width, 0);
  paper.canvas.lineWidth(0.5).strokeColor(COLORS.line).moveTo(MARGIN, paper.y).lineTo(right, paper.y).stroke();
}

const heightOf = (cells: readonly DrawnCell[]): number =>
  Math.max(1, ...cells.map(({ lines }) => lines.length)) * LINE + PADDING;

export function drawHead(of: PaperTable): void {
  const { paper, table, widths } = of;
  paper.canvas.font('bold').fontSize(SIZE);
  const measure = measureOf(paper);
  for (const level of table.headers ?? []) {
    let place = 0;
    let x = MARGIN;
    const cells = level.map(({ label, span }): DrawnCell => {
      const width = widths.slice(place, place + span).reduce((sum, part) => sum + part, 0);
      const cell = { lines: wrapText(label, width - 2 * PADDING, measure, 2), x, width, isRight: false };
      place += span;
      x += width;
      return cell;
    });
    const height = heightOf(cells);
    drawCells(paper, cells, height, COLORS.head);
    paper.y += height;
    rule(of);
  }
  let x = MARGIN;
  const cells = table.columns.map((column, index): DrawnCell => {
    const width = widths[index] ?? 0;
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
  rule(of);
}

export function drawRow(of: PaperTable, row: ExportRow): void {
  const { paper, table, widths } = of;
  const { canvas, textOf } = paper;
  const isSum = row.kind === 'total' || row.kind === 'subtotal';
  const setFont = (): PdfCanvas => canvas.font(isSum ? 'bold' : 'regular').fontSize(SIZE);
  setFont();
  const measure = measureOf(paper);
  let x = MARGIN;
  const cells = table.columns.map((column, index): DrawnCell => {
    const whole = widths[index] ?? 0;
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
    drawHead(of);
    setFont();
  }
  drawCells(paper, cells, height, isSum ? COLORS.sum : null);
  paper.y += height;
  rule(of);
}

/** The first rows, and an iterator that begins with them again. */
export async function lookAhead(
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

export function drawEmpty({ canvas, style, y }: Paper): void {
  canvas.font('regular').fontSize(SIZE).fillColor(COLORS.muted);
  line(canvas, style.words.empty, MARGIN + PADDING, y + 4);
}
