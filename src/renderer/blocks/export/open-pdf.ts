// Documents for the writer of PDF, with fonts that have the letters of most of our languages, signs of currencies and
// arrows. What is drawn is embedded; nothing of it has to be on the computer that reads the file.
import { PDFDocument } from 'pdfkit';
import type { OpenPdf } from '#shared/export/pdf-canvas.ts';

export interface PdfFonts {
  readonly regular: Uint8Array;
  readonly bold: Uint8Array;
}

/** `loadFonts` is asked once. */
export function createOpenPdf(loadFonts: () => Promise<PdfFonts>): OpenPdf {
  let fonts: Promise<PdfFonts> | undefined;
  return async ({ width, height, title, language }) => {
    fonts ??= loadFonts();
    const { regular, bold } = await fonts;
    return new PDFDocument({
      size: [width, height],
      margin: 0,
      autoFirstPage: false,
      font: null,
      info: { Title: title, Producer: 'Outpost', Creator: 'Outpost' },
      lang: language,
      compress: true,
    })
      .registerFont('regular', regular)
      .registerFont('bold', bold);
  };
}
