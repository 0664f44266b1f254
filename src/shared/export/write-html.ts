// A table as one HTML file that needs nothing else: no script, no address, everything escaped, and made for paper, too.
import type { ExportChart, ExportRow, ExportStyle, ExportTable } from '#shared/export/export-table.ts';
import { createPeopleText, isRightAligned, type PeopleText } from '#shared/export/people-text.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text for a place in HTML; characters no document may hold become the sign for them. */
export function escapeHtml(text: string): string {
  return (
    text
      .toWellFormed()
      // oxlint-disable-next-line no-control-regex
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '\uFFFD')
      .replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign)
  );
}

const STYLE = `
:root { color-scheme: light dark; --line: #d5d9e0; --head: #f3f5f8; --text: #1c2430; --muted: #5b6575; --paper: #fff; }
@media (prefers-color-scheme: dark) { :root { --line: #3a414d; --head: #262c35; --text: #e8ebf0; --muted: #a2abba; --paper: #181c22; } }
body { margin: 24px; font: 13px/1.45 system-ui, sans-serif; color: var(--text); background: var(--paper); }
h1 { margin: 0 0 4px; font-size: 20px; }
p { margin: 0; color: var(--muted); }
figure { margin: 16px 0; }
figure img { max-width: 100%; height: auto; background: #fff; }
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

function chartOf({ title, svg }: ExportChart): string {
  // As a picture: what stands in an SVG can then neither run nor reach anything.
  const address = `data:image/svg+xml,${encodeURIComponent(svg.toWellFormed())}`;
  return `<figure><img alt="${escapeHtml(title)}" src="${escapeHtml(address)}"></figure>\n`;
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

/** The file in pieces. */
export async function* writeHtml(table: ExportTable, style: ExportStyle): AsyncGenerator<string> {
  const textOf = createPeopleText(style);
  const title = escapeHtml(table.title);
  const language = escapeHtml(style.locale);
  yield `<!doctype html>\n<html lang="${language}">\n<head>\n<meta charset="utf-8">\n<meta name="viewport" content="width=device-width">\n`;
  yield `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">\n`;
  yield `<title>${title}</title>\n<style>${STYLE}\n</style>\n</head>\n<body>\n<h1 dir="auto">${title}</h1>\n`;
  yield table.subtitle.map((line) => `<p dir="auto">${escapeHtml(line)}</p>\n`).join('');
  yield (table.charts ?? []).map(chartOf).join('');
  yield `<table>\n${headOf(table)}\n<tbody>\n`;
  let isEmpty = true;
  for await (const batch of table.rows) {
    if (batch.length === 0) continue;
    isEmpty = false;
    yield batch.map((row) => rowOf(table, row, textOf)).join('');
  }
  if (isEmpty)
    yield `<tr><td colspan="${String(Math.max(1, table.columns.length))}">${escapeHtml(style.words.empty)}</td></tr>\n`;
  yield '</tbody>\n</table>\n</body>\n</html>\n';
}
