// Files as people have them: written by Excel in western Europe, by a bank, by hand. Every row of the file is in the
// table or the person is told why not.
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
