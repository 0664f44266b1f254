// Writes a file beside the window: reads the rows (of a list from the data host, of anything else from the window), makes
// the bytes and keeps them where the browser does, not in this worker. The window is never held up by a long export.
import regularFont from 'dejavu-fonts-ttf/ttf/DejaVuSansCondensed.ttf?url';
import boldFont from 'dejavu-fonts-ttf/ttf/DejaVuSansCondensed-Bold.ttf?url';
import { byteTools } from '#renderer/blocks/export/byte-tools.ts';
import type { ExportJob, FromWorker, ListSource, ToWorker } from '#renderer/blocks/export/export-messages.ts';
import { createDataClient } from '#renderer/data/create-data-client.ts';
import type { ExportRow } from '#shared/export/export-table.ts';
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

async function run({ format, style, table, list }: ExportJob): Promise<void> {
  const opened = list === undefined ? { total: table.rowCount ?? null, rows: rowsOfWindow() } : await openList(list);
  let count = 0;
  let toldMs = 0;
  async function* counted(): AsyncGenerator<readonly ExportRow[]> {
    for await (const batch of opened.rows) {
      count += batch.length;
      yield batch;
      if (performance.now() - toldMs < PROGRESS_MS) continue;
      toldMs = performance.now();
      send({ t: 'progress', rows: count, total: opened.total });
    }
  }
  const notes = { shortened: 0 };
  const whole = { ...table, rows: counted(), ...(opened.total === null ? {} : { rowCount: opened.total }) };
  let file = new Blob([], { type: exportTypes[format] });
  let held: BlobPart[] = [];
  let heldBytes = 0;
  function letGo(): void {
    file = new Blob([file, ...held], { type: exportTypes[format] });
    held = [];
    heldBytes = 0;
  }
  for await (const bytes of writeExport(format, whole, style, { tools: byteTools, openPdf }, notes)) {
    held.push(bytes);
    heldBytes += bytes.length;
    if (heldBytes > MOST_HELD_BYTES) letGo();
  }
  letGo();
  send({ t: 'done', file, rows: count, shortened: notes.shortened });
}

self.onmessage = ({ data }: MessageEvent<ToWorker>) => {
  if (data.t === 'start') run(data.job).catch((error: unknown) => send({ t: 'failed', error: toErrorData(error) }));
  else wake?.(data);
};
