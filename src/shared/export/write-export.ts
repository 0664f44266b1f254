// A table, or many under one head, as a file of the chosen form, in pieces.
import {
  isBoard,
  type ByteTools,
  type ExportContent,
  type ExportFormat,
  type ExportNotes,
  type ExportStyle,
} from '#shared/export/export-table.ts';
import type { OpenPdf } from '#shared/export/pdf-canvas.ts';
import { writeBoardPdf } from '#shared/export/write-board-pdf.ts';
import { writeBoardCsv, writeCsv } from '#shared/export/write-csv.ts';
import { writeBoardHtml, writeHtml } from '#shared/export/write-html.ts';
import { writeBoardJson, writeJson } from '#shared/export/write-json.ts';
import { writePdf } from '#shared/export/write-pdf.ts';
import { writeXlsx } from '#shared/export/write-xlsx.ts';
import type { Bytes } from '#shared/export/zip.ts';
import { cleanFileName } from '#shared/files/file-name.ts';

export interface ExportPlatform {
  readonly tools: ByteTools;
  readonly openPdf: OpenPdf;
}

export const exportTypes: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv',
  json: 'application/json',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pdf: 'application/pdf',
  html: 'text/html',
};

/** `Deals 2026-11-27.xlsx`: a name every system takes, whatever the title is. */
export function exportFileName(title: string, day: string, format: ExportFormat): string {
  const name = cleanFileName(title.replaceAll(/[/\\]/g, '-'));
  return cleanFileName(`${name} ${day}.${format}`);
}

async function* encoded(pieces: AsyncIterable<string>, tools: ByteTools): AsyncGenerator<Bytes> {
  for await (const piece of pieces) if (piece !== '') yield tools.encode(piece.toWellFormed());
}

/** @throws OutpostError `too_large` for what the form cannot hold. */
export function writeExport(
  format: ExportFormat,
  content: ExportContent,
  style: ExportStyle,
  { tools, openPdf }: ExportPlatform,
  notes: ExportNotes,
): AsyncGenerator<Bytes> {
  switch (format) {
    case 'csv':
      return encoded(isBoard(content) ? writeBoardCsv(content, style) : writeCsv(content, style), tools);
    case 'json':
      return encoded(isBoard(content) ? writeBoardJson(content) : writeJson(content), tools);
    case 'html':
      return encoded(isBoard(content) ? writeBoardHtml(content, style) : writeHtml(content, style), tools);
    case 'xlsx':
      return writeXlsx(content, style, tools, notes);
    case 'pdf':
      return isBoard(content) ? writeBoardPdf(content, style, openPdf) : writePdf(content, style, openPdf);
  }
}
