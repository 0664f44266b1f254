// Files as people have them: written by Excel in western Europe, by a bank, by hand. Every row of the file is in the
// table or the person is told why not.
import { deflateRawSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { parseTable, readTableFile, type ReadFile } from '#renderer/features/import/read-table-file.ts';

const read = (content: string | Uint8Array<ArrayBuffer>, name = 'firms.csv'): Promise<ReadFile> =>
  readTableFile(new File([content], name));

/** Western European text as Excel writes it: one byte for each character. */
function toWindows1252(text: string): Uint8Array<ArrayBuffer> {
  const special = new Map([
    ['€', 0x80],
    ['„', 0x84],
    ['–', 0x96],
    ['Ÿ', 0x9f],
  ]);
  return Uint8Array.from(Array.from(text), (character) => special.get(character) ?? character.charCodeAt(0));
}

describe('reading a table file', () => {
  it('IMP-04 a file in Windows-1252 keeps its umlauts, quotes and the euro sign, and no problem is told', async () => {
    const file = await read(toWindows1252('Firma;Ort;Umsatz\nMüller & Söhne;Zürich;5 €\nŸmir – „Haus“;Köln;'));
    expect(file).toMatchObject({ encoding: 'Windows-1252', delimiter: ';', encodingProblem: null });
    expect(file.table.rows).toEqual([
      ['Müller & Söhne', 'Zürich', '5 €'],
      [expect.stringMatching(/^Ÿmir – „Haus/) as string, 'Köln', ''],
    ]);
  });

  it('IMP-04 UTF-8 with and without mark, and UTF-16 of both orders, give the same table', async () => {
    const text = 'Firma,Ort\nMüller,Zürich\n';
    const swap = (bytes: Buffer): Buffer => Buffer.from(bytes).swap16();
    const little = Buffer.from(`\uFEFF${text}`, 'utf16le');
    const files = await Promise.all([
      read(text),
      read(`\uFEFF${text}`),
      read(new Uint8Array(little)),
      read(new Uint8Array(swap(little))),
    ]);
    for (const file of files) expect(file.table).toEqual(files[0]?.table);
    expect(files.map((file) => file.encoding)).toEqual(['UTF-8', 'UTF-8', 'UTF-16', 'UTF-16']);
    expect(files[0]?.table.headers).toEqual(['Firma', 'Ort']);
  });

  it('IMP-04 text that was encoded twice, or lost characters before, is told', async () => {
    const twice = Buffer.from('Firma\nMüller', 'utf8').toString('latin1');
    expect((await read(twice)).encodingProblem).toBe('twice');
    expect((await read('Firma\nM\uFFFDller')).encodingProblem).toBe('replaced');
  });

  it.each([
    ['semicolons', ';'],
    ['tabs', '\t'],
    ['pipes', '|'],
    ['commas', ','],
  ])('IMP-04 %s are found as delimiter, also when the others occur inside of fields', async (_name, delimiter) => {
    const line = (...cells: readonly string[]): string => cells.map((cell) => `"${cell}"`).join(delimiter);
    const text = [line('Name', 'Note', 'City'), line('A, B; C', 'x | y\tz', 'Bern'), line('D', '1,5; 2', 'Basel')];
    const file = await read(text.join('\n'));
    expect(file.delimiter).toBe(delimiter);
    expect(file.table.rows).toEqual([
      ['A, B; C', 'x | y\tz', 'Bern'],
      ['D', '1,5; 2', 'Basel'],
    ]);
  });

  it.each([
    ['Windows', '\r\n'],
    ['Unix', '\n'],
    ['old Mac', '\r'],
  ])(
    'IMP-04 quotes, doubled quotes and line breaks inside of fields stay in the field (%s line ends)',
    async (_name, end) => {
      const text = [
        'Name,Note',
        `"Meier ""the elder"" GmbH","first line${end}second, with a comma${end}${end}fourth"`,
        'Plain,"ends here"',
      ].join(end);
      const { rows } = (await read(text)).table;
      expect(rows).toEqual([
        ['Meier "the elder" GmbH', `first line${end}second, with a comma${end}${end}fourth`],
        ['Plain', 'ends here'],
      ]);
    },
  );

  it('IMP-04 rows that are too short or too long keep all their values, and say which columns they are in', async () => {
    const { headers, rows } = (await read('Name,City,Web\nShort\nLong,Bern,a.example,more,and more\n,,\nLast,Basel,'))
      .table;
    expect(headers).toEqual(['Name', 'City', 'Web', 'Column 4', 'Column 5']);
    expect(rows[0]).toEqual(['Short']);
    expect(rows[1]).toEqual(['Long', 'Bern', 'a.example', 'more', 'and more']);
    expect(rows.at(-1)).toEqual(['Last', 'Basel', '']);
  });

  it('IMP-04 titles above the header and repeated headers do not shift the columns', async () => {
    const lines = ['A;B;C', 'D;E;F', 'G;H;I', 'J;K;L'];
    const file = await read(['Export of 2026', '', 'Name;Name;', ...lines].join('\n'));
    expect(file.table.headers).toEqual(['Name', 'Name (2)', 'Column 3']);
    expect(file.table.rows).toEqual(lines.map((line) => line.split(';')));
    expect(file.table.firstRowNumber).toBe(4);
  });

  it('IMP-04 a spreadsheet, an empty file, a header alone and a quote that never ends are told apart, none hangs', async () => {
    await expect(read(Uint8Array.from([0x50, 0x4b, 3, 4]), 'firms.xlsx')).rejects.toMatchObject({
      details: { reason: 'spreadsheet' },
    });
    await expect(read('')).rejects.toMatchObject({ details: { reason: 'noRows' } });
    await expect(read('Name;City\n')).rejects.toMatchObject({ details: { reason: 'noRows' } });
    const open = await read('Name,City\nA,"never closed\nB,Bern\nC,Basel\n');
    expect(open.table.rows.flat().join(' ')).toContain('Basel');
  });

  it('B14 a spreadsheet is refused by its first bytes, whatever it is called: no archive is unpacked, no macro or entity read', async () => {
    const bomb = deflateRawSync(Buffer.alloc(50_000_000));
    const zip = Buffer.concat([Buffer.from([0x50, 0x4b, 3, 4]), bomb]);
    const old = Buffer.concat([Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]), Buffer.alloc(512)]);
    for (const bytes of [zip, old])
      for (const name of ['a.xlsx', 'a.xlsm', 'a.xls', 'a.csv', '../../a.csv', 'a.csv.exe'])
        await expect(read(new Uint8Array(bytes), name)).rejects.toMatchObject({ details: { reason: 'spreadsheet' } });
    for (const bytes of [gzipSync(Buffer.alloc(1000)), Buffer.from('Name;City\nA\0B;C'), Buffer.alloc(100)])
      await expect(read(new Uint8Array(bytes))).rejects.toMatchObject({ details: { reason: 'notText' } });
    const xml = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>\n<x>&e;</x>\n<y>2</y>';
    expect((await read(xml)).table.rows.flat().join('')).toContain('&e;');
  });

  it('B14 formulas and HTML are text like any other', async () => {
    const cells = [
      '=cmd|calc!A1',
      '+1+1',
      '-2+3',
      '@SUM(A1)',
      '=HYPERLINK(a)',
      '<img src=x onerror=alert(1)>',
      '__proto__',
    ];
    const { rows, headers } = (await read(`Name;__proto__\n${cells.map((cell) => `${cell};x`).join('\n')}`)).table;
    expect(rows.map(([cell]) => cell)).toEqual(cells);
    expect(headers).toEqual(['Name', '__proto__']);
  });

  it('B14 a million columns, rows without end and too many cells are refused before anything is built of them', async () => {
    const columns = { code: 'too_large', details: { reason: 'tooManyColumns' } };
    const rows = { code: 'too_large', details: { reason: 'tooManyRows' } };
    await expect(read(`Name${';'.repeat(1_000_000)}\nA;B`)).rejects.toMatchObject(columns);
    await expect(read(`Name;City\nA;B\n${';'.repeat(700)}x`)).rejects.toMatchObject(columns);
    await expect(read(`Name;City\n${'\n'.repeat(2_500_000)}A;B`)).rejects.toMatchObject(rows);
    await expect(read(`Name;City\n${`${';'.repeat(400)}\n`.repeat(60_000)}`)).rejects.toMatchObject(rows);
  });

  it('IMP-04 a file may have more rows than a call has arguments', { timeout: 60_000 }, async () => {
    const { table } = await read(`Name;City\n${'A;B\n'.repeat(300_000)}`);
    expect(table.rows).toHaveLength(300_000);
  });

  it('IMP-04 100,000 rows are read completely, within seconds', { timeout: 60_000 }, () => {
    const rows = Array.from(
      { length: 100_000 },
      (_, index) => `Firm ${index};"Line one ${index}\nline ""two""";Zürich;${index % 7},5`,
    );
    const startMs = performance.now();
    const { table, delimiter } = parseTable(['Name;Note;City;Revenue', ...rows].join('\r\n'));
    const tookMs = performance.now() - startMs;
    expect(delimiter).toBe(';');
    expect(table.rows).toHaveLength(100_000);
    expect(table.rows[99_999]).toEqual(['Firm 99999', 'Line one 99999\nline "two"', 'Zürich', '4,5']);
    expect(tookMs).toBeLessThan(10_000);
  });
});
