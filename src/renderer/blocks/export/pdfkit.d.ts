// The part of pdfkit that is used; the package brings no types.
declare module 'pdfkit' {
  import type { PdfCanvas } from '#shared/export/pdf-canvas.ts';

  export interface DocumentOptions {
    readonly size: readonly [width: number, height: number];
    readonly margin: number;
    readonly autoFirstPage: boolean;
    readonly font: null;
    readonly info: { readonly Title: string; readonly Producer: string; readonly Creator: string };
    readonly lang: string;
    readonly compress: boolean;
  }
  export interface PDFDocument extends PdfCanvas {
    registerFont(name: string, bytes: Uint8Array): PDFDocument;
  }
  export const PDFDocument: new (options: DocumentOptions) => PDFDocument;
}
