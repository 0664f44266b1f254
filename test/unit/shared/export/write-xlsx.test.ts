import { crc32 as zlibCrc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { crc32 } from '#shared/export/crc32.ts';
import { inBatches, type ExportRow } from '#shared/export/export-table.ts';
import { cleanSheetName } from '#shared/export/write-xlsx.ts';
import { columnName, escapeXml } from '#shared/export/xlsx-cells.ts';
import { columnsOf, english, german, tableOf, write } from '#test/support/export-tools.ts';
import { readWithLibreOffice } from '#test/support/read-exports.ts';

const OFFICE_MS = 60_000;

async function readBack(table: Parameters<typeof write>[1], options = {}, style = english) {
  const { bytes } = await write('xlsx', table, style);
  return readWithLibreOffice(bytes, options);
}

describe('an Excel file, read by LibreOffice', { timeout: OFFICE_MS }, () => {
  test('IMP-01 has real numbers, days, instants and booleans, with formats of their currencies', async () => {
    const types = {
      Name: 'text',
      Amount: 'money',
      Share: 'percent',
      Day: 'date',
      At: 'dateTime',
      Open: 'boolean',
      Year: 'integer',
    } as const;
    const rows: ExportRow[] = [
      { cells: ['=1+1', 123_456, 12.5, '2024-02-29', '2026-07-01T10:30:00.000Z', true, 2026], currency: 'EUR' },
      { cells: ['yen', 1500, 25, '1900-03-01', '1999-12-31T23:00:00.000Z', false, 1999], currency: 'JPY' },
      { cells: ['dinar', 1234, 0, '9999-12-31', null, null, null], currency: 'BHD' },
      { cells: ['masked', '•••', '•••', '•••', '•••', null, null], currency: 'EUR' },
      { cells: ['Sum', 33.5, null, null, null, null, null], currency: 'EUR', kind: 'total' },
    ];
    const columns = columnsOf(types).map((column) =>
      column.key === 'year' ? { ...column, isUngrouped: true } : column,
    );
    const make = () => ({ ...tableOf(types, []), columns, rows: inBatches(rows, 2) });
    const shown = (await readBack(make(), { asShown: true }, german)).get('Deals');
    expect(shown).toEqual([
      ['Name', 'Amount', 'Share', 'Day', 'At', 'Open', 'Year'],
      ['=1+1', '1,234.56 EUR', '12.50%', '2024-02-29', '2026-07-01 12:30', 'TRUE', '2026'],
      ['yen', '1,500 JPY', '25%', '1900-03-01', '2000-01-01 00:00', 'FALSE', '1999'],
      ['dinar', '1.234 BHD', '0%', '9999-12-31', '', '', ''],
      ['masked', '•••', '•••', '•••', '•••', '', ''],
      ['Sum', '0.34 EUR', '', '', '', '', ''],
    ]);
    const values = (await readBack(make(), {}, german)).get('Deals');
    expect(values?.[1]?.[1]).toBe('1234.56');
    expect(values?.[5]?.[1]).toBe('0.335');
  });

  test('IMP-01 holds whatever people type: control characters, emoji, right to left, entities, spaces at the ends', async () => {
    const texts = [
      'a&b<c>"d"',
      ' spaces ',
      '😀 🏳️‍🌈',
      'שלום עולם',
      'مرحبا',
      '_x0041_',
      "it's",
      'tab\there',
      'C:\\x',
      'ÄÖÜß€',
    ];
    const sheet = (
      await readBack(
        tableOf(
          { Text: 'text', End: 'text' },
          texts.map((text) => [text, 'end']),
        ),
      )
    ).get('Deals');
    expect(sheet?.slice(1)).toEqual(texts.map((text) => [text, 'end']));
  });

  test('IMP-01 has days before March 1900 as text, because Excel has no such days', async () => {
    const types = { Day: 'date', At: 'dateTime', End: 'text' } as const;
    const sheet = (
      await readBack(
        tableOf(types, [
          ['1899-12-31', '1815-12-10T12:00:00.000Z', 'x'],
          ['1900-02-28', null, 'x'],
        ]),
      )
    ).get('Deals');
    expect(sheet?.slice(1)).toEqual([
      ['1899-12-31', '1815-12-10 12:00:00', 'x'],
      ['1900-02-28', '', 'x'],
    ]);
  });

  test('ANA-17 title and filters stand on a second sheet, nested headings above the columns', async () => {
    const headers = [
      [
        { label: '', span: 1 },
        { label: '2026', span: 2 },
      ],
    ];
    const subtitle = ['As of 27 November', 'Filter: Amount > 1,000'];
    const title = 'Deals: [won]/lost? * of a very long name';
    const table = tableOf({ Owner: 'text', Q1: 'money', Q2: 'money' }, [['Ada', 100, 200]], {
      headers,
      subtitle,
      title,
    });
    const book = await readBack(table);
    expect([...book.keys()]).toEqual(expect.arrayContaining(['About', 'Deals won lost of a very long n']));
    expect(book.get('About')).toEqual([[title], ...subtitle.map((line) => [line])]);
    expect(book.get('Deals won lost of a very long n')).toEqual([
      ['', '2026', ''],
      ['Owner', 'Q1', 'Q2'],
      ['Ada', '1', '2'],
    ]);
  });

  test('IMP-01 is a workbook, too, when there are no rows, and when there are 16,384 columns', async () => {
    expect((await readBack(tableOf({ Name: 'text' }, []))).get('Deals')).toEqual([['Name']]);
    const columns = Array.from({ length: 16_384 }, (_, index) => ({
      key: `c${String(index)}`,
      label: `C${String(index)}`,
      type: 'integer' as const,
    }));
    const rows = [[{ cells: columns.map((_, index) => index) }]];
    const sheet = (await readBack({ ...tableOf({}, []), columns, rows })).get('Deals');
    expect(sheet?.[0]?.at(-1)).toBe('C16383');
    expect(sheet?.[1]?.at(-1)).toBe('16383');
  });

  test('IMP-01 cuts a text of more than 32,767 letters and says so, without half a character', async () => {
    const { bytes, shortened } = await write(
      'xlsx',
      tableOf({ Text: 'text' }, [['😀'.repeat(20_000)], ['b'.repeat(32_767)]]),
    );
    expect(shortened).toBe(1);
    const sheet = readWithLibreOffice(bytes).get('Deals');
    expect(sheet?.[1]?.[0]).toBe(`${'😀'.repeat(16_383)}…`);
    expect(sheet?.[2]?.[0]).toHaveLength(32_767);
  });
});

test('IMP-01 what a sheet of Excel cannot hold is refused before it is written', async () => {
  const columns = Array.from({ length: 16_385 }, (_, index) => ({
    key: String(index),
    label: 'x',
    type: 'text' as const,
  }));
  await expect(write('xlsx', { ...tableOf({}, []), columns })).rejects.toMatchObject({ code: 'too_large' });
  await expect(write('xlsx', tableOf({ A: 'text' }, [], { rowCount: 1_048_576 }))).rejects.toMatchObject({
    code: 'too_large',
  });
});

test('IMP-01 names of sheets are names Excel takes', () => {
  expect(cleanSheetName("'Deals'")).toBe('Deals');
  expect(cleanSheetName('[]:*?/\\')).toBe('Data');
  expect(cleanSheetName('History')).toBe('History 1');
  expect(cleanSheetName('About', ['about'])).toBe('About 2');
  expect(cleanSheetName(`${'x'.repeat(30)}😀`)).toBe('x'.repeat(30));
});

test('IMP-01 checksums are those of ZIP, names of columns those of Excel', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(100), (bytes, cut) => {
      expect(crc32(bytes.subarray(cut), crc32(bytes.subarray(0, cut)))).toBe(zlibCrc32(bytes));
    }),
  );
  expect([0, 25, 26, 701, 702, 16_383].map(columnName)).toEqual(['A', 'Z', 'AA', 'ZZ', 'AAA', 'XFD']);
  expect(escapeXml('a\u0001b\uD800')).toBe('a_x0001_b\uFFFD');
});
