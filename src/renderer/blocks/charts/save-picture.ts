// A chart as a picture: the drawing itself, or its dots twice as fine as on the screen.
import { saveFile } from '#renderer/blocks/save-file.ts';

const SCALE = 2;

/** A name every file system takes. */
export function fileNameOf(title: string, extension: string): string {
  const plain = title
    .replaceAll(/[\p{Cc}\\/:*?"<>|]+/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return `${plain === '' ? 'chart' : plain.slice(0, 80)}.${extension}`;
}

export function saveSvg(title: string, svg: string): void {
  saveFile(fileNameOf(title, 'svg'), new Blob([svg], { type: 'image/svg+xml' }));
}

/** Paints the drawing on the surface colour: a transparent picture is unreadable on a page of the other theme. */
export async function savePng(title: string, svg: string, surface: string, size: DOMRect): Promise<void> {
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image(size.width, size.height);
    image.src = url;
    await image.decode();
    const canvas = new OffscreenCanvas(Math.round(size.width * SCALE), Math.round(size.height * SCALE));
    const context = canvas.getContext('2d');
    if (context === null) return;
    context.fillStyle = surface;
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    saveFile(fileNameOf(title, 'png'), await canvas.convertToBlob({ type: 'image/png' }));
  } finally {
    URL.revokeObjectURL(url);
  }
}
