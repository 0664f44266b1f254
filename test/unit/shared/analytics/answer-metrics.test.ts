// Figures as the data host answers them: of the records one sees, never of a field one does not see, and anew with every
// change.
import { describe, expect, test } from 'vitest';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { createDealHistories } from '#shared/analytics/metrics/deal-histories.ts';
import { createMetrics } from '#shared/analytics/metrics/answer-metrics.ts';
import { createStageDurations } from '#shared/analytics/metrics/stage-durations.ts';
import { createRecordMirror } from '#renderer/data/record-mirror.ts';
import type { Actor } from '#shared/access/actor.ts';
import { permissionsOf } from '#shared/access/roles.ts';
import { metricCatalogue, metricIds, type MetricId } from '#shared/analytics/metrics/metric-catalogue.ts';
import { defaultStages } from '#shared/entities/default-pipeline.ts';
import type { EntityName } from '#shared/entities/define-entity.ts';
import type { MetricsQuery } from '#shared/analytics/metrics/metric-question.ts';
import { createTimeZone } from '#shared/analytics/time-zone.ts';

const TODAY = '2026-11-21';
const clock = { now: () => Date.parse(`${TODAY}T12:00:00Z`) };

function makeRecord(kind: EntityName, id: string, values: Readonly<Record<string, unknown>>): LocalRecord {
  const at = '2026-11-01T12:00:00.000Z';
  const envelope = { createdAt: at, createdBy: null, updatedAt: at, updatedBy: null, ownerId: null, teamId: null };
  return { ...envelope, id, kind, rev: 1, pending: [], ...values };
}

const deal = (id: string, values: Readonly<Record<string, unknown>>): LocalRecord =>
  makeRecord('deal', id, {
    pipelineId: 'p',
    stageId: 'proposal',
    status: 'open',
    currency: 'EUR',
    amount: 100_00,
    probability: 50,
    ownerId: 'anna',
    teamId: 'north',
    ...values,
  });

const start: readonly LocalRecord[] = [
  makeRecord('pipeline', 'p', { name: 'Sales', stages: defaultStages }),
  makeRecord('user', 'anna', { name: 'Anna' }),
  makeRecord('team', 'north', { name: 'North' }),
  makeRecord('team', 'coast', { name: 'Coast', parentId: 'north' }),
  makeRecord('territory', 'de', { name: 'Germany' }),
  makeRecord('territory', 'berlin', { name: 'Berlin', parentId: 'de' }),
  makeRecord('exchangeRate', 'usd', { currency: 'USD', homeCurrency: 'EUR', day: '2026-01-01', rate: '0.5' }),
  deal('d1', {}),
  deal('d2', { amount: 300_00, currency: 'USD', ownerId: 'ben', teamId: 'coast', territoryId: 'berlin' }),
  deal('d3', { amount: 999_00, currency: 'CHF', ownerId: 'ben', teamId: 'south' }),
];

function createWorld() {
  const mirror = createRecordMirror();
  const put = (records: readonly LocalRecord[]): void =>
    mirror.change(records.map((record) => ({ entity: record.kind, id: record.id, after: record })));
  put(start);
  const context = { source: mirror, today: () => TODAY };
  const histories = createDealHistories(mirror);
  const metrics = createMetrics(
    context,
    histories,
    createStageDurations(mirror, histories, clock),
    clock,
    createTimeZone('UTC'),
  );
  const ask = (query: Partial<MetricsQuery>, actor: Actor = manager) =>
    metrics.answer(actor, { metrics: ['pipelineValue', 'openDeals'], period: 'thisQuarter', ...query }).value;
  const valueOf = (id: MetricId, query: Partial<MetricsQuery> = {}, actor: Actor = manager): unknown => {
    const answer = ask({ metrics: [id], ...query }, actor).metrics[id];
    return answer?.state === 'ready' ? answer.value : answer?.reason;
  };
  return { put, mirror, metrics, ask, valueOf };
}

const manager: Actor = {
  tenantId: 't',
  userId: 'me',
  name: 'Me',
  email: 'me@example.com',
  role: 'manager',
  teamIds: ['north'],
  permissions: permissionsOf('manager'),
  epoch: 1,
};

