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
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) {
    throw new OutpostError('invalid', 'This is a spreadsheet, not a text file. Save it as CSV first.', {
      reason: 'spreadsheet',
    });
  }
  const { text, encoding } = decode(bytes);
  const { table, delimiter } = parseTable(text);
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
