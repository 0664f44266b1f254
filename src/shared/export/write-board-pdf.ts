// Many things under one head as a paged document: numbers in strips, charts beside each other as wide as on the screen,
// tables as wide as the page and with all of their rows.
import type { ExportBoard, ExportChart, ExportPart, ExportStyle } from '#shared/export/export-table.ts';
import type { OpenPdf } from '#shared/export/pdf-canvas.ts';
import { ACROSS, layOut, MARGIN, PADDING, type PdfLayout } from '#shared/export/pdf-layout.ts';
import {
  bottomOf,
  closePaper,
  COLORS,
  drawCharts,
  drawLines,
  drawPicture,
  drawTitle,
  keepTogether,
  line,
  LINE,
  measureOf,
  openPaper,
  roomOf,
  SIZE,
  type Paper,
} from '#shared/export/pdf-paper.ts';
import { drawEmpty, drawHead, drawRow, lookAhead } from '#shared/export/pdf-table.ts';
import { printable, wrapText, type MeasureText } from '#shared/export/pdf-text.ts';
import { createPeopleText, type PeopleText } from '#shared/export/people-text.ts';
import { collectBytes, openRuler, refuseTooLong, type PdfBytes } from '#shared/export/write-pdf.ts';
import type { Bytes } from '#shared/export/zip.ts';

const GAP = 12;
const FIGURE_HEIGHT = 56;
const FIGURES_IN_STRIP = 4;
const WHOLE = 12;
/** Room for a name, a heading and a few rows. */
const START_OF_TABLE = 90;

/** Parts that stand beside each other: a strip of numbers, charts as wide as on the board, or one part. */
type Group = { readonly kind: 'figures' | 'charts' | 'whole'; readonly parts: readonly ExportPart[] };

const spanOf = ({ span = WHOLE }: ExportPart): number => span;

function kindOf({ figure, charts, isDrawn }: ExportPart): Group['kind'] {
  if (figure !== undefined) return 'figures';
  return isDrawn === true && charts?.length === 1 ? 'charts' : 'whole';
}

function hasRoom(kind: Group['kind'], parts: readonly ExportPart[], next: ExportPart): boolean {
  if (kind === 'figures') return parts.length < FIGURES_IN_STRIP;
  return kind === 'charts' && parts.reduce((sum, part) => sum + spanOf(part), spanOf(next)) <= WHOLE;
}

function groupsOf(parts: readonly ExportPart[]): readonly Group[] {
  const groups: { kind: Group['kind']; parts: ExportPart[] }[] = [];
  for (const part of parts) {
    const kind = kindOf(part);
    const last = groups.at(-1);
    if (last?.kind === kind && hasRoom(kind, last.parts, part)) last.parts.push(part);
    else groups.push({ kind, parts: [part] });
  }
  return groups;
}

function frame({ canvas }: Paper, x: number, y: number, width: number, height: number): void {
  canvas.lineWidth(0.5).strokeColor(COLORS.line).rect(x, y, width, height).stroke();
}

/** A line that is cut where the box ends. */
function boxLine(paper: Paper, text: string, x: number, y: number, width: number): void {
  line(paper.canvas, wrapText(text, width, measureOf(paper), 1)[0] ?? '', x, y);
}

function drawFigures(paper: Paper, parts: readonly ExportPart[]): void {
  keepTogether(paper, FIGURE_HEIGHT);
  const { canvas, y } = paper;
  const width = (roomOf(paper) - GAP * (parts.length - 1)) / parts.length;
  for (const [index, { title, figure }] of parts.entries()) {
    const x = MARGIN + index * (width + GAP);
    const room = width - 4 * PADDING;
    frame(paper, x, y, width, FIGURE_HEIGHT);
    canvas.font('regular').fontSize(SIZE).fillColor(COLORS.muted);
    boxLine(paper, title, x + 2 * PADDING, y + 7, room);
    canvas.font('bold').fontSize(16).fillColor(COLORS.text);
    boxLine(paper, figure?.text ?? '', x + 2 * PADDING, y + 19, room);
    const { tone = 'same' } = figure ?? {};
    canvas
      .font('regular')
      .fontSize(SIZE)
      .fillColor(tone === 'same' ? COLORS.muted : COLORS[tone]);
    boxLine(paper, figure?.change ?? '', x + 2 * PADDING, y + 41, room);
  }
  paper.y += FIGURE_HEIGHT + GAP;
}

interface ChartBox {
  readonly part: ExportPart;
  readonly chart: ExportChart;
  readonly x: number;
  readonly width: number;
  readonly scale: number;
}

