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
  /** An object of the file that other places point to. */
  export interface PDFReference<Data = unknown> {
    readonly data: Data;
    end(content: string): void;
  }
  export interface PDFFont {
    readonly id: string;
    /** Of a thousand. */
    readonly ascender: number;
    /** Words it has laid out; a new one has none. */
    layoutCache: object;
    ref(): PDFReference;
    /** Glyphs as the file names them. */
    encode(text: string): readonly [glyphs: readonly string[], positions: unknown];
  }
  export interface PDFDocument extends Omit<PdfCanvas, 'later' | 'font' | 'addPage'> {
    addPage(): this;
    readonly page: { readonly xobjects: Record<string, PDFReference> };
    readonly _font: PDFFont;
    font(name: string): this;
    registerFont(name: string, bytes: Uint8Array): this;
    ref<Data>(data: Data): PDFReference<Data>;
    addContent(content: string): this;
  }
  export const PDFDocument: new (options: DocumentOptions) => PDFDocument;
}
