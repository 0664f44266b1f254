import { describe, expect, test } from 'vitest';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import type { ForecastQuery, ForecastRow } from '#shared/analytics/forecast/forecast-contract.ts';
import { createForecasts } from '#shared/analytics/forecast/answer-forecast.ts';
import { createRecordMirror, type RecordMirror } from '#renderer/data/record-mirror.ts';
import type { Actor } from '#shared/access/actor.ts';
import { forecastCategories } from '#shared/entities/deal/deal.ts';
import type { EntityName } from '#shared/entities/define-entity.ts';
import { createSeededRandom } from '#shared/kernel/seeded-random.ts';
import { createActor } from '../../../support/command-world.ts';

const TODAY = '2026-05-15';
const quarter = { start: '2026-04-01', end: '2026-06-30' };
const question: ForecastQuery = {
  hierarchy: 'managers',
  columnMode: 'single',
  period: quarter,
  periodType: 'quarter',
  method: 'weighted',
  scenario: 'expected',
  customFactor: 1,
  quotaBasis: 'own',
};

type Values = Readonly<Record<string, unknown>>;

function record(kind: EntityName, id: string, values: Values): LocalRecord {
  const stamps = { createdAt: '2026-04-01T08:00:00.000Z', createdBy: null, updatedAt: '', updatedBy: null };
  return { id, kind, rev: 1, ownerId: null, teamId: null, ...stamps, pending: [], ...values };
}

function put(mirror: RecordMirror, ...records: readonly LocalRecord[]): void {
  mirror.change(records.map((each) => ({ entity: each.kind, id: each.id, after: each })));
}

function forecastsOn(mirror: RecordMirror) {
  return createForecasts({ source: mirror, today: () => TODAY });
}

const deal = (id: string, ownerId: string | null, values: Values = {}): LocalRecord =>
  record('deal', id, {
    ownerId,
    teamId: 'north',
    status: 'open',
    stageId: 'proposal',
    forecastCategory: 'commit',
    amount: 1000_00,
    currency: 'EUR',
    probability: 50,
    closeDate: '2026-05-20',
    ...values,
  });

const adjustment = (id: string, by: string, of: Values, value: number, values: Values = {}): LocalRecord =>
  record('forecastAdjustment', id, {
    hierarchy: 'managers',
    columnMode: 'single',
    periodStart: quarter.start,
    periodEnd: quarter.end,
    category: 'commit',
    value,
    baseValue: 1000_00,
    currency: 'EUR',
    ownerId: by,
    ...of,
    ...values,
  });

function createWorld(): RecordMirror {
  const mirror = createRecordMirror();
  put(
    mirror,
    record('team', 'north', { name: 'North', leadId: 'mona', parentId: null }),
    record('user', 'mona', { name: 'Mona', role: 'manager', teamId: 'north' }),
    record('user', 'rick', { name: 'Rick', role: 'sales_rep', teamId: 'north' }),
    deal('d1', 'rick'),
    deal('d2', 'rick', { status: 'won', amount: 500_00, closeDate: '2026-05-04' }),
    deal('d3', 'mona', { forecastCategory: 'best_case', amount: 300_00 }),
    deal('d4', 'rick', { closeDate: '2026-07-01' }),
    deal('d5', 'rick', { forecastCategory: 'omitted' }),
  );
  return mirror;
}

const mona = createActor('manager', 'mona', ['north']);
const rick = createActor('sales_rep', 'rick', ['north']);

function rowsOf(
  forecasts: ReturnType<typeof forecastsOn>,
  actor: Actor = mona,
  query: Partial<ForecastQuery> = {},
): ReadonlyMap<string, ForecastRow> {
  const { value } = forecasts.answer({ ...question, ...query }, actor);
  if (value.kind !== 'answer') throw new Error('no answer');
  return new Map(value.rows.map((row) => [row.key, row]));
}

