import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PivotSpec } from '#shared/analytics/pivot-spec.ts';
import type { SessionGrant } from '#shared/sync/messages.ts';
import { seedRecords } from '#server/sync/apply-records.ts';
import { sqlEngines, type SqlEngine } from '#test/support/sql-engines.ts';
import {
  call,
  codeOf,
  createManualClock,
  createOrganizationWith,
  signIn,
  startServer,
  type Answer,
  type TestServer,
} from '#test/support/start-server.ts';
import { seededRecord } from '#test/support/sync-world.ts';

const NOW = Date.parse('2026-11-27T09:00:00.000Z');
const byStage: PivotSpec = {
  source: 'deal',
  rows: [{ field: 'status' }],
  columns: [],
  values: [{ kind: 'field', id: 'n', aggregation: 'count' }],
};
const amounts: PivotSpec = {
  ...byStage,
  values: [...byStage.values, { kind: 'field', id: 'sum', aggregation: 'sum', field: 'amount' }],
};

const lines: PivotSpec = {
  source: 'dealLine',
  rows: [{ field: 'lines.productId.family' }],
  columns: [],
  values: [
    { kind: 'field', id: 'quantity', aggregation: 'sum', field: 'lines.quantity' },
    { kind: 'field', id: 'total', aggregation: 'sum', field: 'lines.total' },
  ],
};

function deal(id: string, ownerId: string, amount: number, status = 'open') {
  return seededRecord('deal', id, {
    name: id,
    ownerId,
    amount,
    currency: 'EUR',
    status,
    probability: status === 'won' ? 100 : 50,
    forecastCategory: status === 'won' ? 'closed' : 'commit',
    closeDate: status === 'won' ? '2026-11-10' : '2026-12-10',
    closedAt: status === 'won' ? '2026-11-10T10:00:00.000Z' : null,
    openedAt: '2026-10-01',
    lines: [
      { productId: 'pump', quantity: 2, unitPrice: amount / 4, discountPercent: 0 },
      { productId: 'pump', quantity: 1, unitPrice: 999, discountPercent: 12.5 },
    ],
  });
}

