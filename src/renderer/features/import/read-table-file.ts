// Turns the bytes of a file into a table: encoding first, then delimiter, quotes and line breaks by the CSV reader.
import Papa from 'papaparse';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { ImportTable } from '#shared/import/import-plan.ts';
import { findEncodingProblem, toTable } from '#shared/import/parse-table.ts';

export interface ReadFile {
  readonly name: string;
  readonly text: string;
  readonly table: ImportTable;
  readonly encoding: string;
  readonly delimiter: string;
  readonly encodingProblem: 'replaced' | 'twice' | null;
}

/** Larger files are refused with a clear word; 100,000 rows of a CRM are about 20 MB. */
const MAX_BYTES = 100 * 1024 * 1024;
/** A file may be small and still hold more cells than a computer does: these are bounds of what is built from it. */
const MAX_COLUMNS = 500;
const MAX_ROWS = 1_000_000;
const MAX_CELLS = 20_000_000;
/** Separators of one line, wherever they stand. Nobody writes a text with so many commas and no line break. */
const MAX_SEPARATORS = 20_000;
/** Bytes in which a file shows that it is no text. */
const LOOKED_AT = 64 * 1024;

const tooMany = (reason: 'tooManyColumns' | 'tooManyRows'): OutpostError =>
  new OutpostError(
    'too_large',
    reason === 'tooManyColumns' ? 'This file has too many columns.' : 'This file has too many rows.',
    { reason },
  );

/** Throws `too_large` before anything is built. */
function checkSize(text: string): void {
  let [rows, cells, inLine] = [1, 1, 0];
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at];
    if (letter === '\n' || letter === '\r') {
      rows += 1;
      inLine = 0;
    } else if (letter === ',' || letter === ';' || letter === '\t' || letter === '|') {
      cells += 1;
      inLine += 1;
      if (inLine > MAX_SEPARATORS) throw tooMany('tooManyColumns');
    }
  }
  // A line break may be two letters.
  if (rows > 2 * MAX_ROWS || cells > MAX_CELLS) throw tooMany('tooManyRows');
}

function isSpreadsheet(bytes: Uint8Array): boolean {
  const begins = (...mark: readonly number[]): boolean => mark.every((byte, at) => bytes[at] === byte);
  return begins(0x50, 0x4b) || begins(0xd0, 0xcf, 0x11, 0xe0);
}

function decode(bytes: Uint8Array): { readonly text: string; readonly encoding: string } {
  if (bytes[0] === 0xff && bytes[1] === 0xfe)
    return { text: new TextDecoder('utf-16le').decode(bytes), encoding: 'UTF-16' };
  if (bytes[0] === 0xfe && bytes[1] === 0xff)
    return { text: new TextDecoder('utf-16be').decode(bytes), encoding: 'UTF-16' };
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), encoding: 'UTF-8' };
  } catch {
    // Not UTF-8: what Excel writes in western Europe.
    return { text: new TextDecoder('windows-1252').decode(bytes), encoding: 'Windows-1252' };
  }
}

export function parseTable(text: string): { readonly table: ImportTable; readonly delimiter: string } {
  const parsed = Papa.parse<string[]>(text, { skipEmptyLines: false });
  return { table: toTable(parsed.data), delimiter: parsed.meta.delimiter };
}

/** Throws `invalid` or `too_large` with a reason the wizard shows. */
export async function readTableFile(file: File): Promise<ReadFile> {
  if (file.size > MAX_BYTES)
    throw new OutpostError('too_large', 'This file is larger than 100 MB. Split it into parts.', {
      reason: 'fileTooLarge',
    });
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (isSpreadsheet(bytes)) {
    throw new OutpostError('invalid', 'This is a spreadsheet, not a text file. Save it as CSV first.', {
      reason: 'spreadsheet',
    });
  }
  const { text, encoding } = decode(bytes);
  if (text.slice(0, LOOKED_AT).includes('\0')) {
    throw new OutpostError('invalid', 'This is not a text file. Save it as CSV, encoded as UTF-8.', {
      reason: 'notText',
    });
  }
  checkSize(text);
  const { table, delimiter } = parseTable(text);
  if (table.headers.length > MAX_COLUMNS) throw tooMany('tooManyColumns');
  if (table.rows.length > MAX_ROWS) throw tooMany('tooManyRows');
  if (table.rows.length === 0)
    throw new OutpostError('invalid', 'This file holds no rows below its header.', { reason: 'noRows' });
  return {
    name: file.name,
    text,
    table,
    encoding,
    delimiter,
    encodingProblem: findEncodingProblem(text.slice(0, 200_000)),
  };
}