describe('figures', () => {
  test('ANA-02 amounts are added up in the currency of the organization, and what has no rate is told', () => {
    const { ask, valueOf } = createWorld();
    expect(ask({})).toMatchObject({ currency: 'EUR', withoutRate: 1 });
    expect(valueOf('pipelineValue')).toBe(100_00 + 150_00);
    expect(valueOf('openDeals')).toBe(3);
  });

  test('ANA-02 a new rate and another currency of the organization change the sums at once', () => {
    const { put, valueOf, ask } = createWorld();
    expect(valueOf('pipelineValue')).toBe(250_00);
    put([makeRecord('exchangeRate', 'chf', { currency: 'CHF', homeCurrency: 'EUR', day: '2026-01-01', rate: '1' })]);
    expect(valueOf('pipelineValue')).toBe(1249_00);
    put([makeRecord('organization', 'organization', { currency: 'CHF' })]);
    expect(ask({})).toMatchObject({ currency: 'CHF', withoutRate: 2 });
  });

  test('ANA-05 owner, team with its child teams, and territory with its children narrow every figure', () => {
    const { valueOf, put } = createWorld();
    expect(valueOf('openDeals', { owner: 'ben' })).toBe(2);
    expect(valueOf('openDeals', { team: 'north' })).toBe(2);
    expect(valueOf('openDeals', { team: 'coast' })).toBe(1);
    expect(valueOf('openDeals', { territory: 'de' })).toBe(1);
    expect(valueOf('openDeals', { pipeline: 'other' })).toBe(0);
    // TER-04: a territory that does not roll up counts its own records only.
    put([makeRecord('territory', 'de', { name: 'Germany', rollupMetrics: false })]);
    expect(valueOf('openDeals', { territory: 'de' })).toBe(0);
  });

  test('ANA-05 what people did for the deals of a territory counts there', () => {
    const { valueOf, put } = createWorld();
    const activity = { activityType: 'call', occurredAt: '2026-11-02T12:00:00.000Z', ownerId: 'anna' };
    put([
      makeRecord('activity', 'x1', { ...activity, dealId: 'd2' }),
      makeRecord('activity', 'x2', { ...activity, dealId: 'd1' }),
      makeRecord('activity', 'x3', activity),
    ]);
    expect(valueOf('activityTotal')).toBe(3);
    expect(valueOf('activityTotal', { territory: 'berlin' })).toBe(1);
    expect(valueOf('activityTotal', { pipeline: 'p' })).toBe(2);
  });

  test('ANA-06 the open pipeline is compared with what was written down at the end of the period before', () => {
    const { ask, put } = createWorld();
    const compared = (query: Partial<MetricsQuery> = {}) =>
      ask({ metrics: ['pipelineValue', 'openDeals', 'weightedPipeline'], ...query }).metrics;
    expect(compared()['pipelineValue']).toMatchObject({ previous: null });
    const line = (currency: string, count: number, amount: number) => [
      'p',
      'proposal',
      null,
      '2026-10',
      currency,
      count,
      amount,
      amount / 2,
    ];
    put([
      makeRecord('pipelineSnapshot', 's1', {
        day: '2026-09-30',
        ownerId: 'anna',
        teamId: 'north',
        lines: [line('EUR', 2, 200_00)],
      }),
      makeRecord('pipelineSnapshot', 's2', {
        day: '2026-09-30',
        ownerId: 'ben',
        teamId: 'coast',
        lines: [line('USD', 1, 100_00)],
      }),
      makeRecord('pipelineSnapshot', 's3', {
        day: '2026-09-29',
        ownerId: 'ben',
        teamId: 'coast',
        lines: [line('EUR', 9, 900_00)],
      }),
    ]);
    expect(compared()).toMatchObject({
      pipelineValue: { value: 250_00, previous: 250_00, previousDay: '2026-09-30' },
      openDeals: { value: 3, previous: 3 },
      weightedPipeline: { previous: 125_00 },
    });
    expect(compared({ owner: 'anna' })['openDeals']).toMatchObject({ value: 1, previous: 2 });
    expect(compared({ team: 'coast' })['openDeals']).toMatchObject({ previous: 1 });
    expect(compared({ pipeline: 'other' })['openDeals']).toMatchObject({ previous: 0 });
    // Snapshots know no territory, and all of the past has none before it.
    expect(compared({ territory: 'de' })['openDeals']).toMatchObject({ previous: null });
    expect(compared({ period: 'always' })['openDeals']).toMatchObject({ previous: null });
  });

  test('ANA-11 an answer is kept until a record it is made of changes', () => {
    const { metrics, put, valueOf, mirror } = createWorld();
    const query: MetricsQuery = { metrics: ['pipelineValue'], period: 'thisQuarter' };
    const first = metrics.answer(manager, query);
    put([makeRecord('contact', 'c', {})]);
    expect(metrics.answer(manager, query)).toBe(first);
    expect(first.entities.has('deal')).toBe(true);
    put([deal('d1', { amount: 1 })]);
    expect(valueOf('pipelineValue')).toBe(150_01);
    mirror.change([{ entity: 'deal', id: 'd1', after: undefined }]);
    expect(valueOf('pipelineValue')).toBe(150_00);
  });

  test('ANA-03 a move changes the figures made of history', () => {
    const { put, valueOf } = createWorld();
    const move = (id: string, toStage: string, day: string, dates: readonly [string, string]): LocalRecord =>
      makeRecord('stageChange', id, {
        dealId: 'd1',
        toStage,
        toType: 'open',
        occurredAt: `${day}T12:00:00.000Z`,
        closeDateBefore: dates[0],
        closeDateAfter: dates[1],
      });
    expect(valueOf('pushes')).toBe(0);
    put([move('s2', 'proposal', '2026-11-10', ['2026-12-01', '2026-12-05'])]);
    expect(valueOf('pushes')).toBe(1);
    put([move('s1', 'prospecting', '2026-11-01', ['2026-11-20', '2026-11-20'])]);
    expect(valueOf('pushes')).toBe(2);
  });

  test('ANA-03 SYNC-57 a change without a move counts as a push of its date and as no stay in a stage', () => {
    const { put, valueOf, ask, mirror } = createWorld();
    const entry = (
      id: string,
      from: string | null,
      to: string,
      day: string,
      dates: readonly string[],
    ): LocalRecord => ({
      ...makeRecord('stageChange', id, {
        dealId: 'd1',
        fromStage: from,
        toStage: to,
        toType: 'open',
        occurredAt: `${day}T12:00:00.000Z`,
        closeDateBefore: dates[0],
        closeDateAfter: dates[1],
      }),
      createdAt: `${day}T12:00:00.000Z`,
    });
    put([
      entry('s1', null, 'prospecting', '2026-11-01', ['2026-12-01', '2026-12-01']),
      entry('s2', 'prospecting', 'proposal', '2026-11-11', ['2026-12-01', '2026-12-01']),
    ]);
    const before = ask({ metrics: ['stageAnalysis'], period: 'always' }).metrics;
    const pushes = Number(valueOf('pushes'));
    put([entry('s3', 'prospecting', 'prospecting', '2026-11-05', ['2026-12-01', '2026-12-15'])]);
    expect(valueOf('pushes')).toBe(pushes + 1);
    expect(ask({ metrics: ['stageAnalysis'], period: 'always' }).metrics).toEqual(before);
    mirror.change([{ entity: 'stageChange', id: 's3', after: undefined }]);
    expect(valueOf('pushes')).toBe(pushes);
  });

  test('ANA-05 people are named, and stages by their pipeline', () => {
    const { ask, put } = createWorld();
    expect(ask({ metrics: ['repPerformance'] }).labels).toMatchObject({ anna: 'Anna', 'p/proposal': 'Proposal' });
    put([makeRecord('pipeline', 'q', { name: 'Partners', stages: defaultStages })]);
    expect(ask({ metrics: ['repPerformance'], period: 'always' }).labels['q/proposal']).toBe('Partners · Proposal');
  });
});

