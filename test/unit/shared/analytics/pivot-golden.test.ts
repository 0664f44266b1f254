import { beforeAll, describe, expect, it } from 'vitest';
import { calculatePivot } from '#shared/analytics/pivot.ts';
import type { PivotResult } from '#shared/analytics/pivot-result.ts';
import type { PivotMeasure, PivotSpec } from '#shared/analytics/pivot-spec.ts';
import { createSeededRandom } from '#shared/kernel/seeded-random.ts';
import { columnsOf, contextOf } from '../../../support/columns-of.ts';
import { compareWithDuckDb } from '../../../support/duckdb/compare-with-duckdb.ts';
import { loadRows, openDuckDb } from '../../../support/duckdb/open-duckdb.ts';
import { randomSpec } from '../../../support/random-pivot.ts';
import { cellOf } from '../../../support/read-pivot.ts';
import {
  findRealData,
  readCarOpportunities,
  readGolden,
  readMavenDeals,
  readSchoolLeads,
  type GoldenQuery,
  type RealTable,
} from '../../../support/real-tables.ts';

const data = findRealData('the pivots over real data');

const count = (id: string, stage?: string | readonly string[]): PivotMeasure => {
  const filter = stage === undefined ? {} : { filter: { field: 'stage', op: 'in' as const, value: [stage].flat() } };
  return { kind: 'field', id, aggregation: 'count', ...filter };
};
const won = { field: 'stage', op: 'eq', value: 'Won' } as const;

function pivot({ types, rows }: RealTable, spec: Omit<PivotSpec, 'source'>): PivotResult {
  return calculatePivot(columnsOf(types, rows), { source: 'deal', ...spec }, contextOf(types));
}

