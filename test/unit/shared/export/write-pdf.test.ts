import { expect, test } from 'vitest';
import type { Brand } from '#shared/brand/brand.ts';
import { brandOfFile } from '#shared/brand/brand-of-file.ts';
import { inBatches, type ExportRow } from '#shared/export/export-table.ts';
import { english, german, nodePlatform, tableOf, write } from '#test/support/export-tools.ts';
import { makePng } from '#test/support/make-png.ts';
import { readPdfFonts, readPdfPages, readPdfSize } from '#test/support/read-exports.ts';

const types = { Name: 'text', Amount: 'money', Day: 'date' } as const;

test('ANA-17 a PDF has its title once, and the heading, the number of the page and of all pages on every page', async () => {
  const rows = Array.from({ length: 150 }, (_, index): ExportRow => ({
    cells: [`Geschäft ${String(index)}`, index * 100, '2024-02-29'],
    currency: 'EUR',
  }));
  const { bytes } = await write(
    'pdf',
    { ...tableOf(types, []), title: 'Geschäfte', subtitle: ['Filter: Betrag > 5 €'], rows: inBatches(rows) },
    german,
  );
  const pages = readPdfPages(bytes);
  expect(pages.length).toBeGreaterThan(2);
  expect(pages[0]).toContain('Filter: Betrag > 5 €');
  for (const [index, page] of pages.entries()) {
    expect(page).toMatch(/Name\s+Amount\s+Day/);
    expect(page).toContain(`Seite ${String(index + 1)} von ${String(pages.length)}`);
  }
  const lines = pages.flatMap((page) => page.match(/Geschäft \d+\s+[\d.,]+\s€\s+29\.02\.2024/g) ?? []);
  expect(lines).toHaveLength(150);
  expect(readPdfFonts(bytes).every(({ isEmbedded }) => isEmbedded)).toBe(true);
});

test('IDT-14 the first page of a PDF begins with logo, name and colour of the organization, and no other page does', async () => {
  const rows = Array.from({ length: 150 }, (_, index): ExportRow => ({ cells: [`Deal ${String(index)}`, 1, null] }));
  const table = { ...tableOf(types, []), title: 'Deals', rows: inBatches(rows) };
  const brand: Brand = { name: 'Südwind Energie', logo: makePng(40, 20).toString('base64'), accent: '#be123c' };
  const plain = await write('pdf', { ...table, rows: inBatches(rows) }, german);
  const { bytes } = await write('pdf', table, { ...german, ...brandOfFile(brand) });
  const pages = readPdfPages(bytes);
  expect(pages[0]?.indexOf('Südwind Energie')).toBeLessThan(pages[0]?.indexOf('Deals') ?? -1);
  expect(pages[0]).toContain('Südwind Energie');
  expect(pages.slice(1).filter((page) => page.includes('Südwind'))).toEqual([]);
  const pictures = (file: Uint8Array): number =>
    Buffer.from(file).toString('latin1').split('/Subtype /Image').length - 1;
  expect(pictures(plain.bytes)).toBe(0);
  expect(pictures(bytes)).toBeGreaterThan(0);
  expect(brandOfFile({ name: null, logo: null, accent: null })).toEqual({});
});

test('ANA-17 a page is upright, across, or larger, as the columns need it', async () => {
  const wide = (count: number) =>
    write(
      'pdf',
      tableOf(
        Object.fromEntries(Array.from({ length: count }, (_, index) => [`Column ${String(index)}`, 'text' as const])),
        [Array.from({ length: count }, () => 'some words in it')],
      ),
    );
  const sizes = await Promise.all([3, 10, 14, 60].map(async (count) => readPdfSize((await wide(count)).bytes)));
  expect(sizes.map(({ width, height }) => [width, height])).toEqual([
    [595, 842],
    [842, 595],
    [1191, 842],
    [expect.any(Number), expect.any(Number)],
  ]);
  expect(sizes[3]?.width).toBeGreaterThan(1191);
  await expect(wide(400)).rejects.toMatchObject({ code: 'too_large' });
});

test('ANA-17 a PDF of more than 100,000 rows is refused', async () => {
  await expect(write('pdf', tableOf(types, [], { rowCount: 100_001 }))).rejects.toMatchObject({ code: 'too_large' });
});

test('ANA-17 long texts are wrapped, control characters and emoji do no harm, an empty table says so', async () => {
  const text = 'word '.repeat(400);
  const { bytes } = await write(
    'pdf',
    tableOf(types, [
      [text, 1, null],
      ['a\u0000b\u202E 😀\nnext', 1, null],
      ['x'.repeat(300), 1, null],
    ]),
  );
  expect(readPdfPages(bytes).join()).toContain('…');
  expect(readPdfPages((await write('pdf', tableOf(types, []), english)).bytes).join()).toContain('There are no rows.');
});

test('ANA-17 charts are drawn as vectors: their words can be found, and no picture is in the file', async () => {
  const svg = `<svg width="200" height="100" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 100">
    <rect width="200" height="100" fill="#fff"></rect>
    <g clip-path="url(#c)"><path d="M10 90 L50 20 A20 20 0 0 1 90 20 Z" fill="url(#g)" stroke="rgb(0,0,255)" stroke-width="2" stroke-dasharray="4,2"></path></g>
    <text x="10" y="50" text-anchor="middle" dominant-baseline="central" style="font-size:12px;font-family:sans-serif" transform="translate(40 10)" fill="#333">Umsatz &amp; €</text>
    <polyline points="0,0 10,10 20,5" fill="none" stroke="red"></polyline><circle cx="5" cy="5" r="3" fill="#0f0a"></circle>
    <defs><clipPath id="c"><rect x="0" y="0" width="100" height="100"></rect></clipPath>
    <linearGradient id="g"><stop offset="0" stop-color="#ff0000"></stop></linearGradient></defs>
    <script>alert(1)</script></svg>`;
  const { bytes } = await write(
    'pdf',
    tableOf(types, [['a', 1, null]], { charts: [{ title: 'Chart', svg, width: 200, height: 100 }] }),
  );
  expect(readPdfPages(bytes)[0]).toContain('Umsatz & €');
  expect(Buffer.from(bytes).includes('/Subtype /Image')).toBe(false);
});

test('ANA-17 a long PDF costs no more memory than a short one: words are laid out for a page and then forgotten', async () => {
  const canvas = await nodePlatform.openPdf({ width: 200, height: 200, title: '', language: 'en' });
  for (let page = 0; page < 30; page += 1) {
    canvas.addPage().font('regular').fontSize(8);
    for (let no = 0; no < 20; no += 1) canvas.text(`word${String(page * 20 + no)}`, 5, 5, { lineBreak: false });
  }
  const { _font: font } = canvas as unknown as { readonly _font: { readonly layoutCache: object } };
  expect(Object.keys(font.layoutCache).length).toBeLessThanOrEqual(20);
  expect(Object.keys(font.layoutCache)).toContain('word599');
});
