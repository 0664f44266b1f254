// A click on a number opens exactly the records it counts: the list behind every figure is compared with the figure.
import { describe, expect, test } from 'vitest';
import { changeOf } from '#renderer/features/dashboards/change-of.ts';
import { drillOf } from '#renderer/features/dashboards/metric-drill.ts';
import { calculateMetrics } from '#shared/analytics/metrics/calculate-metrics.ts';
import { columnsOfMetric, metricIds, type MetricId } from '#shared/analytics/metrics/metric-catalogue.ts';
import { dealFactOf, spanOf, type MetricInput } from '#shared/analytics/metrics/metric-input.ts';
import { rangeOf } from '#shared/analytics/metrics/period.ts';
import { defaultStages } from '#shared/entities/default-pipeline.ts';
import type { AnyRecord, EntityName } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import { createSeededRandom } from '#shared/kernel/seeded-random.ts';
import { matchesFilter } from '#shared/query/evaluate-filter.ts';

const TODAY = '2026-11-21';
const startOfDay = (day: string): string => new Date(`${day}T00:00:00`).toISOString();
const random = createSeededRandom(7);
const days = [
  '2026-07-31',
  '2026-08-01',
  '2026-09-30',
  '2026-10-01',
  '2026-11-20',
  '2026-11-21',
  '2026-12-31',
  '2027-01-01',
];
const entityOfList = { deals: 'deal', leads: 'lead', activities: 'activity', tasks: 'task' } as const;

function make(
  kind: EntityName,
  count: number,
  valuesOf: () => Readonly<Record<string, unknown>>,
): readonly AnyRecord[] {
  return Array.from({ length: count }, (_none, index) => {
    const createdAt = `${random.pick(days)}T12:00:00.000Z`;
    const ownerId = random.pick(['anna', 'ben']);
    const envelope = { createdAt, createdBy: null, updatedAt: createdAt, updatedBy: null, ownerId, teamId: 'north' };
    return { ...envelope, id: `${kind}${String(index)}`, kind, rev: 1, ...valuesOf() };
  });
}

const records = {
  deal: make('deal', 120, () => {
    const stage = random.pick(defaultStages);
    return {
      pipelineId: 'p',
      stageId: stage.id,
      status: stage.type,
      amount: random.integer(1, 9) * 100,
      currency: 'EUR',
      probability: stage.probability,
      forecastCategory: stage.forecastCategory,
      closeDate: random.pick(days),
      wonLostReason: stage.type === 'lost' ? random.pick(['price', 'timing']) : null,
    };
  }),
  lead: make('lead', 60, () => ({
    status: random.pick(['new', 'converted', 'qualified']),
    leadSource: random.pick(['event', null]),
    score: random.pick([10, 70, 95, null]),
  })),
  activity: make('activity', 40, () => ({
    activityType: random.pick(['call', 'note']),
    occurredAt: `${random.pick(days)}T12:00:00.000Z`,
  })),
  task: make('task', 40, () => ({
    status: random.pick(['open', 'waiting', 'done']),
    dueDate: random.pick(days),
    completedAt: random.pick([null, '2026-11-01T12:00:00.000Z']),
  })),
};

const range = rangeOf('thisQuarter', TODAY);
const span = spanOf(range, startOfDay(range.from), startOfDay('2027-01-01'));

function inputOf(owner: string | undefined): MetricInput {
  const own = (kind: keyof typeof records): readonly AnyRecord[] =>
    records[kind].filter(({ ownerId }) => owner === undefined || ownerId === owner);
  return {
    deals: own('deal').map((record) => dealFactOf(record, (amount) => amount, TODAY)),
    leads: own('lead'),
    tasks: own('task'),
    activities: own('activity'),
    contacts: [],
    accounts: [],
    pipelines: [{ id: 'p', stages: defaultStages }],
    historyOf: () => [],
    changesOf: () => [],
    staleAfterDays: () => 30,
    today: TODAY,
    nowMs: Date.parse(`${TODAY}T12:00:00Z`),
    startOfDay,
  };
}

/** Counts with a list, and what that list must hold; shares and sums are compared by the records they are made of. */
const counts = new Set([
  'leadTotal',
  'leadHighQuality',
  'dealTotal',
  'wonDeals',
  'openDeals',
  'overdueDeals',
  'activityTotal',
  'tasksDone',
  'tasksOpen',
  'tasksOverdue',
]);
const sums = new Set(['wonValue', 'pipelineValue']);

describe.each([undefined, 'anna'])('behind the figures of %s', (owner) => {
  const input = inputOf(owner);
  const filter = { period: 'thisQuarter', ...(owner === undefined ? {} : { owner }) } as const;
  const found = calculateMetrics(metricIds, input, span, null);

  function behind(id: MetricId, part: { key: string | null; column: string } | null): readonly AnyRecord[] | null {
    const drill = drillOf(id, part, filter, range, TODAY);
    if (drill === null) return null;
    const entity = entityOfList[drill.list];
    return records[entity].filter((record) =>
      matchesFilter(entities[entity], drill.filter, record, { today: TODAY, fiscalYearStart: 1 }),
    );
  }
  const amountOf = (list: readonly AnyRecord[]): number => list.reduce((sum, { amount }) => sum + Number(amount), 0);

  test('ANA-15 a figure that counts or adds up opens the records it is made of', () => {
    for (const id of metricIds) {
      const list = behind(id, null);
      if (counts.has(id)) expect(list?.length, id).toBe(found.get(id)?.value);
      if (sums.has(id)) expect(amountOf(list ?? []), id).toBe(found.get(id)?.value);
    }
  });

  test('ANA-15 a part of a figure opens its records, in whatever column it stands', () => {
    let compared = 0;
    for (const id of metricIds) {
      const columns = columnsOfMetric(id);
      for (const { key, numbers } of found.get(id)?.parts ?? []) {
        for (const [place, { id: column, unit }] of columns.entries()) {
          const list = behind(id, { key, column });
          if (list === null) continue;
          compared += 1;
          if (unit === 'count') expect(list.length, `${id} ${String(key)} ${column}`).toBe(numbers[place]);
          if (['number', 'value', 'wonValue', 'openValue'].includes(column) && unit === 'money')
            expect(amountOf(list), `${id} ${String(key)} ${column}`).toBe(numbers[place]);
        }
      }
    }
    expect(compared).toBeGreaterThan(30);
  });

  test('ANA-15 where a list cannot show exactly what is counted, nothing opens', () => {
    for (const id of ['velocity', 'stalledDeals', 'pushes', 'pushedDays', 'contactsNew'] as const)
      expect(behind(id, null), id).toBeNull();
    expect(drillOf('openDeals', null, { ...filter, team: 'north' }, range, TODAY)).toBeNull();
    expect(drillOf('stageAnalysis', { key: 'p/proposal', column: 'entered' }, filter, range, TODAY)).toBeNull();
    expect(drillOf('activityTotal', null, { ...filter, pipeline: 'p' }, range, TODAY)).toBeNull();
  });
});

test('ANA-11 a change is told in per cent, of a share in points, and not at all without something to compare with', () => {
  expect(changeOf(150, 100, false)).toBe(50);
  expect(changeOf(-50, -100, false)).toBe(50);
  expect(changeOf(45, 40, true)).toBe(5);
  expect(changeOf(5, 0, false)).toBeNull();
  expect(changeOf(null, 3, false)).toBeNull();
  expect(changeOf(3, null, true)).toBeNull();
});
