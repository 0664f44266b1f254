// Figures against numbers worked out by hand from a small company: two people, two teams, seven deals, five leads.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { calculateMetrics } from '#shared/analytics/metrics/calculate-metrics.ts';
import {
  isMetricId,
  metricCatalogue,
  metricIds,
  columnsOfMetric,
  type MetricId,
} from '#shared/analytics/metrics/metric-catalogue.ts';
import {
  dealFactOf,
  spanOf,
  type DealFact,
  type HistoryEntry,
  type MetricInput,
  type MetricSpan,
} from '#shared/analytics/metrics/metric-input.ts';
import { rangeBefore, rangeOf, type DayRange } from '#shared/analytics/metrics/period.ts';
import { pushesOf } from '#shared/analytics/metrics/stage-metrics.ts';
import { defaultStages } from '#shared/entities/default-pipeline.ts';
import type { AnyRecord, EntityName } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';

const TODAY = '2026-11-21';
const startOfDay = (day: string): string => `${day}T00:00:00.000Z`;
const at = (day: string): string => `${day}T10:00:00.000Z`;

const span = (range: DayRange): MetricSpan => spanOf(range, startOfDay(range.from), `${range.to}T23:59:59.999Z`);

function record(kind: EntityName, id: string, createdOn: string, values: Readonly<Record<string, unknown>>): AnyRecord {
  const createdAt = at(createdOn);
  const envelope = { createdAt, createdBy: null, updatedAt: createdAt, updatedBy: null, ownerId: null, teamId: null };
  return { ...envelope, id, kind, rev: 1, ...values };
}

const rates: Readonly<Record<string, number>> = { EUR: 1, USD: 0.5 };
const convert = (amount: number, currency: string | null): number | null => {
  const rate = rates[currency ?? 'EUR'];
  return rate === undefined ? null : Math.round(amount * rate);
};

function deal(id: string, values: Readonly<Record<string, unknown>>): DealFact {
  const { createdOn } = values;
  const full = {
    pipelineId: 'p',
    stageId: 'proposal',
    status: 'open',
    currency: 'EUR',
    ownerId: 'anna',
    teamId: 'north',
    ...values,
  };
  const made = record('deal', id, typeof createdOn === 'string' ? createdOn : '2026-10-05', full);
  return dealFactOf(made, convert, TODAY);
}

const move = (
  toStage: string,
  day: string,
  dates: readonly [string | null, string | null] = [null, null],
): HistoryEntry => ({
  toStage,
  toType: toStage === 'closed_won' ? 'won' : toStage === 'closed_lost' ? 'lost' : 'open',
  occurredAt: startOfDay(day),
  atMs: Date.parse(startOfDay(day)),
  closeDateBefore: dates[0],
  closeDateAfter: dates[1],
});

const histories: Readonly<Record<string, readonly HistoryEntry[]>> = {
  // Two visits of the proposal: 4 + 6 days.
  w1: [
    move('prospecting', '2026-10-01'),
    move('proposal', '2026-10-05'),
    move('prospecting', '2026-10-09'),
    move('proposal', '2026-10-11'),
    move('closed_won', '2026-10-17'),
  ],
  w2: [move('prospecting', '2026-10-02'), move('proposal', '2026-10-12'), move('closed_won', '2026-10-30')],
  l1: [move('prospecting', '2026-10-03'), move('closed_lost', '2026-11-02')],
  o1: [
    move('prospecting', '2026-10-04', [null, '2026-11-01']),
    move('proposal', '2026-11-01', ['2026-11-15', '2026-11-20']),
  ],
};

const deals: readonly DealFact[] = [
  deal('w1', {
    status: 'won',
    stageId: 'closed_won',
    amount: 1000_00,
    closeDate: '2026-10-17',
    openedAt: '2026-10-01',
  }),
  deal('w2', {
    status: 'won',
    stageId: 'closed_won',
    amount: 6000_00,
    currency: 'USD',
    closeDate: '2026-10-30',
    ownerId: 'ben',
    teamId: 'south',
  }),
  deal('l1', {
    status: 'lost',
    stageId: 'closed_lost',
    amount: 1000_00,
    closeDate: '2026-11-02',
    wonLostReason: 'price',
  }),
  // Won in the quarter before.
  deal('w0', {
    status: 'won',
    stageId: 'closed_won',
    amount: 500_00,
    closeDate: '2026-08-01',
    createdOn: '2026-07-01',
    openedAt: '2026-07-02',
  }),
  deal('o1', { amount: 333_33, probability: 50, closeDate: '2026-11-30', stageChangedAt: at('2026-11-01') }),
  deal('o2', {
    amount: 100_01,
    probability: 50,
    stageId: 'prospecting',
    closeDate: '2026-11-01',
    stageChangedAt: at('2026-09-01'),
    ownerId: 'ben',
    teamId: 'south',
  }),
  // No rate for the franc: counted, not added up.
  deal('o3', { amount: 700_00, currency: 'CHF', probability: 90, stageChangedAt: at('2026-11-20') }),
];

