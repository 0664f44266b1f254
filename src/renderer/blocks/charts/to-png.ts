// A drawing as dots, for forms that hold no drawings.
import type { PaperSize } from '#shared/charts/paper-chart.ts';

/** Dots for each point of the picture: sharp on a screen of twice the density, and on paper. */
const DENSITY = 2;

/** `paper`: the colour behind it. */
export async function toPng(
  svg: string,
  { width, height }: PaperSize,
  paper: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image(width, height);
    image.src = url;
    await image.decode();
    const canvas = new OffscreenCanvas(width * DENSITY, height * DENSITY);
    const context = canvas.getContext('2d');
    if (context === null) return new Uint8Array();
    context.fillStyle = paper;
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await canvas.convertToBlob({ type: 'image/png' });
    return new Uint8Array(await blob.arrayBuffer());
  } finally {
    URL.revokeObjectURL(url);
  }
}
