// Exported files, read by programs that are not ours.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import Papa from 'papaparse';

function inFolder<Value>(work: (folder: string) => Value): Value {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'outpost-export-'));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Sheets of a workbook as LibreOffice shows them, by name; `asShown`: with the formats of the cells. */
export function readWithLibreOffice(
  bytes: Uint8Array,
  { asShown = false } = {},
): ReadonlyMap<string, readonly (readonly string[])[]> {
  return inFolder((folder) => {
    writeFileSync(path.join(folder, 'book.xlsx'), bytes);
    // Comma, double quotes, UTF-8, values as they are or as shown, every sheet in a file of its own.
    const filter = `csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,${String(asShown)},false,false,-1`;
    const home = `-env:UserInstallation=file://${path.join(folder, 'home')}`;
    execFileSync('soffice', [home, '--headless', '--convert-to', filter, '--outdir', folder, 'book.xlsx'], {
      cwd: folder,
      stdio: 'ignore',
    });
    const files = readdirSync(folder).filter((name) => name.endsWith('.csv'));
    return new Map(
      files.map((name) => [
        name.slice('book-'.length, -'.csv'.length),
        Papa.parse<string[]>(readFileSync(path.join(folder, name), 'utf8'), { skipEmptyLines: true }).data,
      ]),
    );
  });
}

/** Words of a PDF, page by page, laid out as on the paper. */
export function readPdfPages(bytes: Uint8Array): readonly string[] {
  return inFolder((folder) => {
    const file = path.join(folder, 'document.pdf');
    writeFileSync(file, bytes);
    return execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' }).split('\f').slice(0, -1);
  });
}

/** Names of the fonts of a PDF, and whether each is embedded. */
export function readPdfFonts(bytes: Uint8Array): readonly { readonly name: string; readonly isEmbedded: boolean }[] {
  return inFolder((folder) => {
    const file = path.join(folder, 'document.pdf');
    writeFileSync(file, bytes);
    const lines = execFileSync('pdffonts', [file], { encoding: 'utf8' }).trim().split('\n').slice(2);
    return lines.map((line) => ({
      name: line.split(/\s+/)[0] ?? '',
      isEmbedded: /\s+yes\s+\w+\s+\w+\s+\d+\s+\d+$/.test(line),
    }));
  });
}

/** How large the pages are, in points. */
export function readPdfSize(bytes: Uint8Array): {
  readonly width: number;
  readonly height: number;
  readonly pages: number;
} {
  return inFolder((folder) => {
    const file = path.join(folder, 'document.pdf');
    writeFileSync(file, bytes);
    const text = execFileSync('pdfinfo', [file], { encoding: 'utf8' });
    const [, width, height] = /Page size:\s+([\d.]+) x ([\d.]+)/.exec(text) ?? [];
    return { width: Number(width), height: Number(height), pages: Number(/Pages:\s+(\d+)/.exec(text)?.[1]) };
  });
}

/** All that is written in a workbook, formats and names included. */
export function readSheets(bytes: Uint8Array): string {
  return inFolder((folder) => {
    const file = path.join(folder, 'book.xlsx');
    writeFileSync(file, bytes);
    return execFileSync('unzip', ['-p', file, '*.xml'], { encoding: 'utf8', maxBuffer: 50_000_000 });
  });
}

/** Sizes of the pictures LibreOffice finds on the sheets of a workbook. */
export function readPictures(bytes: Uint8Array): readonly { readonly width: number; readonly height: number }[] {
  return inFolder((folder) => {
    writeFileSync(path.join(folder, 'book.xlsx'), bytes);
    const home = `-env:UserInstallation=file://${path.join(folder, 'home')}`;
    execFileSync('soffice', [home, '--headless', '--convert-to', 'ods', '--outdir', folder, 'book.xlsx'], {
      cwd: folder,
      stdio: 'ignore',
    });
    execFileSync('unzip', ['-q', 'book.ods', '-d', 'content'], { cwd: folder });
    const pictures = path.join(folder, 'content', 'Pictures');
    const names = existsSync(pictures) ? readdirSync(pictures).filter((name) => name.endsWith('.png')) : [];
    return names.map((name) => {
      const png = readFileSync(path.join(pictures, name));
      return { width: png.readUInt32BE(16), height: png.readUInt32BE(20) };
    });
  });
}

/** For whoever wants to look at the files: kept where pictures of screens are. */
export function keepForLooking(name: string, files: Readonly<Record<string, Uint8Array | string>>): void {
  const folder = process.env['OUTPOST_TEST_PICTURES'];
  if (folder === undefined) return;
  for (const [ending, content] of Object.entries(files)) writeFileSync(path.join(folder, `${name}.${ending}`), content);
}

/** One file of an archive, as it is. */
export function readZipEntry(bytes: Uint8Array, name: string): Buffer {
  return inFolder((folder) => {
    writeFileSync(path.join(folder, 'archive.zip'), bytes);
    return execFileSync('unzip', ['-p', 'archive.zip', name], { cwd: folder, maxBuffer: 50_000_000 });
  });
}