const leads: readonly AnyRecord[] = [
  record('lead', 'a', '2026-10-01', { status: 'converted', leadSource: 'event', score: 90 }),
  record('lead', 'b', '2026-10-02', { status: 'new', leadSource: 'event', score: 70 }),
  record('lead', 'c', '2026-10-03', { status: 'new', leadSource: 'website', score: 20 }),
  record('lead', 'd', '2026-11-20', { status: 'qualified' }),
  record('lead', 'e', '2026-09-30', { status: 'converted', leadSource: 'event', score: 10 }),
];

const input: MetricInput = {
  deals,
  leads,
  tasks: [
    record('task', 't1', '2026-10-01', { status: 'open', dueDate: '2026-11-20' }),
    record('task', 't2', '2026-10-01', { status: 'waiting', dueDate: '2026-11-21' }),
    record('task', 't3', '2026-10-01', { status: 'done', completedAt: at('2026-11-01'), dueDate: '2026-10-10' }),
  ],
  activities: [
    record('activity', 'x1', '2026-10-01', {
      occurredAt: at('2026-10-01'),
      activityType: 'call',
      ownerId: 'anna',
      teamId: 'north',
    }),
    record('activity', 'x2', '2026-10-01', {
      occurredAt: at('2026-10-02'),
      activityType: 'call',
      ownerId: 'anna',
      teamId: 'north',
    }),
    record('activity', 'x3', '2026-10-01', { occurredAt: at('2026-09-30'), activityType: 'note', ownerId: 'ben' }),
  ],
  contacts: [record('contact', 'c1', '2026-10-01', {})],
  accounts: [record('account', 'k1', '2026-01-01', {})],
  pipelines: [{ id: 'p', stages: defaultStages }],
  historyOf: (id) => histories[id] ?? [],
  changesOf: (id) => histories[id] ?? [],
  staleAfterDays: () => 30,
  today: TODAY,
  nowMs: Date.parse(at(TODAY)),
  startOfDay,
};

const quarter = span(rangeOf('thisQuarter', TODAY));
const before = span(rangeBefore('thisQuarter', TODAY) ?? { from: TODAY, to: TODAY });

function numbersOf(id: MetricId) {
  const found = calculateMetrics([id], input, quarter, before).get(id);
  if (found === undefined) throw new Error(`no figure for ${id}`);
  return found;
}
const valueOf = (id: MetricId): number | null => numbersOf(id).value;
const partsOf = (id: MetricId): unknown => (numbersOf(id).parts ?? []).map(({ key, numbers }) => [key, ...numbers]);

describe('leads of the quarter', () => {
  test('ANA-01 total, average score, high quality and conversion count the leads created in the period', () => {
    expect(valueOf('leadTotal')).toBe(4);
    // (90 + 70 + 20) / 3; a lead without a score says nothing.
    expect(valueOf('leadScore')).toBe(60);
    expect(valueOf('leadHighQuality')).toBe(2);
    expect(valueOf('leadConversion')).toBe(25);
    // Until the same day of the quarter before: lead e of 30 September came later than 21 August.
    expect(numbersOf('leadTotal').previous).toBe(0);
  });

  test('ANA-01 leads are broken down by source and by status, the most first, those without a source last', () => {
    expect(partsOf('leadBySource')).toEqual([
      ['event', 2],
      ['website', 1],
      [null, 1],
    ]);
    expect(partsOf('leadByStatus')).toEqual([
      ['new', 2],
      ['converted', 1],
      ['qualified', 1],
    ]);
    expect(partsOf('leadByMonth')).toContainEqual(['2026-10', 3]);
  });
});

