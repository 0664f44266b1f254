// Which records stand behind a figure, as a list with a filter. Where a list cannot say it (an average of days, a history),
// there is none: a number that opens something else than what it counts would be worse than one that opens nothing.
import { HIGH_QUALITY_SCORE } from '#shared/analytics/metrics/lead-metrics.ts';
import type { MetricId } from '#shared/analytics/metrics/metric-catalogue.ts';
import { addDays } from '#shared/kernel/calendar.ts';
import type { FieldFilter, Filter } from '#shared/query/filter.ts';
import type { MetricFilter, MetricsResult } from '#shared/analytics/metrics/metric-question.ts';

export interface Drill {
  readonly list: 'deals' | 'leads' | 'activities' | 'tasks';
  readonly filter: Filter;
}

const openDeals: FieldFilter = { field: 'status', op: 'eq', value: 'open' };
const openTasks: FieldFilter = { field: 'status', op: 'in', value: ['open', 'in_progress', 'waiting'] };

type Range = MetricsResult['range'];

const daysOf = (field: string, { from, to }: Range): readonly FieldFilter[] => [
  { field, op: 'gte', value: from },
  { field, op: 'lte', value: to },
];

/** Instants of a range of days; the days begin at midnight where the user is. */
function instantsOf(field: string, { from, to }: Range): readonly FieldFilter[] {
  if (from < '1971') return [];
  const start = (day: string): string => new Date(`${day}T00:00:00`).toISOString();
  return [
    { field, op: 'gte', value: start(from) },
    { field, op: 'lt', value: start(addDays(to, 1)) },
  ];
}

const closedDeals = (range: Range, status: 'won' | 'lost'): readonly FieldFilter[] => [
  { field: 'status', op: 'eq', value: status },
  ...daysOf('closeDate', range),
];

const decidedDeals = (range: Range): readonly FieldFilter[] => [
  { field: 'status', op: 'in', value: ['won', 'lost'] },
  ...daysOf('closeDate', range),
];

function monthOf(key: string): Range {
  const next = `${addDays(`${key}-01`, 32).slice(0, 7)}-01`;
  return { from: `${key}-01`, to: addDays(next, -1) };
}

const equals = (field: string, key: string | null): FieldFilter =>
  key === null ? { field, op: 'isEmpty' } : { field, op: 'eq', value: key };

type Conditions = { readonly list: Drill['list']; readonly and: readonly FieldFilter[] } | null;

/** Columns that count open deals as they stand. */
const openColumns: ReadonlySet<string> = new Set(['deals', 'value', 'weighted', 'openValue']);

function ofPerformance(whose: FieldFilter, column: string, range: Range): Conditions {
  if (column === 'activities') return { list: 'activities', and: [...instantsOf('occurredAt', range), whose] };
  if (openColumns.has(column)) return { list: 'deals', and: [openDeals, whose] };
  if (column === 'winRate') return { list: 'deals', and: [...decidedDeals(range), whose] };
  return { list: 'deals', and: [...closedDeals(range, 'won'), whose] };
}

type Part = { readonly key: string | null; readonly column: string };

function ofStage({ key, column }: Part): Conditions {
  if (!openColumns.has(column)) return null;
  const [pipelineId = '', stageId = ''] = (key ?? '').split('/');
  return { list: 'deals', and: [openDeals, equals('pipelineId', pipelineId), equals('stageId', stageId)] };
}

