// What the writers of PDF draw on: the part of a library's document that they use. Who calls them brings it along, so that
// what is shared knows no library. Lengths are points, y runs downwards.

/** A text that is not known yet, at as many places as it is put. */
export interface PdfLater {
  put(x: number, y: number): void;
  /** Once, before the document ends. */
  write(text: string, color: string): void;
}

export interface PdfCanvas {
  /** In the regular font, in this size. */
  later(size: number): PdfLater;
  addPage(): PdfCanvas;
  font(name: string): PdfCanvas;
  fontSize(size: number): PdfCanvas;
  text(
    text: string,
    x: number,
    y: number,
    options: { readonly lineBreak: false; readonly baseline?: string | number },
  ): PdfCanvas;
  widthOfString(text: string): number;
  save(): PdfCanvas;
  restore(): PdfCanvas;
  transform(a: number, b: number, c: number, d: number, e: number, f: number): PdfCanvas;
  rect(x: number, y: number, width: number, height: number): PdfCanvas;
  /** As large as fits into this room, from the corner given. */
  image(
    png: Uint8Array,
    x: number,
    y: number,
    options: { readonly fit: readonly [width: number, height: number] },
  ): PdfCanvas;
  circle(x: number, y: number, radius: number): PdfCanvas;
  ellipse(x: number, y: number, radiusX: number, radiusY: number): PdfCanvas;
  moveTo(x: number, y: number): PdfCanvas;
  lineTo(x: number, y: number): PdfCanvas;
  closePath(): PdfCanvas;
  path(data: string): PdfCanvas;
  clip(): PdfCanvas;
  fill(rule?: 'non-zero' | 'even-odd'): PdfCanvas;
  stroke(): PdfCanvas;
  fillAndStroke(): PdfCanvas;
  fillColor(color: string): PdfCanvas;
  strokeColor(color: string): PdfCanvas;
  fillOpacity(opacity: number): PdfCanvas;
  strokeOpacity(opacity: number): PdfCanvas;
  lineWidth(width: number): PdfCanvas;
  dash(length: number, options: { readonly space: number }): PdfCanvas;
  undash(): PdfCanvas;
  end(): void;
  on(event: 'data', listener: (bytes: Uint8Array<ArrayBuffer>) => void): unknown;
  on(event: 'end', listener: () => void): unknown;
  on(event: 'error', listener: (error: unknown) => void): unknown;
}

/** Makes an empty document whose pages have this size; fonts `regular` and `bold` are known to it. */
export type OpenPdf = (page: {
  readonly width: number;
  readonly height: number;
  readonly title: string;
  /** BCP 47. */
  readonly language: string;
}) => Promise<PdfCanvas>;
