// The figures of dashboards and reports, one definition each: what it is made of, so that whoever does not see a part
// gets no figure; in which unit; whether a period is asked about; what its parts are. What it means in words stands in the
// translations, `metrics.<id>.definition`, and the formulas beside their code.
import type { PermissionName } from '#shared/access/permissions.ts';
import type { EntityName } from '#shared/entities/define-entity.ts';

export type MetricUnit = 'count' | 'money' | 'moneyPerDay' | 'percent' | 'days' | 'score';

/** What the parts of a figure are: options of a field, people, teams, stages, or months `2026-07`. */
export type MetricKeys =
  | { readonly kind: 'option'; readonly entity: EntityName; readonly field: string }
  | { readonly kind: 'user' }
  | { readonly kind: 'team' }
  | { readonly kind: 'stage' }
  | { readonly kind: 'month' };

export interface MetricColumn {
  readonly id: string;
  readonly unit: MetricUnit;
}

export interface MetricDefinition {
  readonly group: 'leads' | 'deals' | 'pipeline' | 'team' | 'work';
  /** Of the figure itself, and of its parts where `columns` says nothing else. */
  readonly unit: MetricUnit;
  /** The records it is about. */
  readonly about: EntityName;
  /** Fields it is made of, `entity.field`. */
  readonly needs: readonly string[];
  readonly right?: PermissionName;
  /** Counts what happened in the period; otherwise the figure tells how things stand now. */
  readonly usesPeriod: boolean;
  /** Less is better. */
  readonly isLessBetter?: boolean;
  readonly keys?: MetricKeys;
  /** Numbers of each part; without them one, in `unit`. */
  readonly columns?: readonly MetricColumn[];
}

const money = ['deal.amount', 'deal.currency'];
const weighted = [...money, 'deal.probability'];
const cycle = ['deal.openedAt', 'deal.closeDate', 'deal.closedAt'];

const performanceColumns: readonly MetricColumn[] = [
  { id: 'wonValue', unit: 'money' },
  { id: 'wonDeals', unit: 'count' },
  { id: 'winRate', unit: 'percent' },
  { id: 'averageDeal', unit: 'money' },
  { id: 'openValue', unit: 'money' },
  { id: 'weighted', unit: 'money' },
  { id: 'activities', unit: 'count' },
];
const performance = {
  group: 'team',
  unit: 'money',
  about: 'deal',
  needs: [...weighted, 'deal.closeDate', 'activity.occurredAt'],
  right: 'team.view_performance',
  usesPeriod: true,
  columns: performanceColumns,
} as const satisfies Partial<MetricDefinition>;

const leads = { group: 'leads', about: 'lead', needs: [], usesPeriod: true } as const;
const deals = { group: 'deals', about: 'deal', usesPeriod: true } as const;
const closed = { ...deals, needs: ['deal.closeDate'] } as const;
const closedMoney = { ...deals, needs: [...money, 'deal.closeDate'] } as const;
const pipeline = { group: 'pipeline', about: 'deal', usesPeriod: false } as const;
const work = { group: 'work', usesPeriod: true } as const;

