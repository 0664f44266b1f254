import Papa from 'papaparse';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { english, german, tableOf, write } from '#test/support/export-tools.ts';

const types = {
  Name: 'text',
  Amount: 'money',
  Share: 'percent',
  Day: 'date',
  At: 'dateTime',
  Open: 'boolean',
} as const;
const cells = [
  ['Müller; "Söhne"', 123_456, 12.5, '2024-02-29', '2026-07-01T10:30:00.000Z', true],
  ['two\r\nlines', -5, 0.1 + 0.2, null, null, false],
  [null, null, null, null, null, null],
] as const;

test('IMP-01 a German CSV has semicolons, decimal commas and the time of the clock there, and begins with the mark of UTF-8', async () => {
  const { text } = await write('csv', tableOf(types, cells), german);
  expect(text.startsWith('\uFEFFName;Amount;Share;Day;At;Open\r\n')).toBe(true);
  expect(Papa.parse(text.slice(1).trimEnd(), { delimiter: ';', newline: '\r\n' }).data.slice(1)).toEqual([
    ['Müller; "Söhne"', '1234,56', '12,5', '2024-02-29', '2026-07-01 12:30:00', 'Ja'],
    ['two\r\nlines', '-0,05', '0,3', '', '', 'Nein'],
    ['', '', '', '', '', ''],
  ]);
});

test('IMP-01 an English CSV has commas and decimal points', async () => {
  const { text } = await write('csv', tableOf(types, cells), english);
  expect(text.split('\r\n')[1]).toBe('"Müller; ""Söhne""",1234.56,12.5,2024-02-29,2026-07-01 10:30:00,Yes');
});

test('IMP-01 no text becomes a formula, negative numbers stay numbers', async () => {
  const dangerous = ['=1+1', '+49 30 1234', '-2', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '＝1'];
  const { text } = await write(
    'csv',
    tableOf(
      { Text: 'text', Sum: 'money' },
      dangerous.map((value) => [value, -100]),
    ),
  );
  const rows = Papa.parse<string[]>(text.slice(1), { newline: '\r\n' }).data.slice(1, -1);
  expect(rows).toEqual(dangerous.map((value) => [`'${value}`, '-1.00']));
});

test('IMP-01 whatever is written reads back as the same cells, for both separators', async () => {
  const text = fc.string({ unit: 'binary', maxLength: 30 }).filter((value) => !/^[=+\-@\t\r\n＝＋－＠]/.test(value));
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(text, text), { minLength: 1, maxLength: 8 }), async (rows) => {
      for (const [style, delimiter] of [
        [english, ','],
        [german, ';'],
      ] as const) {
        const file = await write('csv', tableOf({ A: 'text', B: 'text' }, rows), style);
        const read = Papa.parse<string[]>(file.text.slice(1), { delimiter, newline: '\r\n' }).data.slice(1, -1);
        expect(read).toEqual(rows.map((row) => row.map((value) => value.toWellFormed())));
      }
    }),
    { numRuns: 60, seed: 17 },
  );
});

test('ANA-17 nested headings become one line', async () => {
  const headers = [
    [
      { label: '', span: 1 },
      { label: '2026', span: 2 },
    ],
  ];
  const { text } = await write('csv', tableOf({ Owner: 'text', Q1: 'money', Q2: 'money' }, [], { headers }));
  expect(text).toBe('\uFEFFOwner,2026 / Q1,2026 / Q2\r\n');
});
