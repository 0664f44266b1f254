// What writing files takes on a server. The library for PDF and its fonts are loaded with the first PDF.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Readable } from 'node:stream';
import { createDeflateRaw } from 'node:zlib';
import type { ByteTools } from '#shared/export/export-table.ts';
import type { OpenPdf } from '#shared/export/pdf-canvas.ts';
import type { ExportPlatform } from '#shared/export/write-export.ts';

const encoder = new TextEncoder();

const tools: ByteTools = {
  encode: (text) => encoder.encode(text),
  async *deflate(chunks) {
    const compressed = Readable.from(chunks).compose(createDeflateRaw()) as AsyncIterable<Buffer>;
    for await (const chunk of compressed) yield new Uint8Array(chunk);
  },
};

/** The letters of what is drawn. */
export async function readFonts(): Promise<{ readonly regular: Uint8Array; readonly bold: Uint8Array }> {
  const folder = path.dirname(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json'));
  const font = (name: string): Promise<Uint8Array> => readFile(path.join(folder, 'ttf', name));
  const [regular, bold] = await Promise.all([font('DejaVuSansCondensed.ttf'), font('DejaVuSansCondensed-Bold.ttf')]);
  return { regular, bold };
}

async function loadPdf(): Promise<OpenPdf> {
  const { createOpenPdf } = await import('#shared/export/open-pdf.ts');
  return createOpenPdf(readFonts);
}

let pdf: Promise<OpenPdf> | undefined;

export const filePlatform: ExportPlatform = {
  tools,
  async openPdf(page) {
    pdf ??= loadPdf();
    const open = await pdf;
    return open(page);
  },
};