describe('deals of the quarter', () => {
  test('ANA-02 won and lost follow the close date, amounts are in one currency', () => {
    expect(valueOf('dealTotal')).toBe(6);
    expect(valueOf('wonDeals')).toBe(2);
    // 1,000.00 EUR + 6,000.00 USD at 0.5.
    expect(valueOf('wonValue')).toBe(4000_00);
    expect(numbersOf('wonValue').previous).toBe(500_00);
    expect(valueOf('averageDeal')).toBe(2000_00);
    expect(partsOf('lossReasons')).toEqual([['price', 1]]);
  });

  test('ANA-02 the win rate is won / (won + lost), by count and by value', () => {
    expect(valueOf('winRate')).toBeCloseTo(66.6667, 3);
    expect(valueOf('winRateValue')).toBe(80);
  });

  test('ANA-02 nothing closed is no win rate, not one of zero', () => {
    const empty = calculateMetrics(
      ['winRate', 'averageDeal', 'salesCycle', 'velocity'],
      { ...input, deals: [] },
      quarter,
      null,
    );
    expect([...empty.values()].map(({ value }) => value)).toEqual([null, null, null, null]);
  });

  test('ANA-02 the open pipeline is what is open now, weighted to whole cents deal by deal', () => {
    expect(valueOf('openDeals')).toBe(3);
    expect(valueOf('pipelineValue')).toBe(433_34);
    // 166.665 → 166.67 and 50.005 → 50.01.
    expect(valueOf('weightedPipeline')).toBe(166_67 + 50_01);
    expect(valueOf('overdueDeals')).toBe(1);
    expect(numbersOf('pipelineValue').previous).toBeNull();
  });

  test('ANA-03 stage by stage: what is there, who entered, who went on, how long they stayed', () => {
    expect(partsOf('pipelineByStage')).toEqual([
      ['p/prospecting', 100_01, 50_01, 1],
      ['p/qualification', 0, 0, 0],
      ['p/proposal', 333_33, 166_67, 2],
      ['p/negotiation', 0, 0, 0],
    ]);
    const analysis = partsOf('stageAnalysis') as unknown[][];
    // w1, w2, l1 and o1 came to prospecting in the quarter (o2 in September); all but l1 went on. Left again after
    // 4 + 2, 10, 30 and 28 days.
    expect(analysis[0]).toEqual(['p/prospecting', 1, 100_01, 50_01, 4, 75, 18.5, 19, 1]);
    // w1, w2, o1 and o3 came to the proposal; two of them won, after 4 + 6 and 18 days.
    expect(analysis[2]).toEqual(['p/proposal', 2, 333_33, 166_67, 4, 50, 14, 14, 0]);
  });

  test('ANA-03 the funnel counts how far the deals that began in the period ever came', () => {
    // w1, w2, l1, o1 and o3, which came to its stage at once; w0 began in July.
    expect(partsOf('stageFunnel')).toEqual([
      ['p/prospecting', 5],
      ['p/qualification', 4],
      ['p/proposal', 4],
      ['p/negotiation', 2],
      ['p/closed_won', 2],
    ]);
  });

  test('ANA-03 the sales cycle runs from the opening, else from the first open stage, to the close date', () => {
    // w1: 1 → 17 October, w2: 2 → 30 October.
    expect(valueOf('salesCycle')).toBe(22);
    expect(valueOf('salesCycleMean')).toBe(22);
    expect(numbersOf('salesCycle').previous).toBe(30);
  });

  test('ANA-03 velocity is qualified open deals × win rate × average won deal / mean sales cycle', () => {
    // 2 × 2/3 × 2,000.00 / 22 days.
    expect(valueOf('velocity')).toBe(Math.round((2 * (2 / 3) * 2000_00) / 22));
  });

  test('ANA-03 slippage counts pushes and their days, and flags deals pushed three times', () => {
    // 1 → 15 → 20 → 30 November.
    expect(valueOf('pushes')).toBe(3);
    expect(valueOf('pushedDays')).toBe(29);
    expect(valueOf('pushedOften')).toBe(1);
    expect(valueOf('stalledDeals')).toBe(1);
    expect(valueOf('stalledValue')).toBe(100_01);
  });

  test('ANA-03 a close date that comes nearer is no push', () => {
    const [, , , , o1] = deals;
    if (o1 === undefined) throw new Error('no deal');
    expect(pushesOf({ ...o1, closeDate: '2026-11-10' }, histories['o1'] ?? [])).toEqual([14, 5]);
  });

  test('ANA-05 people and teams stand in the order of what they won', () => {
    expect(partsOf('repPerformance')).toEqual([
      ['ben', 3000_00, 1, 100, 3000_00, 100_01, 50_01, 0],
      ['anna', 1000_00, 1, 50, 1000_00, 333_33, 166_67, 2],
    ]);
    expect(partsOf('teamPerformance')).toEqual([
      ['south', 3000_00, 1, 100, 3000_00, 100_01, 50_01, 0],
      ['north', 1000_00, 1, 50, 1000_00, 333_33, 166_67, 2],
    ]);
  });

  test('ANA-06 the executive summary counts activities, tasks, contacts and accounts', () => {
    expect(valueOf('activityTotal')).toBe(2);
    expect(partsOf('activityByType')).toEqual([['call', 2]]);
    expect([valueOf('tasksOpen'), valueOf('tasksOverdue'), valueOf('tasksDone')]).toEqual([2, 1, 1]);
    expect([valueOf('contactsNew'), valueOf('accountsNew')]).toEqual([1, 0]);
  });

  test('ANA-02 won amounts lie in their months, also in those without any', () => {
    const parts = partsOf('wonByMonth') as unknown[][];
    expect(parts).toHaveLength(12);
    expect(parts.at(-2)).toEqual(['2026-10', 4000_00]);
    expect(parts.at(-1)).toEqual(['2026-11', 0]);
  });
});

