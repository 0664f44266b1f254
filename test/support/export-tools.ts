// Tables to export, and what writing them takes.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { byteTools } from '#renderer/blocks/export/byte-tools.ts';
import { createOpenPdf } from '#shared/export/open-pdf.ts';
import {
  inBatches,
  type ExportCell,
  type ExportColumn,
  type ExportContent,
  type ExportFormat,
  type ExportRow,
  type ExportStyle,
  type ExportTable,
  type ExportType,
} from '#shared/export/export-table.ts';
import { writeExport } from '#shared/export/write-export.ts';

const fonts = path.resolve(import.meta.dirname, '../../node_modules/dejavu-fonts-ttf/ttf');
const readFont = (name: string): Uint8Array => new Uint8Array(readFileSync(path.join(fonts, name)));

export const nodePlatform = {
  tools: byteTools,
  openPdf: createOpenPdf(() =>
    Promise.resolve({ regular: readFont('DejaVuSansCondensed.ttf'), bold: readFont('DejaVuSansCondensed-Bold.ttf') }),
  ),
};

export const german: ExportStyle = {
  locale: 'de-DE',
  timeZone: 'Europe/Berlin',
  words: {
    yes: 'Ja',
    no: 'Nein',
    about: 'Info',
    page: 'Seite {{page}} von {{pages}}',
    empty: 'Es gibt keine Zeilen.',
    part: 'Kachel',
    line: 'Zeile Nr.',
    row: 'Zeile',
    value: 'Wert',
    number: 'Zahl',
    currency: 'Währung',
    table: 'Als Tabelle',
  },
};

export const english: ExportStyle = {
  locale: 'en-GB',
  timeZone: 'UTC',
  words: {
    yes: 'Yes',
    no: 'No',
    about: 'About',
    page: 'Page {{page}} of {{pages}}',
    empty: 'There are no rows.',
    part: 'Tile',
    line: 'Line',
    row: 'Row',
    value: 'Value',
    number: 'Number',
    currency: 'Currency',
    table: 'As a table',
  },
};

/** Columns by label and type. */
export function columnsOf(types: Readonly<Record<string, ExportType>>): readonly ExportColumn[] {
  return Object.entries(types).map(([label, type]) => ({ key: label.toLowerCase(), label, type }));
}

/** A table of these cells; amounts are euros unless the row says otherwise. */
export function tableOf(
  types: Readonly<Record<string, ExportType>>,
  cells: readonly (readonly ExportCell[])[],
  more: Partial<ExportTable> = {},
): ExportTable {
  const rows = cells.map((row): ExportRow => ({ cells: row, currency: 'EUR' }));
  return { title: 'Deals', subtitle: [], columns: columnsOf(types), rows: inBatches(rows, 3), ...more };
}

export interface Written {
  readonly bytes: Uint8Array;
  readonly text: string;
  readonly shortened: number;
}

/** The whole file. */
export async function write(
  format: ExportFormat,
  table: ExportContent,
  style: ExportStyle = english,
): Promise<Written> {
  const notes = { shortened: 0 };
  const pieces: Uint8Array[] = [];
  for await (const piece of writeExport(format, table, style, nodePlatform, notes)) pieces.push(piece);
  const bytes = new Uint8Array(Buffer.concat(pieces));
  return { bytes, text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes), shortened: notes.shortened };
}