describe('the question forecast', () => {
  test('ANA-20 a manager is told the team, a representative the own line, each with what they may do there', () => {
    const forecasts = forecastsOn(createWorld());
    const rows = rowsOf(forecasts);
    expect([...rows.keys()]).toEqual(['t:north', 'u:mona', 'u:rick']);
    expect(rows.get('t:north')?.columns.commit.managerAdjusted).toBe(1000_00);
    expect(rows.get('t:north')?.forecast).toBe(500_00 + 500_00 + 150_00);
    expect(rows.get('t:north')?.dealsOf).toEqual(['mona', 'rick']);
    expect(rows.get('u:rick')?.may).toEqual({ adjust: true, submit: false, setQuota: true });
    expect(rows.get('u:mona')?.may).toEqual({ adjust: true, submit: true, setQuota: false });
    const own = rowsOf(forecasts, rick);
    expect([...own.keys()]).toEqual(['u:rick']);
    expect(own.get('u:rick')?.may).toEqual({ adjust: true, submit: true, setQuota: false });
  });

  test('ANA-20 the number received last holds; taken back, the one before; what has other figures now is told as stale', () => {
    const mirror = createWorld();
    const forecasts = forecastsOn(mirror);
    const commit = () => rowsOf(forecasts).get('u:rick')?.columns.commit;
    put(mirror, adjustment('a1', 'rick', { userId: 'rick' }, 800_00, { rev: 7 }));
    put(mirror, adjustment('a2', 'rick', { userId: 'rick' }, 700_00, { rev: 0, pending: ['op'] }));
    expect(commit()).toMatchObject({
      unadjusted: 1000_00,
      managerAdjusted: 700_00,
      owner: { id: 'a2', isPending: true },
    });
    put(mirror, adjustment('a2', 'rick', { userId: 'rick' }, 700_00, { rev: 5 }));
    expect(commit()?.owner?.id).toBe('a1');
    put(mirror, adjustment('m1', 'mona', { userId: 'rick' }, 600_00, { rev: 9, baseValue: 800_00 }));
    expect(commit()).toMatchObject({ ownerAdjusted: 800_00, managerAdjusted: 600_00, manager: { byName: 'Mona' } });
    expect([commit()?.owner?.isStale, commit()?.manager?.isStale]).toEqual([false, false]);
    put(mirror, deal('d6', 'rick'));
    expect([commit()?.owner?.isStale, commit()?.manager?.isStale]).toEqual([true, false]);
    mirror.change([{ entity: 'forecastAdjustment', id: 'm1', after: undefined }]);
    expect(commit()?.managerAdjusted).toBe(800_00);
  });

  test('ANA-20 amounts are added up at the rate of their close date; without a rate they are left out and counted', () => {
    const mirror = createWorld();
    const forecasts = forecastsOn(mirror);
    put(mirror, deal('usd', 'rick', { currency: 'USD' }));
    expect(rowsOf(forecasts).get('u:rick')).toMatchObject({ unpriced: 1, counts: { commit: 2 } });
    expect(rowsOf(forecasts).get('u:rick')?.columns.commit.unadjusted).toBe(1000_00);
    const rate = { currency: 'USD', homeCurrency: 'EUR', day: '2026-05-01', rate: '0.9' };
    put(mirror, record('exchangeRate', 'r1', rate));
    expect(rowsOf(forecasts).get('t:north')).toMatchObject({ unpriced: 0 });
    expect(rowsOf(forecasts).get('t:north')?.columns.commit.unadjusted).toBe(1900_00);
  });

  test('ANA-20 the quota of a team is its lead’s, with that of the people beside it and in its place for whoever wants', () => {
    const mirror = createWorld();
    const quota = (id: string, userId: string, amount: number) =>
      record('quota', id, { userId, periodType: 'quarter', periodStart: quarter.start, amount, currency: 'EUR' });
    put(mirror, quota('q1', 'mona', 5000_00), quota('q2', 'rick', 2000_00));
    const forecasts = forecastsOn(mirror);
    expect(rowsOf(forecasts).get('t:north')).toMatchObject({ quota: 5000_00, quotaBelow: 2000_00 });
    expect(rowsOf(forecasts).get('u:mona')?.quota).toBeNull();
    expect(rowsOf(forecasts).get('u:rick')?.standing).toMatchObject({ attainment: 0.25, coverage: 1000 / 1500 });
    expect(rowsOf(forecasts, mona, { quotaBasis: 'sum' }).get('t:north')?.quota).toBe(2000_00);
    expect(rowsOf(forecasts, mona, { periodType: null }).get('u:rick')?.quota).toBeNull();
  });

  test('ANA-20 PER-16 whoever does not see amounts is told so instead of a number, and without probabilities nothing rests on them', () => {
    const forecasts = forecastsOn(createWorld());
    const modes = { amount: 'mask', currency: 'edit', closeDate: 'edit', forecastCategory: 'edit' } as const;
    const masked: Actor = { ...rick, fields: { deal: modes } };
    expect(forecasts.answer(question, masked).value).toEqual({ kind: 'unseen', fields: ['amount'] });
    expect(forecasts.detail({ query: question, nodeKey: 'u:rick' }, masked).value).toBeNull();
    expect(() => forecasts.freeze({ query: question, nodeKey: 'u:rick' }, null, masked)).toThrow('do not see');
    const blind: Actor = { ...rick, fields: { deal: { ...modes, amount: 'view' } } };
    expect(rowsOf(forecasts, blind).get('u:rick')?.forecast).toBeNull();
    expect(rowsOf(forecasts, blind, { method: 'category' }).get('u:rick')?.forecast).toBe(1500_00);
    expect(forecasts.detail({ query: question, nodeKey: 'u:rick' }, blind).value).toMatchObject({ interval: null });
  });

  test('ANA-20 what is submitted holds the numbers and the deals with their revisions, as they are now', () => {
    const mirror = createWorld();
    put(mirror, adjustment('a1', 'rick', { userId: 'rick' }, 800_00));
    const frozen = forecastsOn(mirror).freeze({ query: question, nodeKey: 't:north' }, 'As discussed', mona);
    expect(frozen).toMatchObject({
      place: { hierarchy: 'managers', periodStart: quarter.start, of: { entity: 'team', id: 'north' } },
      commit: 800_00 + 500_00,
      deals: ['d1:1', 'd2:1', 'd3:1'],
      dealCount: 3,
      note: 'As discussed',
      numbers: { columns: { commit: { unadjusted: 1000_00, ownerAdjusted: 800_00, managerAdjusted: 800_00 } } },
    });
  });

  test('ANA-20 past submissions are measured by what was closed, and the worst case trusts a commit as far as they held', () => {
    const mirror = createWorld();
    put(
      mirror,
      deal('won', 'rick', { status: 'won', amount: 1000_00, closeDate: '2026-02-10' }),
      record('forecastSubmission', 's1', {
        hierarchy: 'managers',
        userId: 'rick',
        ownerId: 'rick',
        periodStart: '2026-01-01',
        periodEnd: '2026-03-31',
        submittedAt: '2026-01-01T09:00:00.000Z',
        commit: 800_00,
        currency: 'EUR',
        dealCount: 3,
      }),
    );
    const forecasts = forecastsOn(mirror);
    const detail = forecasts.detail({ query: question, nodeKey: 'u:rick' }, mona).value;
    expect(detail?.past).toEqual([
      {
        period: { start: '2026-01-01', end: '2026-03-31' },
        actual: 1000_00,
        accuracy: { start: 0.8, middle: 0.8, end: 0.8 },
      },
    ]);
    expect(detail?.confidence).toMatchObject({ level: 'low', closedDeals: 2 });
    expect(detail?.confidence.accuracy).toBeCloseTo(0.8);
    expect(detail?.scenarios).toMatchObject({ best: 1500_00, worst: 500_00 + 800_00, expected: 1000_00 });
    expect(rowsOf(forecasts, mona, { scenario: 'worst' }).get('t:north')?.forecast).toBe(500_00 + 800_00);
  });

  test('ANA-20 by history an open deal counts as far as deals that reached its stage were won, each deal once', () => {
    const mirror = createWorld();
    for (let index = 0; index < 10; index += 1) {
      const id = `old${String(index)}`;
      put(mirror, deal(id, 'rick', { status: index < 2 ? 'won' : 'lost', closeDate: '2026-01-15' }));
      for (const visit of ['first', 'again'])
        put(mirror, record('stageChange', `${id}-${visit}`, { dealId: id, toStage: 'proposal' }));
    }
    const expected = 500_00 + 1000_00 * 0.2;
    expect(rowsOf(forecastsOn(mirror), mona, { method: 'historical' }).get('u:rick')?.forecast).toBe(expected);
  });

  test('ANA-20 after any changes the answer is that of records which were always so', () => {
    const random = createSeededRandom(20_261_127);
    const mirror = createWorld();
    const kept = forecastsOn(mirror);
    const actor = createActor('org_admin', 'ada', []);
    for (let round = 0; round < 60; round += 1) {
      for (let index = random.integer(1, 6); index > 0; index -= 1) {
        const id = `x${String(random.integer(0, 30))}`;
        const values = {
          rev: round,
          amount: random.chance(0.9) ? random.integer(1, 90_000) : null,
          currency: random.pick(['EUR', 'USD', 'GBP']),
          status: random.pick(['open', 'open', 'won', 'lost']),
          forecastCategory: random.pick([...forecastCategories, null]),
          probability: random.integer(0, 100),
          closeDate: random.pick(['2026-03-31', '2026-04-01', '2026-05-09', '2026-06-30', '2026-07-01', null]),
        };
        const gone = random.chance(0.15);
        const after = gone ? undefined : deal(id, random.pick(['rick', 'mona', 'nobody', null]), values);
        mirror.change([{ entity: 'deal', id, after }]);
      }
      if (random.chance(0.2)) {
        const rate = `0.${String(random.integer(1, 99))}`;
        const day = random.pick(['2026-04-01', '2026-05-01']);
        put(mirror, record('exchangeRate', 'r1', { currency: 'USD', homeCurrency: 'EUR', day, rate }));
      }
      const method = random.pick(['weighted', 'category', 'historical', 'runRate'] as const);
      const query = { ...question, method, columnMode: random.pick(['single', 'cumulative'] as const) };
      expect(kept.answer(query, actor).value).toEqual(forecastsOn(mirror).answer(query, actor).value);
      const asked = { query, nodeKey: random.pick(['all', 't:north', 'u:rick', 'none']) };
      expect(kept.detail(asked, actor).value).toEqual(forecastsOn(mirror).detail(asked, actor).value);
    }
  });
});
