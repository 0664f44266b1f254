// Pages that are filled from the top: what a line of text, a rule, a picture and the foot of a page look like, and which
// page it is. Pages are handed on as they are full, so that a long document is never held as a whole.
import { drawSvg } from '#shared/export/draw-svg.ts';
import type { ExportBrand, ExportChart, ExportStyle } from '#shared/export/export-table.ts';
import type { PdfCanvas, PdfLater } from '#shared/export/pdf-canvas.ts';
import { MARGIN, type PdfPage } from '#shared/export/pdf-layout.ts';
import { inDrawnOrder, printable, wrapText } from '#shared/export/pdf-text.ts';
import type { PeopleText } from '#shared/export/people-text.ts';

export const SIZE = 8;
export const LINE = 10.5;
const FOOT = 22;
const FOOT_SIZE = 7;
const LOGO_HEIGHT = 22;
const MOST_LOGO_WIDTH = 110;
export const COLORS = {
  text: '#1c2430',
  muted: '#5b6575',
  line: '#c9cfd8',
  head: '#e8ecf2',
  sum: '#f3f5f8',
  good: '#0b6e4f',
  bad: '#b3261e',
} as const;

export interface Paper {
  readonly canvas: PdfCanvas;
  readonly title: string;
  readonly style: ExportStyle;
  readonly page: PdfPage;
  readonly textOf: PeopleText;
  /** How many pages there are, known at the end. */
  readonly pageCount: PdfLater;
  pageNo: number;
  y: number;
}

/** Digits a document can have pages of. */
const MOST_DIGITS = '00000';

export function openPaper(
  canvas: PdfCanvas,
  { title, style, page, textOf }: Pick<Paper, 'title' | 'style' | 'page' | 'textOf'>,
): Paper {
  const paper = { canvas, title, style, page, textOf, pageCount: canvas.later(FOOT_SIZE), pageNo: 0, y: MARGIN };
  startPage(paper);
  if (style.brand !== undefined) drawBrand(paper, style.brand);
  return paper;
}

export const bottomOf = ({ page }: Paper): number => page.height - MARGIN - FOOT;
export const roomOf = ({ page }: Paper): number => page.width - 2 * MARGIN;
export const measureOf =
  ({ canvas }: Paper) =>
  (text: string): number =>
    canvas.widthOfString(text);

export function line(canvas: PdfCanvas, text: string, x: number, y: number): void {
  if (text !== '') canvas.text(inDrawnOrder(text), x, y, { lineBreak: false });
}

function drawFoot(paper: Paper): void {
  const { canvas, page, style, title, pageNo, pageCount } = paper;
  const y = page.height - MARGIN - 8;
  canvas.font('regular').fontSize(FOOT_SIZE).fillColor(COLORS.muted);
  const [before = '', after = ''] = style.words.page.replace('{{page}}', String(pageNo)).split('{{pages}}');
  const [beforeWidth, countWidth, afterWidth] = [before, MOST_DIGITS, after].map(measureOf(paper)) as [
    number,
    number,
    number,
  ];
  const noWidth = beforeWidth + countWidth + afterWidth;
  const start = page.width - MARGIN - noWidth;
  line(canvas, wrapText(title, start - MARGIN - 20, measureOf(paper), 1)[0] ?? '', MARGIN, y);
  line(canvas, before, start, y);
  if (style.words.page.includes('{{pages}}')) pageCount.put(start + beforeWidth, y);
  line(canvas, after, start + beforeWidth + countWidth, y);
}

export function startPage(paper: Paper): void {
  paper.canvas.addPage();
  paper.pageNo += 1;
  paper.y = MARGIN;
  drawFoot(paper);
}

/** Goes on a new page unless there is room for this much. */
export function keepTogether(paper: Paper, height: number): void {
  if (paper.y + height > bottomOf(paper) && paper.y > MARGIN) startPage(paper);
}

/** Width and height of a PNG stand at its beginning. */
function widthAt(png: Uint8Array, height: number): number {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  return Math.min((view.getUint32(16) / view.getUint32(20)) * height, MOST_LOGO_WIDTH);
}

/** Logo and name of the organization over a rule in its colour, above the title of the first page. */
function drawBrand(paper: Paper, { name, logo, bar }: ExportBrand): void {
  const { canvas } = paper;
  let x = MARGIN;
  if (logo !== null) {
    const width = widthAt(logo, LOGO_HEIGHT);
    canvas.image(logo, x, paper.y, { fit: [width, LOGO_HEIGHT] });
    x += width + 8;
  }
  if (name !== null) {
    canvas.font('bold').fontSize(10).fillColor(COLORS.text);
    const [text = ''] = wrapText(name, paper.page.width - MARGIN - x, measureOf(paper), 1);
    line(canvas, text, x, paper.y + (LOGO_HEIGHT - 12) / 2);
  }
  paper.y += (logo === null && name === null ? 0 : LOGO_HEIGHT) + 6;
  canvas.rect(MARGIN, paper.y, roomOf(paper), 1.5).fillColor(bar).fill();
  paper.y += 14;
}

/** The file ends here. */
export function closePaper({ canvas, pageCount, pageNo }: Paper): void {
  pageCount.write(String(pageNo), COLORS.muted);
  canvas.end();
}

/** Name and remarks of the whole document. */
export function drawTitle(paper: Paper, title: string, subtitle: readonly string[]): void {
  const { canvas } = paper;
  canvas.font('bold').fontSize(15).fillColor(COLORS.text);
  for (const text of wrapText(title, roomOf(paper), measureOf(paper), 3)) {
    line(canvas, text, MARGIN, paper.y);
    paper.y += 19;
  }
  drawLines(paper, subtitle);
  paper.y += 8;
}

/** Remarks, each wrapped. */
export function drawLines(paper: Paper, lines: readonly string[]): void {
  paper.canvas.font('regular').fontSize(SIZE).fillColor(COLORS.muted);
  for (const text of lines.flatMap((part) => wrapText(part, roomOf(paper), measureOf(paper), 4))) {
    line(paper.canvas, text, MARGIN, paper.y);
    paper.y += LINE;
  }
}

/** A picture with its left upper corner here, this wide. */
export function drawPicture({ canvas }: Paper, chart: ExportChart, x: number, y: number, scale: number): void {
  canvas.save().transform(scale, 0, 0, scale, x, y);
  drawSvg(canvas, chart.svg);
  canvas.restore();
}

/** Pictures below each other, as large as they are or as the page is wide, each under its name. */
export function drawCharts(paper: Paper, charts: readonly ExportChart[]): void {
  for (const chart of charts) {
    const most = bottomOf(paper) - MARGIN - 40;
    const scale = Math.min(roomOf(paper) / chart.width, most / chart.height, 1);
    const height = chart.height * scale;
    keepTogether(paper, height + 16);
    paper.canvas.font('bold').fontSize(9).fillColor(COLORS.text);
    line(paper.canvas, printable(chart.title), MARGIN, paper.y);
    paper.y += 14;
    drawPicture(paper, chart, MARGIN, paper.y, scale);
    paper.y += height + 12;
  }
}
