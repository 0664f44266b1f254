// 100,000 deals as an Excel file: records to rows to bytes, as the export of a list does it, next to what npm has for it.
// The peers get rows that are ready; ours are made of records and know the formats of their currencies.
import { median, inMs, type Figure, type Measured } from '#test/bench/figure.ts';
import { installPeers } from '#test/bench/peers/install-peers.ts';
import { english, nodePlatform } from '#test/support/export-tools.ts';
import { entities } from '#shared/entities/registry.ts';
import type { ExportRow } from '#shared/export/export-table.ts';
import { neededFields, recordColumn, recordRow } from '#shared/export/record-columns.ts';
import { writeXlsx } from '#shared/export/write-xlsx.ts';

const ROWS = 100_000;
const PIECE = 1000;
const RUNS = 3;
const DAY_MS = 86_400_000;

const fields = [
  'name',
  'accountId',
  'stageId',
  'amount',
  'probability',
  'closeDate',
  'nextStep',
  'ownerId',
  'createdAt',
  'tags',
];
const columns = fields.map((field) => recordColumn(entities.deal, field, field, (value) => value));
const names: Readonly<Record<string, string>> = Object.fromEntries([
  ...Array.from({ length: 5000 }, (_, index) => [`a${String(index)}`, `Account ${String(index)} & Söhne`]),
  ...Array.from({ length: 6 }, (_, index) => [`s${String(index)}`, `Stage ${String(index)}`]),
  ...Array.from({ length: 50 }, (_, index) => [`u${String(index)}`, `Person ${String(index)}`]),
]);

function dealOf(index: number): Readonly<Record<string, unknown>> {
  const at = 1_700_000_000_000 + index * 60_000;
  return {
    name: `Deal ${String(index)} of Müller <GmbH>`,
    accountId: `a${String(index % 5000)}`,
    stageId: `s${String(index % 6)}`,
    amount: (index * 7919) % 10_000_000,
    currency: index % 10 === 0 ? 'USD' : 'EUR',
    probability: (index * 31) % 101,
    closeDate: new Date(at + (index % 200) * DAY_MS).toISOString().slice(0, 10),
    nextStep: index % 3 === 0 ? null : 'Send the revised offer',
    ownerId: `u${String(index % 50)}`,
    createdAt: new Date(at).toISOString(),
    tags: ['new', 'warm'],
  };
}

async function ours(rows: number): Promise<{ readonly ms: number; readonly peakMb: number }> {
  const wanted = neededFields(columns);
  let peak = 0;
  function* batches(): Generator<readonly ExportRow[]> {
    for (let start = 0; start < rows; start += PIECE) {
      yield Array.from({ length: PIECE }, (_, index) => {
        const deal = dealOf(start + index);
        return recordRow(
          columns,
          wanted.map((field) => deal[field] ?? null),
          names,
          '',
        );
      });
      const { heapUsed, arrayBuffers } = process.memoryUsage();
      peak = Math.max(peak, heapUsed + arrayBuffers);
    }
  }
  const table = {
    title: 'Deals',
    subtitle: [],
    columns: columns.map(({ column }) => column),
    rows: batches(),
    rowCount: rows,
  };
  const startedMs = performance.now();
  let size = 0;
  for await (const bytes of writeXlsx(table, english, nodePlatform.tools, { shortened: 0 })) size += bytes.length;
  if (size === 0) throw new Error('nothing was written');
  return { ms: performance.now() - startedMs, peakMb: peak / 1_000_000 };
}

/** Values ready to be written: amounts in major units, days and instants as dates. */
function* readyRows(): Generator<unknown[]> {
  for (let index = 0; index < ROWS; index += 1) {
    const deal = dealOf(index);
    yield fields.map((field) => {
      const value = deal[field] ?? null;
      if (field === 'amount') return Number(value) / 100;
      if (field === 'probability') return Number(value) / 100;
      if (field === 'closeDate' || field === 'createdAt') return new Date(typeof value === 'string' ? value : 0);
      if (Array.isArray(value)) return value.join(', ');
      return typeof value === 'string' ? (names[value] ?? value) : value;
    });
  }
}