describe('all figures', () => {
  test('ANA-02 every figure is made of fields that exist, and its parts have a number for each column', () => {
    for (const id of metricIds) {
      for (const name of metricCatalogue[id].needs) {
        const [entity = '', field = ''] = name.split('.');
        expect(entities[entity as EntityName].fields[field], `${id}: ${name}`).toBeDefined();
      }
      for (const { numbers } of numbersOf(id).parts ?? []) expect(numbers).toHaveLength(columnsOfMetric(id).length);
    }
    expect(isMetricId('toString')).toBe(false);
  });

  test('ANA-02 parts of a count or a sum add up to the whole, whatever the deals are', () => {
    const anyDeal = fc.record({
      amount: fc.option(fc.integer({ min: 0, max: 9_000_000_000 }), { nil: null }),
      status: fc.constantFrom('open', 'won', 'lost'),
      ownerId: fc.constantFrom('anna', 'ben', null),
      closeDate: fc.constantFrom('2026-10-01', '2026-11-21', '2026-12-31', '2025-01-01', null),
    });
    fc.assert(
      fc.property(fc.array(anyDeal, { maxLength: 40 }), (drawn) => {
        const made = drawn.map((values, index) =>
          deal(String(index), {
            ...values,
            stageId: values.status === 'open' ? 'proposal' : `closed_${values.status}`,
            closedAt: at('2026-11-01'),
          }),
        );
        const found = calculateMetrics(
          ['repPerformance', 'wonValue', 'pipelineByStage', 'pipelineValue', 'winRate'],
          { ...input, deals: made },
          quarter,
          null,
        );
        const sum = (id: MetricId, column: number): number =>
          (found.get(id)?.parts ?? []).reduce((all, { numbers }) => all + (numbers[column] ?? 0), 0);
        expect(sum('repPerformance', 0)).toBe(found.get('wonValue')?.value);
        expect(sum('repPerformance', 4)).toBe(found.get('pipelineValue')?.value);
        expect(sum('pipelineByStage', 0)).toBe(found.get('pipelineValue')?.value);
        const rate = found.get('winRate')?.value ?? 0;
        expect(rate >= 0 && rate <= 100).toBe(true);
      }),
    );
  });
});

describe('periods', () => {
  test('ANA-02 calendar periods hold today, and a running one is compared with the same part of the one before', () => {
    expect(rangeOf('thisQuarter', TODAY)).toEqual({ from: '2026-10-01', to: '2026-12-31' });
    expect(rangeBefore('thisQuarter', TODAY)).toEqual({ from: '2026-07-01', to: '2026-08-21' });
    expect(rangeOf('lastMonth', '2026-01-31')).toEqual({ from: '2025-12-01', to: '2025-12-31' });
    expect(rangeBefore('lastMonth', '2026-01-31')).toEqual({ from: '2025-11-01', to: '2025-11-30' });
    expect(rangeBefore('thisMonth', '2026-03-31')).toEqual({ from: '2026-02-01', to: '2026-02-28' });
    expect(rangeOf('thisYear', '2028-02-29')).toEqual({ from: '2028-01-01', to: '2028-12-31' });
    expect(rangeBefore('thisYear', '2028-02-29')).toEqual({ from: '2027-01-01', to: '2027-03-01' });
    expect(rangeOf('last30Days', TODAY)).toEqual({ from: '2026-10-23', to: TODAY });
    expect(rangeBefore('last30Days', TODAY)).toEqual({ from: '2026-09-23', to: '2026-10-22' });
    expect(rangeBefore('always', TODAY)).toBeNull();
    // A year that begins in February: its fourth quarter begins in November.
    expect(rangeOf('thisQuarter', TODAY, 2)).toEqual({ from: '2026-11-01', to: '2027-01-31' });
    expect(rangeOf('lastYear', TODAY, 2)).toEqual({ from: '2025-02-01', to: '2026-01-31' });
    expect(rangeBefore({ from: '2026-02-01', to: '2026-02-10' }, TODAY)).toEqual({
      from: '2026-01-22',
      to: '2026-01-31',
    });
  });
});
