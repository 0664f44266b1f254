// What a dashboard is about, said to a report on it: only the records of a person, a team, a territory, a pipeline, a time.
// A source that has no such field is not narrowed by it, and whoever looks is told: a number that looks narrowed and is not
// would be worse than none.
import type { FieldPolicy } from '#shared/access/field-policy.ts';
import type { DayRange } from '#shared/analytics/metrics/period.ts';
import { isFieldVisible, pivotFieldAt } from '#shared/analytics/pivot-fields.ts';
import { isPivotSource, type PivotSource } from '#shared/analytics/pivot-source.ts';
import type { PivotSpec } from '#shared/analytics/pivot-spec.ts';
import { addDays, type Day } from '#shared/kernel/calendar.ts';
import { fieldsOfFilter } from '#shared/query/check-fields.ts';
import type { FieldFilter, Filter } from '#shared/query/filter.ts';

export const narrowingNames = ['period', 'owner', 'team', 'territory', 'pipeline'] as const;
export type NarrowingName = (typeof narrowingNames)[number];

/** What is not said does not narrow. */
export interface Narrowing {
  readonly period?: DayRange;
  readonly owner?: string;
  /** A team and those below it. */
  readonly team?: readonly string[];
  readonly territory?: readonly string[];
  readonly pipeline?: string;
}

export interface NarrowedPivot {
  readonly spec: PivotSpec;
  /** The day a period is asked of; null where it narrows nothing. */
  readonly dayField: string | null;
  /** What was said and could not narrow this report. */
  readonly left: readonly NarrowingName[];
}

/** The day that says when a record happened, or will. */
const dayFields: Readonly<Record<PivotSource, string>> = {
  deal: 'closeDate',
  dealLine: 'closeDate',
  lead: 'createdAt',
  account: 'createdAt',
  contact: 'createdAt',
  activity: 'occurredAt',
  task: 'dueDate',
  stageChange: 'occurredAt',
  product: 'createdAt',
  user: 'createdAt',
  campaign: 'scheduledAt',
};

const fieldOf: Readonly<Record<Exclude<NarrowingName, 'period'>, string>> = {
  owner: 'ownerId',
  team: 'teamId',
  territory: 'territoryId',
  pipeline: 'pipelineId',
};

/** `startOf`: the instant a day begins at, for fields that are instants. */
function conditionsOf(
  name: NarrowingName,
  narrowing: Narrowing,
  path: string,
  isInstant: boolean,
  startOf: (day: Day) => string,
): readonly FieldFilter[] {
  if (name !== 'period') {
    const value = narrowing[name] ?? '';
    return [typeof value === 'string' ? { field: path, op: 'eq', value } : { field: path, op: 'in', value }];
  }
  const { period } = narrowing;
  if (period === undefined) return [];
  const { from, to } = period;
  return isInstant
    ? [
        { field: path, op: 'gte', value: startOf(from) },
        { field: path, op: 'lt', value: startOf(addDays(to, 1)) },
      ]
    : [
        { field: path, op: 'gte', value: from },
        { field: path, op: 'lte', value: to },
      ];
}

/** A report that has a time of its own (it filters by that day already) keeps it. */
function fieldFor(spec: PivotSpec, name: NarrowingName): string | null {
  if (!isPivotSource(spec.source)) return null;
  if (name !== 'period') return fieldOf[name];
  const field = dayFields[spec.source];
  return spec.filter !== undefined && fieldsOfFilter(spec.filter).includes(field) ? null : field;
}

/** The report as the dashboard asks it of whoever has this policy. */
export function narrowPivot(
  spec: PivotSpec,
  narrowing: Narrowing,
  policy: FieldPolicy | undefined,
  startOf: (day: Day) => string,
): NarrowedPivot {
  const left: NarrowingName[] = [];
  const conditions: Filter[] = [];
  let dayField: string | null = null;
  for (const name of narrowingNames) {
    if (narrowing[name] === undefined) continue;
    const path = fieldFor(spec, name);
    const field = path === null ? null : pivotFieldAt(spec.source, path);
    if (path === null || field === null || !isFieldVisible(policy, field)) {
      left.push(name);
      continue;
    }
    conditions.push(...conditionsOf(name, narrowing, path, field.type === 'dateTime', startOf));
    if (name === 'period') dayField = path;
  }
  if (conditions.length === 0) return { spec, dayField, left };
  const and = spec.filter === undefined ? conditions : [spec.filter, ...conditions];
  return { spec: { ...spec, filter: { and } }, dayField, left };
}