describe.skipIf(data === null)('ANA-15 pivots over real data', () => {
  let golden: Readonly<Record<string, GoldenQuery>> = {};
  let deals: RealTable = { types: {}, rows: [] };
  beforeAll(() => {
    golden = readGolden();
    deals = readMavenDeals();
  });

  /** Rows of a golden result with members instead of `(all)` and `(blank)`. */
  const expected = (name: string): GoldenQuery['rows'] => {
    const rows = golden[name]?.rows ?? [];
    expect(rows.length).toBeGreaterThan(0);
    return rows;
  };
  const pathOf = (key: string | number | null | undefined): readonly (string | null)[] =>
    key === '(all)' ? [] : [key === '(blank)' || key === undefined || key === null ? null : String(key)];
  /** Equal to a figure that was rounded to so many decimals. */
  const close = (found: number | null, wanted: string | number | null | undefined, digits: number): void => {
    expect(Math.abs((found ?? Number.NaN) - Number(wanted))).toBeLessThanOrEqual(0.5001 * 10 ** -digits);
  };

  it('ANA-03 ANA-15 counts stages with their share (maven.01)', () => {
    const result = pivot(deals, {
      rows: [{ field: 'stage' }],
      columns: [],
      values: [
        count('n'),
        { kind: 'field', id: 'sum', aggregation: 'sum', field: 'value' },
        { ...count('share'), display: 'totalShare' },
      ],
    });
    const rows = expected('maven.01_stage_counts');
    expect(result.rows.map(({ path }) => path)).toEqual([[], ...rows.map((row) => pathOf(row['deal_stage']))]);
    for (const row of rows) {
      const path = pathOf(row['deal_stage']);
      expect(cellOf(result, path, [], 'n')).toBe(row['n']);
      expect(cellOf(result, path, [], 'sum') ?? 0).toBe(row['sum_close_value']);
      close((cellOf(result, path, [], 'share') ?? 0) * 100, row['pct'], 4);
    }
  });

  it('ANA-15 crosses regions and series with totals of both (maven.02)', () => {
    const result = pivot(deals, {
      filter: won,
      rows: [{ field: 'region' }],
      columns: [{ field: 'series' }],
      values: [
        count('n'),
        { kind: 'field', id: 'sum', aggregation: 'sum', field: 'value' },
        { kind: 'field', id: 'avg', aggregation: 'average', field: 'value' },
      ],
    });
    for (const row of expected('maven.02_region_x_series_won')) {
      const at = [pathOf(row['regional_office']), pathOf(row['series'])] as const;
      expect(cellOf(result, ...at, 'n')).toBe(row['n']);
      expect(cellOf(result, ...at, 'sum')).toBe(row['sum_v']);
      close(cellOf(result, ...at, 'avg'), row['avg_v'], 6);
    }
  });

  it('ANA-05 ANA-15 ranks salespeople by what they won, with their win rate (maven.03)', () => {
    const result = pivot(deals, {
      rows: [{ field: 'agent', sort: { by: 'measure', measure: 'value', direction: 'desc' } }],
      columns: [],
      values: [
        count('won', 'Won'),
        count('lost', 'Lost'),
        count('open', ['Prospecting', 'Engaging']),
        { kind: 'formula', id: 'rate', formula: 'won / (won + lost)' },
        { kind: 'field', id: 'value', aggregation: 'sum', field: 'value', filter: won },
      ],
    });
    const rows = expected('maven.03_agent_winrate');
    expect(result.rows.slice(1).map(({ path }) => path[0])).toEqual(rows.map((row) => row['sales_agent']));
    for (const row of rows) {
      const path = pathOf(row['sales_agent']);
      for (const id of ['won', 'lost', 'open']) expect(cellOf(result, path, [], id)).toBe(row[id]);
      close(cellOf(result, path, [], 'rate'), row['win_rate'], 6);
      expect(cellOf(result, path, [], 'value')).toBe(row['won_value']);
    }
  });

  it('ANA-15 adds months up to a running total (maven.05)', () => {
    const sum = { kind: 'field', aggregation: 'sum', field: 'value' } as const;
    const result = pivot(deals, {
      filter: won,
      rows: [{ field: 'closeDate', bucket: { kind: 'date', unit: 'month' } }],
      columns: [],
      values: [count('n'), { ...sum, id: 'v' }, { ...sum, id: 'running', display: 'runningTotal' }],
    });
    const rows = expected('maven.05_month_running_total');
    expect(result.rows.slice(1).map(({ path }) => path[0])).toEqual(rows.map((row) => row['m']));
    for (const row of rows) {
      for (const id of ['n', 'v', 'running']) expect(cellOf(result, pathOf(row['m']), [], id)).toBe(row[id]);
    }
  });

  it('ANA-15 counts deals without an account under empty (maven.07)', () => {
    const result = pivot(deals, { rows: [{ field: 'sector' }], columns: [{ field: 'stage' }], values: [count('n')] });
    for (const row of expected('maven.07_sector_x_stage_blank_account')) {
      expect(cellOf(result, pathOf(row['sector']), pathOf(row['deal_stage']), 'n')).toBe(row['n']);
    }
    expect(result.rows.at(-1)?.path).toEqual([null]);
  });

  it('ANA-15 adds up what products of open deals cost by manager (maven.08)', () => {
    const result = pivot(deals, {
      filter: { field: 'stage', op: 'in', value: ['Prospecting', 'Engaging'] },
      rows: [{ field: 'manager' }, { field: 'stage' }],
      columns: [],
      values: [count('n'), { kind: 'field', id: 'list', aggregation: 'sum', field: 'listPrice' }],
    });
    const rows = expected('maven.08_open_pipeline_list_price');
    expect(result.rows.filter(({ path }) => path.length === 2)).toHaveLength(rows.length);
    for (const row of rows) {
      const path = [...pathOf(row['manager']), ...pathOf(row['deal_stage'])];
      expect(cellOf(result, path, [], 'n')).toBe(row['n']);
      expect(cellOf(result, path, [], 'list')).toBe(row['list_value']);
    }
  });

  it('ANA-15 keeps the ten largest accounts (maven.09)', () => {
    const result = pivot(deals, {
      filter: won,
      rows: [
        {
          field: 'account',
          top: { count: 10, measure: 'v', others: false },
          sort: { by: 'measure', measure: 'v', direction: 'desc' },
        },
      ],
      columns: [],
      values: [count('n'), { kind: 'field', id: 'v', aggregation: 'sum', field: 'value' }],
    });
    const rows = expected('maven.09_top10_accounts');
    expect(result.rows.slice(1).map(({ path }) => path[0])).toEqual(rows.map((row) => row['account']));
    for (const row of rows) {
      for (const id of ['n', 'v']) expect(cellOf(result, pathOf(row['account']), [], id)).toBe(row[id]);
    }
    expect(cellOf(result, [], [], 'n')).toBe(rows.reduce((sum, row) => sum + Number(row['n']), 0));
  });

  it('ANA-15 has the win rate of every group and region (ibm.01)', () => {
    const result = pivot(readCarOpportunities(), {
      rows: [{ field: 'group' }],
      columns: [{ field: 'region' }],
      values: [
        count('n'),
        { kind: 'field', id: 'won', aggregation: 'count', filter: { field: 'result', op: 'eq', value: 'Won' } },
        { kind: 'formula', id: 'rate', formula: 'won / n' },
      ],
    });
    for (const row of expected('ibm.01_group_x_region_winrate')) {
      const at = [pathOf(row['g']), pathOf(row['r'])] as const;
      expect(cellOf(result, ...at, 'n')).toBe(row['n']);
      expect(cellOf(result, ...at, 'won')).toBe(row['won']);
      close(cellOf(result, ...at, 'rate'), row['win_rate'], 6);
    }
  });

  it('ANA-15 adds up amounts by route and result (ibm.02)', () => {
    const result = pivot(readCarOpportunities(), {
      rows: [{ field: 'route' }],
      columns: [{ field: 'result' }],
      values: [
        count('n'),
        { kind: 'field', id: 'sum', aggregation: 'sum', field: 'amount' },
        { kind: 'field', id: 'avg', aggregation: 'average', field: 'amount' },
      ],
    });
    for (const row of expected('ibm.02_route_x_result')) {
      const at = [pathOf(row['route']), pathOf(row['res'])] as const;
      expect(cellOf(result, ...at, 'n')).toBe(row['n']);
      expect(cellOf(result, ...at, 'sum')).toBe(row['sum_amt']);
      close(cellOf(result, ...at, 'avg'), row['avg_amt'], 4);
    }
  });

  it('ANA-15 counts how often numbers occur, over all 62,257 of them (ibm.05)', () => {
    const result = pivot(readCarOpportunities(), { rows: [{ field: 'number' }], columns: [], values: [count('n')] });
    const times = new Map<number, number>();
    for (const n of result.cells.slice(1)) times.set(n, (times.get(n) ?? 0) + 1);
    const wanted = expected('ibm.05_duplicated_opportunity_numbers').map((row) => [row['k'], row['numbers']]);
    expect([...times].sort(([left], [right]) => left - right)).toEqual(wanted);
  });

  it('ANA-01 ANA-15 counts sources of leads and those converted (leads.02)', () => {
    const result = pivot(readSchoolLeads(), {
      rows: [{ field: 'source' }],
      columns: [],
      values: [count('n'), { kind: 'field', id: 'conv', aggregation: 'sum', field: 'converted' }],
    });
    const rows = expected('leads.02_source_casefold');
    expect(result.rows).toHaveLength(rows.length + 1);
    for (const row of rows) {
      for (const id of ['n', 'conv']) expect(cellOf(result, pathOf(row['src']), [], id)).toBe(row[id]);
    }
  });

  it('ANA-01 ANA-15 puts seconds into bands (leads.03)', () => {
    const between = (least: number, below: number) =>
      ({
        and: [
          { field: 'seconds', op: 'gte', value: least },
          { field: 'seconds', op: 'lt', value: below },
        ],
      }) as const;
    const bands = {
      '0': between(0, 1),
      '1-299': between(1, 300),
      '300-899': between(300, 900),
      '900+': between(900, 1e9),
    };
    const leads = readSchoolLeads();
    for (const row of expected('leads.03_time_on_site_band')) {
      const result = pivot(leads, {
        filter: bands[row['band'] as keyof typeof bands],
        rows: [],
        columns: [],
        values: [
          count('n'),
          { kind: 'field', id: 'conv', aggregation: 'sum', field: 'converted' },
          { kind: 'field', id: 'rate', aggregation: 'average', field: 'converted' },
        ],
      });
      expect(cellOf(result, [], [], 'n')).toBe(row['n']);
      expect(cellOf(result, [], [], 'conv')).toBe(row['conv']);
      close(cellOf(result, [], [], 'rate'), row['rate'], 6);
    }
  });

  it('ANA-15 is what DuckDB finds, in every cell of random pivots over the deals', async () => {
    const connection = await openDuckDb();
    await loadRows(connection, deals.types, deals.rows);
    const table = columnsOf(deals.types, deals.rows);
    const world = {
      ...deals,
      bins: { value: [500, 1000], listPrice: [1000], revenue: [1000], founded: [10] },
      notOnAxes: [],
    };
    const random = createSeededRandom(4);
    for (let draw = 0; draw < 40; draw += 1) {
      const spec = randomSpec(random, world, 2);
      const setting = {
        types: deals.types,
        today: '2017-09-30',
        timeZone: 'UTC',
        fiscalYearStart: random.integer(1, 12),
      };
      const result = calculatePivot(table, spec, contextOf(deals.types, setting));
      const differences = await compareWithDuckDb(connection, spec, setting, result);
      expect({ draw, spec, differences: differences.slice(0, 5) }).toEqual({ draw, spec, differences: [] });
    }
  });
});
