// Dots of a drawing, for files that hold no drawings (Excel), on a server that has nothing to draw dots with: resvg as
// WebAssembly, with the letters of our PDFs. Loaded with the first of them.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { ToPng } from '#shared/charts/paper-chart.ts';
import { readFonts } from '#server/reports/file-platform.ts';

/** Dots for each point of the picture, so that it is sharp when it is enlarged. */
const SCALE = 2;

async function load(): Promise<ToPng> {
  const { initWasm, Resvg } = await import('@resvg/resvg-wasm');
  const wasm = createRequire(import.meta.url).resolve('@resvg/resvg-wasm/index_bg.wasm');
  const [, { regular, bold }] = await Promise.all([initWasm(readFile(wasm)), readFonts()]);
  const defaultFontFamily = 'DejaVu Sans';
  const font = { fontBuffers: [regular, bold], defaultFontFamily, sansSerifFamily: defaultFontFamily };
  return async (svg, { width }, paper) => {
    const drawing = new Resvg(svg, { font, background: paper, fitTo: { mode: 'width', value: width * SCALE } });
    try {
      const picture = drawing.render();
      try {
        return new Uint8Array(picture.asPng());
      } finally {
        picture.free();
      }
    } finally {
      drawing.free();
    }
  };
}

let loaded: Promise<ToPng> | undefined;

export const chartToDots: ToPng = async (svg, size, paper) => {
  loaded ??= load();
  const toPng = await loaded;
  return toPng(svg, size, paper);
};
