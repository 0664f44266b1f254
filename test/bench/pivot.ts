// Pivots over a million deals through the public engine, beside DuckDB and Arquero on the same deals, loaded before. All give the
// sum, count and average of 20,160 cells, compared cell by cell; only the engine gives subtotals and totals with them.
import { createLivePivot } from '#shared/analytics/pivot-live.ts';
import type { PivotResult } from '#shared/analytics/pivot-result.ts';
import type { PivotSpec } from '#shared/analytics/pivot-spec.ts';
import { calculatePivot } from '#shared/analytics/pivot.ts';
import { inMs, median, percentile, type Figure, type Measured } from '#test/bench/figure.ts';
import { DEAL_COUNT, dimensionFields, makePivotDeals, pivotContext, type PivotDeals } from '#test/bench/pivot-deals.ts';
import { openPivotPeer, type PivotPeer } from '#test/bench/pivot-peers.ts';

const plain: PivotSpec = {
  source: 'deal',
  rows: [{ field: 'territoryId' }, { field: 'productId' }],
  columns: [{ field: 'stageId' }, { field: 'leadSource' }],
  values: [
    { kind: 'field', id: 'sum', aggregation: 'sum', field: 'amount' },
    { kind: 'field', id: 'count', aggregation: 'count' },
    { kind: 'field', id: 'average', aggregation: 'average', field: 'amount' },
  ],
};

/** Two thirds of the deals above a limit, and a figure that no subtotal can be made of other figures for. */
const full: PivotSpec = {
  ...plain,
  filter: {
    and: [
      { field: 'amount', op: 'gte', value: 500_000 },
      { field: 'status', op: 'ne', value: 'lost' },
    ],
  },
  values: [...plain.values, { kind: 'field', id: 'owners', aggregation: 'distinct', field: 'ownerId' }],
};

let shared: PivotDeals | undefined;
const takeDeals = (): PivotDeals => (shared ??= makePivotDeals());

async function time(rounds: number, run: () => unknown): Promise<readonly number[]> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const startedMs = performance.now();
    await run();
    times.push(performance.now() - startedMs);
  }
  return times;
}

const WARM_UP = 10;

/** Warm, as the data host is after the first pivot of a session. */
async function timeEngine(deals: PivotDeals, spec: PivotSpec): Promise<readonly number[]> {
  const run = (): PivotResult => calculatePivot(deals.table, spec, pivotContext);
  await time(WARM_UP, run);
  return time(15, run);
}

async function beside(form: PivotPeer['form'], rounds: number): Promise<Measured> {
  const deals = takeDeals();
  const peer = await openPivotPeer(form, deals);
  try {
    compare(calculatePivot(deals.table, plain, pivotContext), await peer.read());
    const own = await timeEngine(deals, plain);
    const theirs = await time(rounds, () => peer.run());
    return {
      value: median(own),
      peer: { name: peer.name, value: median(theirs) },
      notes: [`own ${inMs(own)}`, `${peer.name} ${inMs(theirs)}`],
    };
  } finally {
    peer.close();
  }
}

/** @throws Error when a cell of the peer is another one. */
function compare(result: PivotResult, cells: ReadonlyMap<string, readonly [number, number, number]>): void {
  let compared = 0;
  let at = 0;
  for (const row of result.rows) {
    for (const column of result.columns) {
      const own = result.cells.subarray(at, at + 3);
      at += 3;
      if (row.path.length + column.path.length < dimensionFields.length) continue;
      const theirs = cells.get([...row.path, ...column.path].join(' '));
      const isSame = theirs !== undefined && own[0] === theirs[0] && own[1] === theirs[1];
      if (!isSame || Math.abs((own[2] ?? 0) - theirs[2]) > 1e-6) {
        throw new Error(`the peer has other figures: ${JSON.stringify([row.path, column.path, [...own], theirs])}`);
      }
      compared += 1;
    }
  }
  if (compared !== 20_160 || cells.size !== compared)
    throw new Error(`${String(compared)} cells, ${String(cells.size)}`);
}

async function measureFull(): Promise<Measured> {
  const deals = takeDeals();
  const own = await timeEngine(deals, full);
  const less = await timeEngine(deals, plain);
  return {
    value: median(own),
    peer: { name: 'the pivot without', value: median(less) },
    notes: [
      `full ${inMs(own)}, of ${String(calculatePivot(deals.table, full, pivotContext).records)} deals`,
      `plain ${inMs(less)}`,
    ],
  };
}

/** One deal gets another stage and another amount; the new totals are read. Every figure of the full pivot is kept up. */
function measureIncremental(): Measured {
  const { table, codes, amounts } = takeDeals();
  const live = createLivePivot(table, full, pivotContext);
  live.result();
  const times: number[] = [];
  for (let round = 0; round < 60; round += 1) {
    const slot = (round * 7919 * 13) % DEAL_COUNT;
    const startedMs = performance.now();
    live.remove(slot);
    const stages = codes['stageId']?.codes;
    if (stages !== undefined) stages[slot] = ((stages[slot] ?? 0) + 1) % 10;
    amounts[slot] = (amounts[slot] ?? 0) + 100;
    live.add(slot);
    live.result();
    times.push(performance.now() - startedMs);
  }
  const warm = times.slice(10);
  return {
    value: percentile(warm, 0.95),
    notes: [
      `p50 ${median(warm).toFixed(2)} ms, p95 ${percentile(warm, 0.95).toFixed(2)} ms, most ${Math.max(...warm).toFixed(2)} ms`,
    ],
  };
}

export const pivotFigures: readonly Figure[] = [
  {
    name: 'pivot-1m-duckdb-enum',
    unit: 'ms',
    ratio: 'faster',
    target: { is: '>=', limit: 3 },
    measure: () => beside('enum', 15),
  },
  {
    name: 'pivot-1m-duckdb-text',
    unit: 'ms',
    ratio: 'faster',
    target: { is: '>=', limit: 15 },
    measure: () => beside('text', 15),
  },
  {
    name: 'pivot-1m-arquero',
    unit: 'ms',
    ratio: 'faster',
    target: { is: '>=', limit: 50 },
    measure: () => beside('arquero', 5),
  },
  { name: 'pivot-1m-full', unit: 'ms', ratio: 'times', target: { is: '<=', limit: 3 }, measure: measureFull },
  {
    name: 'pivot-incremental',
    unit: 'ms',
    target: { is: '<=', limit: 16 },
    measure: () => Promise.resolve(measureIncremental()),
  },
];
