import { describe, expect, test } from 'vitest';
import { inBatches, type ExportBoard, type ExportPart, type ExportRow } from '#shared/export/export-table.ts';
import { columnsOf, english, german, tableOf, write } from '#test/support/export-tools.ts';
import { readPdfPages, readPictures, readWithLibreOffice } from '#test/support/read-exports.ts';

const OFFICE_MS = 60_000;
/** One red dot. */
const PNG = new Uint8Array(
  Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC', 'base64'),
);
const svg =
  '<svg viewBox="0 0 400 200"><rect width="100" height="50" fill="#4357c7"/><text x="10" y="90">Juli</text></svg>';
const chart = { title: 'Won by month', svg, width: 400, height: 200, png: PNG };

function figure(title: string, value: number, before: number): ExportPart {
  const types = { Figure: 'text', Value: 'money', Before: 'money' } as const;
  return {
    ...tableOf(types, [[title, value, before]], { title }),
    figure: { text: `€${String(value / 100)}`, change: '12 % more', tone: 'good' },
    span: 3,
  };
}

const deals = (): ExportPart => ({
  ...tableOf({ Name: 'text', Amount: 'money', Close: 'date' }, [
    ['=HYPERLINK("x")', 123_456, '2026-07-01'],
    ['@Müller', null, null],
  ]),
  title: 'Closing soon',
  subtitle: ['Not narrowed by team'],
});

const nested = (): ExportPart => ({
  ...tableOf({ Stage: 'text', Amount: 'money' }, []),
  title: 'Report: [all]',
  rows: inBatches([
    { cells: ['Open', 300], currency: 'EUR', kind: 'subtotal', level: 0 },
    { cells: ['Q1', 100], currency: 'EUR', level: 1 },
    { cells: ['Q2', 200], currency: 'EUR', level: 1 },
    { cells: ['Won', 50], currency: 'EUR', kind: 'subtotal', level: 0 },
    { cells: ['Q1', 50], currency: 'EUR', level: 1 },
  ] satisfies ExportRow[]),
});

const drawn = (): ExportPart => ({
  ...tableOf({ Month: 'text', Amount: 'money' }, [['Juli', 5_000]]),
  title: 'Won by month',
  charts: [chart],
  isDrawn: true,
  span: 6,
});

const unseen: ExportPart = {
  title: 'Lead score',
  subtitle: ['It uses a field that you do not see.'],
  columns: [],
  rows: [],
};

const board = (): ExportBoard => ({
  title: 'Team performance',
  subtitle: ['Exported by Mia, today', 'Period: this quarter'],
  parts: [figure('Won', 1_234_500, 1_000_000), figure('Open', 99, 0), drawn(), deals(), nested(), unseen],
});