/** Parts of figures that a list can show. */
const ofPart: Readonly<Partial<Record<MetricId, (part: Part, range: Range) => Conditions>>> = {
  leadBySource: ({ key }, range) => ({
    list: 'leads',
    and: [...instantsOf('createdAt', range), equals('leadSource', key)],
  }),
  leadByStatus: ({ key }, range) => ({
    list: 'leads',
    and: [...instantsOf('createdAt', range), equals('status', key)],
  }),
  leadByMonth: ({ key }) => (key === null ? null : { list: 'leads', and: instantsOf('createdAt', monthOf(key)) }),
  wonByMonth: ({ key }) => (key === null ? null : { list: 'deals', and: closedDeals(monthOf(key), 'won') }),
  closingByMonth: ({ key }) =>
    key === null ? null : { list: 'deals', and: [openDeals, ...daysOf('closeDate', monthOf(key))] },
  lossReasons: ({ key }, range) => ({
    list: 'deals',
    and: [...closedDeals(range, 'lost'), equals('wonLostReason', key)],
  }),
  pipelineByStage: ofStage,
  stageAnalysis: ofStage,
  pipelineByCategory: ({ key }) => ({ list: 'deals', and: [openDeals, equals('forecastCategory', key)] }),
  repPerformance: ({ key, column }, range) => ofPerformance(equals('ownerId', key), column, range),
  teamPerformance: ({ key, column }, range) => ofPerformance(equals('teamId', key), column, range),
  activityByType: ({ key }, range) => ({
    list: 'activities',
    and: [...instantsOf('occurredAt', range), equals('activityType', key)],
  }),
};

const leadsOf = (range: Range, ...and: readonly FieldFilter[]): Conditions => ({
  list: 'leads',
  and: [...instantsOf('createdAt', range), ...and],
});
const wonDealsOf = (range: Range): Conditions => ({ list: 'deals', and: closedDeals(range, 'won') });
const decidedDealsOf = (range: Range): Conditions => ({ list: 'deals', and: decidedDeals(range) });
const openDealsOf = (): Conditions => ({ list: 'deals', and: [openDeals] });

/** Figures that a list can show. */
const ofWhole: Readonly<Partial<Record<MetricId, (range: Range, today: string) => Conditions>>> = {
  leadTotal: (range) => leadsOf(range),
  leadScore: (range) => leadsOf(range, { field: 'score', op: 'isNotEmpty' }),
  leadHighQuality: (range) => leadsOf(range, { field: 'score', op: 'gte', value: HIGH_QUALITY_SCORE }),
  leadConversion: (range) => leadsOf(range, equals('status', 'converted')),
  dealTotal: (range) => ({ list: 'deals', and: instantsOf('createdAt', range) }),
  wonDeals: wonDealsOf,
  wonValue: wonDealsOf,
  averageDeal: wonDealsOf,
  salesCycle: wonDealsOf,
  salesCycleMean: wonDealsOf,
  winRate: decidedDealsOf,
  winRateValue: decidedDealsOf,
  openDeals: openDealsOf,
  pipelineValue: openDealsOf,
  weightedPipeline: openDealsOf,
  overdueDeals: (_range, today) => ({
    list: 'deals',
    and: [openDeals, { field: 'closeDate', op: 'lt', value: today }],
  }),
  activityTotal: (range) => ({ list: 'activities', and: instantsOf('occurredAt', range) }),
  tasksDone: (range) => ({ list: 'tasks', and: instantsOf('completedAt', range) }),
  tasksOpen: () => ({ list: 'tasks', and: [openTasks] }),
  tasksOverdue: (_range, today) => ({
    list: 'tasks',
    and: [openTasks, { field: 'dueDate', op: 'lt', value: today }],
  }),
};

/** The records of a figure, or of one part of it; null where no list shows exactly them. */
export function drillOf(
  metric: MetricId,
  part: Part | null,
  filter: MetricFilter,
  range: Range,
  today: string,
): Drill | null {
  // A list knows no trees: child teams and child territories would be missing.
  if (filter.team !== undefined || filter.territory !== undefined) return null;
  const found = part === null ? ofWhole[metric]?.(range, today) : ofPart[metric]?.(part, range);
  if (found === undefined || found === null) return null;
  const isOfDeals = found.list === 'deals';
  if (filter.pipeline !== undefined && !isOfDeals && found.list !== 'leads') return null;
  const and = [
    ...found.and,
    ...(filter.owner === undefined ? [] : [equals('ownerId', filter.owner)]),
    ...(filter.pipeline === undefined || !isOfDeals ? [] : [equals('pipelineId', filter.pipeline)]),
  ];
  return { list: found.list, filter: { and } };
}
