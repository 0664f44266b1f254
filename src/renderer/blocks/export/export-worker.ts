// Writes a file beside the window: reads the rows (of a list from the data host, of anything else from the window), makes
// the bytes and keeps them where the browser does, not in this worker. The window is never held up by a long export.
import regularFont from 'dejavu-fonts-ttf/ttf/DejaVuSansCondensed.ttf?url';
import boldFont from 'dejavu-fonts-ttf/ttf/DejaVuSansCondensed-Bold.ttf?url';
import { byteTools } from '#renderer/blocks/export/byte-tools.ts';
import type { ExportJob, FromWorker, ListSource, ToWorker } from '#renderer/blocks/export/export-messages.ts';
import { createDataClient } from '#renderer/data/create-data-client.ts';
import type { ExportContent, ExportRow } from '#shared/export/export-table.ts';
import type { OpenPdf } from '#shared/export/pdf-canvas.ts';
import { neededFields, recordRow } from '#shared/export/record-columns.ts';
import { exportTypes, writeExport } from '#shared/export/write-export.ts';
import { toErrorData } from '#shared/kernel/errors.ts';

declare const self: DedicatedWorkerGlobalScope;

/** Small, so that the data host answers screens between two of them. */
const PIECE = 250;
/** How often the window hears how far it is. */
const PROGRESS_MS = 100;
const MOST_HELD_BYTES = 8_000_000;

const send = (message: FromWorker): void => self.postMessage(message);

async function loadFont(address: string): Promise<Uint8Array> {
  return new Uint8Array(await (await fetch(address)).arrayBuffer());
}

/** Only who writes a PDF loads what it takes. */
const openPdf: OpenPdf = async (page) => {
  const { createOpenPdf } = await import('#shared/export/open-pdf.ts');
  const [regular, bold] = await Promise.all([loadFont(regularFont), loadFont(boldFont)]);
  return createOpenPdf(() => Promise.resolve({ regular, bold }))(page);
};

let wake: ((message: ToWorker) => void) | undefined;

/** Rows the window hands over, one batch for each question. */
async function* rowsOfWindow(): AsyncGenerator<readonly ExportRow[]> {
  for (;;) {
    const answer = new Promise<ToWorker>((resolve) => {
      wake = resolve;
    });
    send({ t: 'more' });
    const message = await answer;
    if (message.t !== 'rows') return;
    yield message.rows;
  }
}

/** The ids of the rows, then the rows piece by piece; the next piece is asked for while one is written. */
async function openList(list: ListSource): Promise<{ total: number; rows: AsyncGenerator<readonly ExportRow[]> }> {
  const client = createDataClient(crypto.randomUUID());
  const ids = list.ids ?? (await client.request('exportIds', list.query));
  const fields = neededFields(list.columns);
  const ask = (start: number) =>
    client.request('exportRows', { entity: list.query.entity, ids: ids.slice(start, start + PIECE), fields });
  async function* rows(): AsyncGenerator<readonly ExportRow[]> {
    let next = ids.length === 0 ? null : ask(0);
    for (let start = 0; next !== null; start += PIECE) {
      const piece = await next;
      next = start + PIECE < ids.length ? ask(start + PIECE) : null;
      yield piece.rows.map((values) => recordRow(list.columns, values, piece.labels, list.gone));
    }
    client.close();
  }
  return { total: ids.length, rows: rows() };
}

/** What is written, and how many of its rows were so far; the window hears of it now and then. */
async function openContent({ table, list }: ExportJob): Promise<{ content: ExportContent; written: () => number }> {
  let count = 0;
  let toldMs = 0;
  async function* counted(
    rows: AsyncIterable<readonly ExportRow[]> | Iterable<readonly ExportRow[]>,
    total: number | null,
  ): AsyncGenerator<readonly ExportRow[]> {
    for await (const batch of rows) {
      count += batch.length;
      yield batch;
      if (performance.now() - toldMs < PROGRESS_MS) continue;
      toldMs = performance.now();
      send({ t: 'progress', rows: count, total });
    }
  }
  const written = (): number => count;
  if ('parts' in table) {
    const rowCounts = table.parts.map(({ rows }) => rows.reduce((sum, batch) => sum + batch.length, 0));
    const total = rowCounts.reduce((sum, rows) => sum + rows, 0);
    const parts = table.parts.map((part, index) => ({
      ...part,
      rows: counted(part.rows, total),
      rowCount: rowCounts[index] ?? 0,
    }));
    return { content: { ...table, parts }, written };
  }
  const opened = list === undefined ? { total: table.rowCount ?? null, rows: rowsOfWindow() } : await openList(list);
  const { total } = opened;
  const content = { ...table, rows: counted(opened.rows, total), ...(total === null ? {} : { rowCount: total }) };
  return { content, written };
}

async function run(job: ExportJob): Promise<void> {
  const { format, style } = job;
  const { content, written } = await openContent(job);
  const notes = { shortened: 0 };
  let file = new Blob([], { type: exportTypes[format] });
  let held: BlobPart[] = [];
  let heldBytes = 0;
  function letGo(): void {
    file = new Blob([file, ...held], { type: exportTypes[format] });
    held = [];
    heldBytes = 0;
  }
  for await (const bytes of writeExport(format, content, style, { tools: byteTools, openPdf }, notes)) {
    held.push(bytes);
    heldBytes += bytes.length;
    if (heldBytes > MOST_HELD_BYTES) letGo();
  }
  letGo();
  send({ t: 'done', file, rows: written(), shortened: notes.shortened });
}

self.onmessage = ({ data }: MessageEvent<ToWorker>) => {
  if (data.t === 'start') run(data.job).catch((error: unknown) => send({ t: 'failed', error: toErrorData(error) }));
  else wake?.(data);
};
