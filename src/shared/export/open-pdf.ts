// Documents for the writer of PDF, with fonts that have the letters of most of our languages, signs of currencies and
// arrows. What is drawn is embedded; nothing of it has to be on the computer that reads the file.
import { PDFDocument, type PDFFont } from 'pdfkit';
import type { OpenPdf, PdfLater } from '#shared/export/pdf-canvas.ts';

export interface PdfFonts {
  readonly regular: Uint8Array;
  readonly bold: Uint8Array;
}

const RGB = /^#(..)(..)(..)$/;

/** Color of a text, as the inside of a document says it. */
function fillOf(color: string): string {
  const parts = RGB.exec(color)?.slice(1) ?? ['00', '00', '00'];
  return `${parts.map((part) => (Number.parseInt(part, 16) / 255).toFixed(3)).join(' ')} rg`;
}

/**
 * A document with texts that are told later: pages that are handed on already show them from one place in the file. What a
 * font has laid out is kept for one page, where each word is needed up to three times, and not for the whole document.
 */
class LaterDocument extends PDFDocument {
  #laterCount = 0;
  readonly #fonts = new Set<PDFFont>();

  override font(name: string): this {
    super.font(name);
    this.#fonts.add(this._font);
    return this;
  }

  override addPage(): this {
    for (const font of this.#fonts) font.layoutCache = Object.create(null) as object;
    return super.addPage();
  }

  later(size: number): PdfLater {
    const font = this.font('regular')._font;
    const height = size * 1.4;
    const box = { Type: 'XObject', Subtype: 'Form', BBox: [0, 0, 200, height], Resources: { Font: {} } };
    const content = this.ref(box);
    this.#laterCount += 1;
    const name = `Later${String(this.#laterCount)}`;
    return {
      put: (x, y) => {
        this.page.xobjects[name] = content;
        this.addContent(`q 1 0 0 -1 ${x.toFixed(2)} ${(y + height).toFixed(2)} cm /${name} Do Q`);
      },
      write: (text, color) => {
        const [glyphs] = font.encode(text);
        const down = height - (font.ascender / 1000) * size;
        content.data.Resources.Font = { [font.id]: font.ref() };
        content.end(
          `BT /${font.id} ${String(size)} Tf ${fillOf(color)} 0 ${down.toFixed(2)} Td <${glyphs.join('')}> Tj ET`,
        );
      },
    };
  }
}

/** `loadFonts` is asked once. */
export function createOpenPdf(loadFonts: () => Promise<PdfFonts>): OpenPdf {
  let fonts: Promise<PdfFonts> | undefined;
  return async ({ width, height, title, language }) => {
    fonts ??= loadFonts();
    const { regular, bold } = await fonts;
    return new LaterDocument({
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