describe('a dashboard in a file', { timeout: OFFICE_MS }, () => {
  test('ANA-17 in Excel has its figures and charts on the first sheet, and a sheet for every other tile', async () => {
    const { bytes } = await write('xlsx', board());
    const book = readWithLibreOffice(bytes);
    expect([...book.keys()].sort()).toEqual(['Closing soon', 'Report all', 'Team performance', 'Won by month']);
    const first = book
      .get('Team performance')
      ?.map((row) => row.filter((cell) => cell !== ''))
      .filter((row) => row.length > 0);
    expect(first).toEqual([
      ['Team performance'],
      ['Exported by Mia, today'],
      ['Period: this quarter'],
      ['Figure', 'Value', 'Before'],
      ['Won', '12345', '10000'],
      ['Open', '0.99', '0'],
      ['Tile'],
      ['Won by month'],
      ['Closing soon', 'Not narrowed by team'],
      ['Report: [all]'],
      ['Lead score', 'It uses a field that you do not see.'],
      ['Won by month'],
    ]);
    expect(book.get('Closing soon')?.slice(1)).toEqual([
      ['=HYPERLINK("x")', '1234.56', '2026-07-01'],
      ['@Müller', '', ''],
    ]);
    expect(readPictures(bytes)).toEqual([{ width: 1, height: 1 }]);
  });

  test('ANA-17 of tiles with the same name each has a sheet', async () => {
    const { bytes } = await write('xlsx', { ...board(), parts: [deals(), deals(), deals()] });
    expect([...readWithLibreOffice(bytes).keys()].sort()).toEqual([
      'Closing soon',
      'Closing soon 2',
      'Closing soon 3',
      'Team performance',
    ]);
  });

  test('ANA-17 on paper has numbers with their change, charts as vectors and the rows of tables', async () => {
    const { bytes } = await write('pdf', board(), german);
    const page = readPdfPages(bytes).join('');
    expect(page).toMatch(/Won\s+Open/);
    expect(page).toMatch(/€12345\s+€0.99/);
    expect(page).toContain('12 % more');
    expect(page).toContain('Juli');
    expect(page).toMatch(/=HYPERLINK\("x"\)\s+1\.234,56\s€\s+01\.07\.2026/);
    expect(page).toContain('It uses a field that you do not see.');
    expect(page).toContain('Seite 1 von 2');
    expect(Buffer.from(bytes).includes('/Subtype /Image')).toBe(false);
  });

  test('ANA-17 a long table of a tile goes on over pages, with its heading on each and no row lost', async () => {
    const rows = Array.from({ length: 130 }, (_, no): ExportRow => ({ cells: [`Deal ${String(no)}`, no, null] }));
    const { bytes } = await write('pdf', { ...board(), parts: [{ ...deals(), rows: inBatches(rows) }, drawn()] });
    const pages = readPdfPages(bytes);
    expect(pages.length).toBeGreaterThan(3);
    for (const page of pages.slice(0, 3)) expect(page).toMatch(/Name\s+Amount\s+Close/);
    expect(pages.join('').match(/Deal \d+/g)).toHaveLength(130);
  });

  test('ANA-17 in HTML stands as on the screen, drawn inline with names of its own, and runs nothing', async () => {
    const { text } = await write('html', { ...board(), parts: [drawn(), drawn(), unseen] });
    expect(text.match(/<svg role="img" aria-label="Won by month"/g)).toHaveLength(2);
    expect(text).toContain('<section style="--span:6">');
    expect(text).toContain('It uses a field that you do not see.');
    expect(text).not.toMatch(/<script|https?:/);
  });
});

test('ANA-17 IMP-01 a dashboard as CSV is one table of values, and nothing in it is a formula', async () => {
  const { text } = await write('csv', board(), english);
  expect(text.trim().split('\r\n')).toEqual([
    'Tile,Line,Row,Value,Number,Currency',
    'Won,1,Won,Value,12345.00,EUR',
    'Won,1,Won,Before,10000.00,EUR',
    'Open,1,Open,Value,0.99,EUR',
    'Open,1,Open,Before,0.00,EUR',
    'Won by month,1,Juli,Amount,50.00,EUR',
    `Closing soon,1,"'=HYPERLINK(""x"")",Amount,1234.56,EUR`,
    `Closing soon,1,"'=HYPERLINK(""x"")",Close,2026-07-01,`,
    'Report: [all],1,Open,Amount,3.00,EUR',
    'Report: [all],2,Open / Q1,Amount,1.00,EUR',
    'Report: [all],3,Open / Q2,Amount,2.00,EUR',
    'Report: [all],4,Won,Amount,0.50,EUR',
    'Report: [all],5,Won / Q1,Amount,0.50,EUR',
  ]);
});

test('ANA-17 a dashboard as JSON has each tile as a table with types', async () => {
  const { text } = await write('json', board());
  const read = JSON.parse(text) as { title: string; about: string[]; parts: { title: string; rows: unknown[] }[] };
  expect(read.about).toContain('Period: this quarter');
  expect(read.parts.map(({ title }) => title)).toContain('Lead score');
  expect(read.parts[3]).toMatchObject({
    columns: columnsOf({ Name: 'text', Amount: 'money', Close: 'date' }),
    rows: [{ name: '=HYPERLINK("x")', amount: { amount: '1234.56', currency: 'EUR' }, close: '2026-07-01' }, {}],
  });
});

test(
  'ANA-16 a chart of a pivot is on the sheet beside its table, and inline in HTML',
  { timeout: OFFICE_MS },
  async () => {
    const table = tableOf({ Stage: 'text', Amount: 'money' }, [['Open', 100]], { charts: [chart] });
    const { bytes } = await write('xlsx', table);
    expect(readPictures(bytes)).toHaveLength(1);
    expect(
      readWithLibreOffice(bytes)
        .get('About')
        ?.map(([text]) => text),
    ).toEqual(['Deals', 'Won by month']);
    const { text } = await write('html', table);
    expect(text).toContain('<text x="10" y="90">Juli</text>');
  },
);