describe.each(sqlEngines)('analytics over HTTP on $name', (engine: SqlEngine) => {
  let place: Awaited<ReturnType<SqlEngine['createLocation']>>;
  let server: TestServer;
  let ada: SessionGrant;
  let rene: SessionGrant;
  let vera: SessionGrant;

  beforeAll(async () => {
    place = await engine.createLocation();
    server = await startServer({ location: place.location, clock: createManualClock(NOW) });
    const tenantId = await createOrganizationWith(server, 'north', [
      { id: 'ada', role: 'org_admin' },
      { id: 'rene', role: 'sales_rep' },
      { id: 'vera', role: 'viewer' },
    ]);
    await createOrganizationWith(server, 'elsewhere', [{ id: 'olga', role: 'org_admin' }]);
    await seedRecords(server.database, tenantId, [
      seededRecord('product', 'pump', { name: 'Pump', family: 'Machines' }),
      deal('d1', 'rene', 100_000),
      deal('d2', 'rene', 50_000, 'won'),
      deal('d3', 'ada', 400_000),
      seededRecord('fieldRule', 'f1', { role: 'viewer', entity: 'deal', field: 'amount', mode: 'hidden' }),
    ]);
    [ada, rene, vera] = [await signIn(server, 'ada'), await signIn(server, 'rene'), await signIn(server, 'vera')];
  }, 60_000);
  afterAll(async () => {
    await server.remove();
    await place.remove();
  });

  const ask = (grant: SessionGrant, path: string, body?: unknown, method?: string): Promise<Answer> =>
    call(server, path, {
      token: grant.accessToken,
      ...(body === undefined ? {} : { body }),
      ...(method === undefined ? {} : { method }),
    });
  const pivot = (grant: SessionGrant, spec: unknown): Promise<Answer> =>
    ask(grant, '/api/v1/analytics/pivot', { spec, timeZone: 'Europe/Berlin' });
  const cellsOf = (answer: Answer): unknown =>
    (answer.body as { readonly result: { readonly cells: unknown } }).result.cells;

  it('ANA-07 ANA-15 a pivot is of what the one who asks sees, in a zone of their choice', async () => {
    expect(cellsOf(await pivot(ada, amounts))).toEqual([3, 550_000, 2, 500_000, 1, 50_000]);
    expect(cellsOf(await pivot(rene, amounts))).toEqual([2, 150_000, 1, 100_000, 1, 50_000]);
    const olga = await signIn(server, 'olga');
    expect(cellsOf(await pivot(olga, amounts))).toEqual([0, null]);
  });

  it('ANA-07 PER-13 a field that is hidden from somebody does not exist in their pivots and figures', async () => {
    expect(cellsOf(await pivot(vera, byStage))).toEqual([3, 2, 1]);
    const refused = await pivot(vera, amounts);
    expect([refused.status, codeOf(refused)]).toEqual([400, 'invalid']);
    expect(refused.text).not.toContain('550000');
    const figures = await ask(vera, '/api/analytics/deals?period=thisYear');
    expect(figures.body).toMatchObject({ metrics: { wonValue: { state: 'unavailable' } } });
    expect(figures.text).not.toContain('50000');
  });

  it('CRM-17 PER-13 lines of deals are asked about by the same rules: no price where the amount is hidden', async () => {
    const [all, own] = [3 * 874 + 275_000, 2 * 874 + 75_000];
    expect(cellsOf(await pivot(ada, lines))).toEqual([9, all, 9, all]);
    expect(cellsOf(await pivot(rene, lines))).toEqual([6, own, 6, own]);
    const refused = await pivot(vera, lines);
    expect([refused.status, codeOf(refused)]).toEqual([400, 'invalid']);
    const [quantity] = lines.values;
    expect(cellsOf(await pivot(vera, { ...lines, values: [quantity] }))).toEqual([9, 9]);
  });

  it('ANA-07 the five answers are those of the screens', async () => {
    const deals = await ask(ada, '/api/analytics/deals?period=thisYear');
    expect(deals.body).toMatchObject({
      currency: 'EUR',
      metrics: { wonValue: { value: 50_000 }, openDeals: { value: 2 }, pipelineValue: { value: 500_000 } },
    });
    expect((await ask(rene, '/api/analytics/deals?period=thisYear')).body).toMatchObject({
      metrics: { openDeals: { value: 1 }, pipelineValue: { value: 100_000 } },
    });
    expect((await ask(ada, '/api/analytics/dashboard')).body).toMatchObject({
      metrics: { wonValue: { state: 'ready' } },
    });
    expect((await ask(ada, '/api/analytics/leads')).body).toMatchObject({ metrics: { leadTotal: { value: 0 } } });
    expect((await ask(ada, '/api/analytics/team')).status).toBe(200);
    const forecast = await ask(ada, '/api/analytics/forecast?days=30');
    expect(forecast.body).toMatchObject({
      kind: 'answer',
      period: { start: '2026-11-27', end: '2026-12-27' },
      detail: { methods: { weighted: 250_000 }, confidence: { level: 'low' } },
    });
    const wrong = await ask(ada, '/api/analytics/deals?period=sometime');
    expect([wrong.status, codeOf(wrong)]).toEqual([400, 'invalid']);
  });

  it('ANA-18 reports are made, read, changed and deleted by the rules of the screens', async () => {
    const made = await ask(rene, '/api/v1/analytics/reports/', { name: 'Mine', spec: byStage });
    expect([made.status, made.body]).toEqual([201, expect.objectContaining({ name: 'Mine', ownerId: 'rene' })]);
    const { id } = made.body as { readonly id: string };
    const path = `/api/v1/analytics/reports/${id}/`;
    const list = (await ask(rene, '/api/v1/analytics/reports/')).body;
    expect(list).toEqual({ reports: [expect.objectContaining({ id })] });
    expect((await ask(rene, path, { name: 'By stage' }, 'PATCH')).body).toMatchObject({ id, name: 'By stage' });
    const wrong = await ask(rene, path, { spec: { source: 'nothing' } }, 'PATCH');
    expect([wrong.status, codeOf(wrong)]).toEqual([400, 'invalid']);
    expect((await ask(vera, path)).status).toBe(404);
    expect((await ask(rene, path, undefined, 'DELETE')).status).toBe(204);
    expect((await ask(rene, path)).status).toBe(404);
  });

  it('ANA-22 a forecast is submitted, calculated anew and put under a scenario', async () => {
    const made = await ask(rene, '/api/v1/analytics/forecasts/', { note: 'as agreed' });
    expect([made.status, made.body]).toEqual([
      201,
      expect.objectContaining({ userId: 'rene', periodStart: '2026-10-01', commit: 150_000, dealCount: 2 }),
    ]);
    const { id } = made.body as { readonly id: string };
    const now = await ask(rene, `/api/v1/analytics/forecasts/${id}/calculate/`, {});
    expect(now.body).toMatchObject({ currency: 'EUR', now: { forecast: 100_000 } });
    const less = await ask(rene, `/api/v1/analytics/forecasts/${id}/scenario/`, { scenario: 'conservative' });
    expect(less.body).toMatchObject({ forecast: { commit: 150_000 }, now: { forecast: 80_000 } });
    expect((await ask(rene, '/api/v1/analytics/forecasts/')).body).toEqual({
      forecasts: [expect.objectContaining({ id })],
    });
    expect((await ask(vera, `/api/v1/analytics/forecasts/${id}/calculate/`, {})).status).toBeGreaterThan(399);
  });
});
