// A table, or many under one head, as one HTML file that needs nothing else: no script, no address, everything escaped, and made for paper, too.
import { cleanSvg } from '#shared/export/clean-svg.ts';
import { escapeHtml } from '#shared/export/escape-html.ts';
import type {
  ExportBoard,
  ExportChart,
  ExportFigure,
  ExportRow,
  ExportStyle,
  ExportTable,
} from '#shared/export/export-table.ts';
import { createPeopleText, isRightAligned, type PeopleText } from '#shared/export/people-text.ts';

const STYLE = `
:root { color-scheme: light dark; --line: #d5d9e0; --head: #f3f5f8; --text: #1c2430; --muted: #5b6575; --paper: #fff; }
@media (prefers-color-scheme: dark) { :root { --line: #3a414d; --head: #262c35; --text: #e8ebf0; --muted: #a2abba; --paper: #181c22; } }
body { margin: 24px; font: 13px/1.45 system-ui, sans-serif; color: var(--text); background: var(--paper); }
h1 { margin: 0 0 4px; font-size: 20px; }
p { margin: 0; color: var(--muted); }
figure { margin: 16px 0; }
section svg { width: 100%; }
figure svg { display: block; max-width: 100%; height: auto; background: #fff; }
h2 { margin: 0 0 4px; font-size: 14px; }
main { display: grid; grid-template-columns: repeat(12, minmax(0, 1fr)); gap: 16px; margin-top: 16px; align-items: start; }
section { grid-column: span 12; min-width: 0; padding: 12px; border: 1px solid var(--line); border-radius: 6px; overflow-x: auto; }
@media (min-width: 900px) { section { grid-column: span var(--span, 12); } }
.f { font-size: 22px; font-weight: 600; color: var(--text); font-variant-numeric: tabular-nums; }
.good { color: light-dark(#0b6e4f, #5fd0a5); } .bad { color: light-dark(#b3261e, #ff9d95); }
summary { cursor: pointer; color: var(--muted); margin-top: 8px; }
table { margin-top: 16px; border-collapse: collapse; }
th, td { padding: 4px 10px; border: 1px solid var(--line); text-align: start; vertical-align: top; }
thead th { position: sticky; top: 0; background: var(--head); }
th[colspan] { text-align: center; }
.n { text-align: end; font-variant-numeric: tabular-nums; white-space: nowrap; }
.s td { font-weight: 600; background: var(--head); }
.t td { font-weight: 700; background: var(--head); border-top: 2px solid var(--text); }
@media print {
  :root { --line: #bbb; --head: #eee; --text: #000; --muted: #444; --paper: #fff; }
  body { margin: 0; font-size: 9pt; } thead { display: table-header-group; } thead th { position: static; } tr { break-inside: avoid; }
  @page { margin: 15mm; }
}`;

/** Drawings of one page have names of their own: `place` says which this is. */
function chartOf({ title, svg }: ExportChart, place: string): string {
  const drawing = cleanSvg(svg, `c${place}-`, title);
  return drawing === '' ? '' : `<figure>${drawing}</figure>\n`;
}

function headOf(table: ExportTable): string {
  const above = (table.headers ?? []).map(
    (level) =>
      `<tr>${level.map(({ label, span }) => `<th colspan="${String(span)}" scope="colgroup">${escapeHtml(label)}</th>`).join('')}</tr>`,
  );
  const labels = table.columns.map(
    (column) => `<th scope="col"${isRightAligned(column) ? ' class="n"' : ''}>${escapeHtml(column.label)}</th>`,
  );
  return `<thead>${above.join('')}<tr>${labels.join('')}</tr></thead>`;
}

const ROW_CLASSES = { row: '', subtotal: ' class="s"', total: ' class="t"' } as const;

function rowOf(table: ExportTable, row: ExportRow, textOf: PeopleText): string {
  const cells = table.columns.map((column, index) => {
    const text = escapeHtml(textOf(row.cells[index] ?? null, column, row));
    const indent =
      index === 0 && (row.level ?? 0) > 0
        ? ` style="padding-inline-start:${String(10 + 16 * (row.level ?? 0))}px"`
        : '';
    return `<td${isRightAligned(column) ? ' class="n"' : ' dir="auto"'}${indent}>${text}</td>`;
  });
  return `<tr${ROW_CLASSES[row.kind ?? 'row']}>${cells.join('')}</tr>\n`;
}

function* startOf({ title, subtitle }: { title: string; subtitle: readonly string[] }, { locale }: ExportStyle) {
  const name = escapeHtml(title);
  yield `<!doctype html>\n<html lang="${escapeHtml(locale)}">\n<head>\n<meta charset="utf-8">\n<meta name="viewport" content="width=device-width">\n`;
  yield `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">\n`;
  yield `<title>${name}</title>\n<style>${STYLE}\n</style>\n</head>\n<body>\n<h1 dir="auto">${name}</h1>\n`;
  yield subtitle.map((line) => `<p dir="auto">${escapeHtml(line)}</p>\n`).join('');
}

async function* tableHtml(table: ExportTable, style: ExportStyle, textOf: PeopleText): AsyncGenerator<string> {
  yield `<table>\n${headOf(table)}\n<tbody>\n`;
  let isEmpty = true;
  for await (const batch of table.rows) {
    if (batch.length === 0) continue;
    isEmpty = false;
    yield batch.map((row) => rowOf(table, row, textOf)).join('');
  }
  if (isEmpty)
    yield `<tr><td colspan="${String(Math.max(1, table.columns.length))}">${escapeHtml(style.words.empty)}</td></tr>\n`;
  yield '</tbody>\n</table>\n';
}

/** The file in pieces. */
export async function* writeHtml(table: ExportTable, style: ExportStyle): AsyncGenerator<string> {
  yield* startOf(table, style);
  yield (table.charts ?? []).map((chart, index) => chartOf(chart, String(index))).join('');
  yield* tableHtml(table, style, createPeopleText(style));
  yield '</body>\n</html>\n';
}

function figureOf({ text, change, tone }: ExportFigure): string {
  const below = change === undefined ? '' : `<p class="${tone ?? 'same'}">${escapeHtml(change)}</p>\n`;
  return `<p class="f">${escapeHtml(text)}</p>\n${below}`;
}

/** Things beside each other as on the screen where there is room; what a drawing says stands folded below it. */
export async function* writeBoardHtml(board: ExportBoard, style: ExportStyle): AsyncGenerator<string> {
  const textOf = createPeopleText(style);
  yield* startOf(board, style);
  yield '<main>\n';
  for (const [index, part] of board.parts.entries()) {
    yield `<section style="--span:${String(part.span ?? 12)}">\n<h2 dir="auto">${escapeHtml(part.title)}</h2>\n`;
    yield part.subtitle.map((line) => `<p dir="auto">${escapeHtml(line)}</p>\n`).join('');
    if (part.figure !== undefined) yield figureOf(part.figure);
    yield (part.charts ?? []).map((chart, place) => chartOf(chart, `${String(index)}-${String(place)}`)).join('');
    if (part.figure === undefined && part.columns.length > 0) {
      if (part.isDrawn === true) yield `<details>\n<summary>${escapeHtml(style.words.table)}</summary>\n`;
      yield* tableHtml(part, style, textOf);
      if (part.isDrawn === true) yield '</details>\n';
    }
    yield '</section>\n';
  }
  yield '</main>\n</body>\n</html>\n';
}