describe('what somebody may not see', () => {
  test.each(['hidden', 'mask'] as const)('PER-05 a field that is %s never becomes a number', (mode) => {
    const { valueOf } = createWorld();
    const seen = Object.fromEntries(
      ['currency', 'probability', 'closeDate', 'openedAt', 'closedAt', 'stageChangedAt', 'forecastCategory'].map(
        (field) => [field, 'edit'] as const,
      ),
    );
    const fields = { deal: mode === 'mask' ? { ...seen, amount: 'mask' as const } : seen };
    const blind: Actor = { ...manager, fields };
    for (const id of metricIds) {
      const needsAmount = metricCatalogue[id].needs.includes('deal.amount');
      if (needsAmount) expect(valueOf(id, {}, blind), id).toBe('field');
    }
    expect(valueOf('openDeals', {}, blind)).toBe(3);
    // Narrowing by a hidden field would tell about its values.
    expect(valueOf('openDeals', { territory: 'de' }, blind)).toBe('field');
  });

  test('PER-03 without the right to figures there are none, and those of the team need their own', () => {
    const { valueOf, ask } = createWorld();
    const rep: Actor = { ...manager, role: 'sales_rep', permissions: permissionsOf('sales_rep') };
    expect(valueOf('openDeals', {}, rep)).toBe(3);
    expect(ask({ metrics: ['repPerformance'] }, rep).metrics.repPerformance).toEqual({
      state: 'unavailable',
      reason: 'right',
      right: 'team.view_performance',
    });
    const nobody: Actor = { ...manager, permissions: [] };
    for (const id of metricIds) expect(valueOf(id, {}, nobody)).toBe('right');
  });

  test('ANA-02 a figure that a newer version stored is left out', () => {
    const { ask } = createWorld();
    expect(ask({ metrics: ['toString' as MetricId, 'openDeals'] }).metrics).toMatchObject({
      openDeals: { state: 'ready', value: 3 },
    });
  });
});