const catalogue = {
  leadTotal: { ...leads, unit: 'count' },
  leadScore: { ...leads, unit: 'score', needs: ['lead.score'] },
  leadHighQuality: { ...leads, unit: 'count', needs: ['lead.score'] },
  leadConversion: { ...leads, unit: 'percent' },
  leadBySource: {
    ...leads,
    unit: 'count',
    needs: ['lead.leadSource'],
    keys: { kind: 'option', entity: 'lead', field: 'leadSource' },
  },
  leadByStatus: { ...leads, unit: 'count', keys: { kind: 'option', entity: 'lead', field: 'status' } },
  leadByMonth: { ...leads, unit: 'count', usesPeriod: false, keys: { kind: 'month' } },

  dealTotal: { ...deals, unit: 'count', needs: [] },
  wonDeals: { ...closed, unit: 'count' },
  wonValue: { ...closedMoney, unit: 'money' },
  winRate: { ...closed, unit: 'percent' },
  winRateValue: { ...closedMoney, unit: 'percent' },
  averageDeal: { ...closedMoney, unit: 'money' },
  salesCycle: { ...deals, unit: 'days', needs: cycle, isLessBetter: true },
  salesCycleMean: { ...deals, unit: 'days', needs: cycle, isLessBetter: true },
  velocity: { ...deals, unit: 'moneyPerDay', needs: [...money, ...cycle] },
  wonByMonth: { ...closedMoney, unit: 'money', usesPeriod: false, keys: { kind: 'month' } },
  lossReasons: {
    ...closed,
    unit: 'count',
    needs: ['deal.closeDate', 'deal.wonLostReason'],
    keys: { kind: 'option', entity: 'deal', field: 'wonLostReason' },
    isLessBetter: true,
  },

  openDeals: { ...pipeline, unit: 'count', needs: [] },
  pipelineValue: { ...pipeline, unit: 'money', needs: money },
  weightedPipeline: { ...pipeline, unit: 'money', needs: weighted },
  pipelineByStage: {
    ...pipeline,
    unit: 'money',
    needs: weighted,
    keys: { kind: 'stage' },
    columns: [
      { id: 'value', unit: 'money' },
      { id: 'weighted', unit: 'money' },
      { id: 'deals', unit: 'count' },
    ],
  },
  pipelineByCategory: {
    ...pipeline,
    unit: 'money',
    needs: [...money, 'deal.forecastCategory'],
    keys: { kind: 'option', entity: 'deal', field: 'forecastCategory' },
  },
  closingByMonth: {
    ...pipeline,
    unit: 'money',
    needs: [...weighted, 'deal.closeDate'],
    keys: { kind: 'month' },
    columns: [
      { id: 'value', unit: 'money' },
      { id: 'weighted', unit: 'money' },
    ],
  },
  stageAnalysis: {
    ...pipeline,
    unit: 'count',
    usesPeriod: true,
    needs: [...weighted, 'deal.stageChangedAt'],
    keys: { kind: 'stage' },
    columns: [
      { id: 'deals', unit: 'count' },
      { id: 'value', unit: 'money' },
      { id: 'weighted', unit: 'money' },
      { id: 'entered', unit: 'count' },
      { id: 'conversion', unit: 'percent' },
      { id: 'meanDays', unit: 'days' },
      { id: 'medianDays', unit: 'days' },
      { id: 'stalled', unit: 'count' },
    ],
  },
  stageFunnel: { ...pipeline, unit: 'count', usesPeriod: true, needs: [], keys: { kind: 'stage' } },
  stalledDeals: { ...pipeline, unit: 'count', needs: ['deal.stageChangedAt'], isLessBetter: true },
  stalledValue: { ...pipeline, unit: 'money', needs: [...money, 'deal.stageChangedAt'], isLessBetter: true },
  pushes: { ...pipeline, unit: 'count', needs: ['deal.closeDate'], isLessBetter: true },
  pushedDays: { ...pipeline, unit: 'days', needs: ['deal.closeDate'], isLessBetter: true },
  pushedOften: { ...pipeline, unit: 'count', needs: ['deal.closeDate'], isLessBetter: true },
  overdueDeals: { ...pipeline, unit: 'count', needs: ['deal.closeDate'], isLessBetter: true },

  repPerformance: { ...performance, keys: { kind: 'user' } },
  teamPerformance: { ...performance, keys: { kind: 'team' } },

  activityTotal: { ...work, about: 'activity', unit: 'count', needs: ['activity.occurredAt'] },
  activityByType: {
    ...work,
    about: 'activity',
    unit: 'count',
    needs: ['activity.occurredAt'],
    keys: { kind: 'option', entity: 'activity', field: 'activityType' },
  },
  tasksDone: { ...work, about: 'task', unit: 'count', needs: ['task.completedAt'] },
  tasksOpen: { ...work, about: 'task', unit: 'count', usesPeriod: false, needs: [] },
  tasksOverdue: {
    ...work,
    about: 'task',
    unit: 'count',
    usesPeriod: false,
    needs: ['task.dueDate'],
    isLessBetter: true,
  },
  contactsNew: { ...work, about: 'contact', unit: 'count', needs: [] },
  accountsNew: { ...work, about: 'account', unit: 'count', needs: [] },
} as const satisfies Readonly<Record<string, MetricDefinition>>;

export type MetricId = keyof typeof catalogue;

export const metricCatalogue: Readonly<Record<MetricId, MetricDefinition>> = catalogue;
export const metricIds = Object.keys(catalogue) as readonly MetricId[];

export function isMetricId(value: unknown): value is MetricId {
  return typeof value === 'string' && Object.hasOwn(catalogue, value);
}

/** The numbers of each part of a figure. */
export function columnsOfMetric(id: MetricId): readonly MetricColumn[] {
  const { columns, unit } = metricCatalogue[id];
  return columns ?? [{ id: 'number', unit }];
}
