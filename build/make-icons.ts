// Draws the application's icon once and writes it in every form an installer asks for: PNG, ICO and ICNS, the last two
// being plain containers around PNGs. The results are kept with the sources; run this after changing the drawing.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright';
import { locateChromium } from '../src/host/locate-chromium.ts';

/** A blue tile with a white ring, as in the tray; the dot inside is the post that is out. */
const drawing = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" width="100%" height="100%">
  <rect x="1" y="1" width="30" height="30" rx="7" fill="#1c6dd0"/>
  <circle cx="16" cy="16" r="8" fill="none" stroke="#fff" stroke-width="3.5"/>
  <circle cx="21.7" cy="10.3" r="3.4" fill="#ffc23d" stroke="#1c6dd0" stroke-width="1.4"/>
</svg>`;

const icoSizes = [16, 24, 32, 48, 64, 128, 256] as const;
/** Kind of entry by edge in pixels, as macOS names them. */
const icnsKinds = { ic11: 32, ic12: 64, ic07: 128, ic08: 256, ic09: 512, ic10: 1024 } as const;

async function renderAll(sizes: readonly number[]): Promise<ReadonlyMap<number, Buffer>> {
  const executablePath = locateChromium();
  if (executablePath === undefined) throw new Error('No Chromium found to draw with.');
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const browser = await chromium.launch({ executablePath, args });
  try {
    const page = await browser.newPage();
    const images = new Map<number, Buffer>();
    for (const size of sizes) {
      await page.setViewportSize({ width: size, height: size });
      await page.setContent(`<style>body{margin:0;height:100vh}svg{display:block}</style>${drawing}`);
      images.set(size, await page.screenshot({ omitBackground: true }));
    }
    return images;
  } finally {
    await browser.close();
  }
}

function writeIco(images: readonly (readonly [number, Buffer])[]): Buffer {
  const header = Buffer.alloc(6 + images.length * 16);
  header.writeUInt16LE(1, 2);
  header.writeUInt16LE(images.length, 4);
  let offset = header.length;
  for (const [index, [size, png]] of images.entries()) {
    const at = 6 + index * 16;
    // 256 is written as 0.
    header.writeUInt8(size % 256, at);
    header.writeUInt8(size % 256, at + 1);
    header.writeUInt16LE(1, at + 4);
    header.writeUInt16LE(32, at + 6);
    header.writeUInt32LE(png.length, at + 8);
    header.writeUInt32LE(offset, at + 12);
    offset += png.length;
  }
  return Buffer.concat([header, ...images.map(([, png]) => png)]);
}

function writeIcns(images: readonly (readonly [string, Buffer])[]): Buffer {
  const entry = (kind: string, content: Buffer): Buffer => {
    const head = Buffer.alloc(8);
    head.write(kind, 0, 'latin1');
    head.writeUInt32BE(content.length + 8, 4);
    return Buffer.concat([head, content]);
  };
  return entry('icns', Buffer.concat(images.map(([kind, png]) => entry(kind, png))));
}

const images = await renderAll([...new Set([...icoSizes, ...Object.values(icnsKinds)])]);
function imageOf(size: number): Buffer {
  const image = images.get(size);
  if (image === undefined) throw new Error(`no image of ${size} pixels`);
  return image;
}
const folder = import.meta.dirname;
writeFileSync(path.join(folder, 'icon.png'), imageOf(512));
writeFileSync(path.join(folder, 'icon.ico'), writeIco(icoSizes.map((size) => [size, imageOf(size)] as const)));
const icns = Object.entries(icnsKinds).map(([kind, size]) => [kind, imageOf(size)] as const);
writeFileSync(path.join(folder, 'icon.icns'), writeIcns(icns));