interface ExcelJs {
  readonly default: {
    readonly stream: {
      readonly xlsx: {
        readonly WorkbookWriter: new (options: object) => {
          addWorksheet(name: string): {
            columns: object[];
            addRow(values: unknown[]): { commit(): void };
            commit(): void;
          };
          commit(): Promise<void>;
        };
      };
    };
  };
}

const DATE_FORMATS: Readonly<Record<string, string>> = {
  amount: '#,##0.00 "EUR"',
  probability: '0%',
  closeDate: 'yyyy-mm-dd',
  createdAt: 'yyyy-mm-dd hh:mm',
};

/** `isFormatted`: with the formats of cells, which take it most of its time; the fastest writer there is does without. */
async function exceljs(isFormatted: boolean): Promise<number> {
  const name = './peers/node_modules/exceljs/lib/exceljs.nodejs.js';
  const peer = (await import(name)) as ExcelJs;
  const { Writable } = await import('node:stream');
  const startedMs = performance.now();
  const stream = new Writable({ write: (_chunk, _encoding, done) => done() });
  const book = new peer.default.stream.xlsx.WorkbookWriter({ stream, useStyles: isFormatted });
  const sheet = book.addWorksheet('Deals');
  sheet.columns = fields.map((field) => ({
    header: field,
    key: field,
    style: isFormatted && field in DATE_FORMATS ? { numFmt: DATE_FORMATS[field] } : {},
  }));
  for (const row of readyRows()) sheet.addRow(row).commit();
  sheet.commit();
  await book.commit();
  return performance.now() - startedMs;
}

async function hucre(): Promise<number> {
  const name = './peers/node_modules/hucre/dist/xlsx.mjs';
  const { writeXlsxStream } = (await import(name)) as {
    readonly writeXlsxStream: (rows: Iterable<unknown[]>, options: object) => AsyncIterable<Uint8Array>;
  };
  const startedMs = performance.now();
  const heads = fields.map((field) => ({
    header: field,
    ...(field in DATE_FORMATS ? { numFmt: DATE_FORMATS[field] } : {}),
  }));
  const stream = writeXlsxStream(readyRows(), { name: 'Deals', columns: heads, freezePane: { rows: 1 } });
  for await (const bytes of stream) if (bytes.length === 0) throw new Error('an empty piece');
  return performance.now() - startedMs;
}

async function measure(): Promise<Measured> {
  installPeers();
  const seen = { own: [] as number[], exceljs: [] as number[], bare: [] as number[], hucre: [] as number[] };
  await ours(ROWS / 10);
  for (let run = 0; run < RUNS; run += 1) {
    seen.own.push((await ours(ROWS)).ms);
    seen.exceljs.push(await exceljs(true));
    seen.bare.push(await exceljs(false));
    seen.hucre.push(await hucre());
  }
  const peaks = [await ours(ROWS), await ours(4 * ROWS)].map(({ peakMb }) => `${peakMb.toFixed(0)} MB`);
  const [fastest] = [
    { name: 'exceljs', value: median(seen.exceljs) },
    { name: 'exceljs without formats', value: median(seen.bare) },
    { name: 'hucre', value: median(seen.hucre) },
  ].toSorted((left, right) => left.value - right.value);
  return {
    value: median(seen.own),
    ...(fastest === undefined ? {} : { peer: fastest }),
    notes: [
      `own ${inMs(seen.own)}; exceljs ${inMs(seen.exceljs)}, without formats ${inMs(seen.bare)}; hucre ${inMs(seen.hucre)}`,
      `heap and buffers at their largest: ${peaks[0] ?? ''} for 100,000 rows, ${peaks[1] ?? ''} for 400,000`,
    ],
  };
}

export const xlsx: Figure = {
  name: 'xlsx-100k',
  unit: 'ms',
  ratio: 'times',
  target: { is: '<=', limit: 1.5 },
  measure,
};