/** As wide as on the board; the last one may leave room. */
function placeCharts(paper: Paper, parts: readonly ExportPart[]): readonly ChartBox[] {
  const column = (roomOf(paper) + GAP) / WHOLE;
  let x = MARGIN;
  return parts.flatMap((part): ChartBox[] => {
    const [chart] = part.charts ?? [];
    if (chart === undefined) return [];
    const width = column * spanOf(part) - GAP;
    const most = (bottomOf(paper) - MARGIN - 60) / chart.height;
    const box = { part, chart, x, width, scale: Math.min((width - 4 * PADDING) / chart.width, most, 1) };
    x += width + GAP;
    return [box];
  });
}

function drawChartRow(paper: Paper, parts: readonly ExportPart[]): void {
  const boxes = placeCharts(paper, parts);
  const notes = Math.max(...parts.map(({ subtitle }) => subtitle.length));
  const top = 22 + notes * LINE;
  const height = top + Math.max(...boxes.map(({ chart, scale }) => chart.height * scale)) + 2 * PADDING;
  keepTogether(paper, height);
  const { canvas, y } = paper;
  for (const { part, chart, x, width, scale } of boxes) {
    const inner = width - 4 * PADDING;
    frame(paper, x, y, width, height);
    canvas.font('bold').fontSize(9).fillColor(COLORS.text);
    boxLine(paper, part.title, x + 2 * PADDING, y + 7, inner);
    canvas.font('regular').fontSize(SIZE).fillColor(COLORS.muted);
    for (const [place, note] of part.subtitle.entries())
      boxLine(paper, note, x + 2 * PADDING, y + 20 + place * LINE, inner);
    drawPicture(paper, chart, x + 2 * PADDING, y + top, scale);
  }
  paper.y += height + GAP;
}

/** A part whose first rows were looked at, to know how wide its columns are. */
interface Prepared {
  readonly layout: PdfLayout;
  readonly rows: Awaited<ReturnType<typeof lookAhead>>['rows'];
}

const isTable = ({ figure, isDrawn, columns }: ExportPart): boolean =>
  figure === undefined && isDrawn !== true && columns.length > 0;

async function prepare(
  { parts }: ExportBoard,
  textOf: PeopleText,
  measure: MeasureText,
): Promise<ReadonlyMap<ExportPart, Prepared>> {
  const prepared = new Map<ExportPart, Prepared>();
  for (const part of parts.filter(isTable)) {
    const { sample, rows } = await lookAhead(part);
    prepared.set(part, { layout: layOut(part, sample, textOf, measure), rows });
  }
  return prepared;
}

/** All parts on pages of one size: the widest that one of them needs. */
function pageOf(prepared: ReadonlyMap<ExportPart, Prepared>): PdfLayout['page'] {
  return [...prepared.values()].map(({ layout }) => layout.page).reduce((a, b) => (b.width > a.width ? b : a), ACROSS);
}

async function* drawWhole(
  paper: Paper,
  part: ExportPart,
  prepared: Prepared | undefined,
  bytes: PdfBytes,
): AsyncGenerator<Bytes> {
  keepTogether(paper, START_OF_TABLE);
  paper.canvas.font('bold').fontSize(10).fillColor(COLORS.text);
  line(paper.canvas, printable(part.title), MARGIN, paper.y);
  paper.y += 15;
  drawLines(paper, part.subtitle);
  const charts = part.charts ?? [];
  // One chart is called as its part is.
  if (charts.length > 0)
    drawCharts(paper, charts.length === 1 ? charts.map((chart) => ({ ...chart, title: '' })) : charts);
  if (prepared !== undefined) {
    if (paper.y + START_OF_TABLE / 2 > bottomOf(paper)) keepTogether(paper, START_OF_TABLE);
    const table = { paper, table: part, widths: prepared.layout.widths };
    drawHead(table);
    let count = 0;
    for await (const row of prepared.rows) {
      count += 1;
      refuseTooLong(count);
      drawRow(table, row);
      yield* bytes.take();
    }
    if (count === 0) {
      drawEmpty(paper);
      paper.y += 2 * LINE;
    }
  }
  paper.y += GAP;
}

/** The file in pieces. @throws OutpostError `too_large` for more rows or columns than a document is read with. */
export async function* writeBoardPdf(board: ExportBoard, style: ExportStyle, open: OpenPdf): AsyncGenerator<Bytes> {
  for (const part of board.parts) refuseTooLong(part.rowCount ?? 0);
  const textOf = createPeopleText(style);
  const prepared = await prepare(board, textOf, await openRuler(open, style));
  const page = pageOf(prepared);
  const canvas = await open({ ...page, title: printable(board.title), language: style.locale });
  const bytes = collectBytes(canvas);
  const paper = openPaper(canvas, { title: board.title, style, page, textOf });
  drawTitle(paper, board.title, board.subtitle);
  for (const { kind, parts } of groupsOf(board.parts)) {
    if (kind === 'figures') drawFigures(paper, parts);
    else if (kind === 'charts') drawChartRow(paper, parts);
    else for (const part of parts) yield* drawWhole(paper, part, prepared.get(part), bytes);
    yield* bytes.take();
  }
  closePaper(paper);
  yield* await bytes.rest();
}
