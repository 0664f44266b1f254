// What a goal measures, read from its record: what is counted, by which day, and which fields it is made of.
import { isOwnership, isPlainlyVisible, openFieldPolicy } from '#shared/access/field-policy.ts';
import type { Actor } from '#shared/access/actor.ts';
import { reachOf } from '#shared/access/roles.ts';
import { metricCatalogue } from '#shared/analytics/metrics/metric-catalogue.ts';
import type { Period } from '#shared/kernel/periods.ts';
import type { AnyRecord, EntityName } from '#shared/entities/define-entity.ts';
import {
  countedEntities,
  goalMetrics,
  goalWindows,
  type GoalMetric,
  type GoalWindow,
} from '#shared/entities/goal/goal.ts';
import { entities } from '#shared/entities/registry.ts';
import { isDay } from '#shared/kernel/calendar.ts';
import { typeOfField } from '#shared/query/evaluate-filter.ts';
import { fieldsOfFilter } from '#shared/query/check-fields.ts';
import { isFilter } from '#shared/query/is-filter.ts';
import type { Filter } from '#shared/query/filter.ts';

export interface GoalSpec {
  readonly metric: GoalMetric;
  readonly counted: EntityName;
  readonly activityType: string | null;
  readonly filter: Filter | null;
  /** Field whose day lies in the window. */
  readonly countedBy: string;
  readonly windowType: GoalWindow;
  readonly window: Period;
  readonly subject: { readonly kind: 'user' | 'team'; readonly id: string };
  /** As it was set: minor units of `currency`, or a number of records. */
  readonly target: number;
  readonly currency: string | null;
}

/** The figure of dashboards that measures the same. */
const figureOf = {
  wonValue: 'wonValue',
  wonDeals: 'wonDeals',
  activities: 'activityTotal',
  newContacts: 'contactsNew',
  tasksDone: 'tasksDone',
} as const;

const dayFields = {
  wonValue: 'closeDate',
  wonDeals: 'closeDate',
  activities: 'occurredAt',
  newContacts: 'createdAt',
  tasksDone: 'completedAt',
} as const;

const textOrNull = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/** Null for a record that a newer version made, or that measures nothing this version knows. */
export function goalSpecOf(record: AnyRecord): GoalSpec | null {
  const metric = goalMetrics.find((known) => known === record['metric']);
  const windowType = goalWindows.find((known) => known === record['windowType']);
  const { startsOn, endsOn, userId, forTeamId, targetAmount, targetCount } = record;
  const person = textOrNull(userId);
  const team = textOrNull(forTeamId);
  const id = person ?? team;
  const target = metric === 'wonValue' ? targetAmount : targetCount;
  if (metric === undefined || windowType === undefined || !isDay(startsOn) || !isDay(endsOn) || id === null)
    return null;
  if (typeof target !== 'number' || target <= 0) return null;
  const shared = {
    metric,
    windowType,
    window: { start: startsOn, end: endsOn },
    subject: { kind: person === null ? 'team' : 'user', id },
    target,
    currency: metric === 'wonValue' ? textOrNull(record['currency']) : null,
  } as const;
  if (metric !== 'recordCount') {
    const activityType = metric === 'activities' ? textOrNull(record['activityType']) : null;
    const counted: EntityName = metricCatalogue[figureOf[metric]].about;
    return { ...shared, counted, activityType, filter: null, countedBy: dayFields[metric] };
  }
  const counted = countedEntities.find((known) => known === record['countedEntity']);
  if (counted === undefined) return null;
  const filter = record['filter'] ?? { and: [] };
  const countedBy = textOrNull(record['countedBy']) ?? 'createdAt';
  const type = typeOfField(entities[counted], countedBy);
  if (!isFilter(entities[counted], filter) || (type !== 'date' && type !== 'dateTime')) return null;
  return { ...shared, counted, activityType: null, filter, countedBy };
}

/** Fields of the counted records the figure is made of. */
function fieldsOf(spec: GoalSpec): readonly string[] {
  if (spec.metric !== 'recordCount') {
    return metricCatalogue[figureOf[spec.metric]].needs.map((name) => name.split('.')[1] ?? name);
  }
  const named = [...(spec.filter === null ? [] : fieldsOfFilter(spec.filter)), spec.countedBy];
  return named.filter((field) => Object.hasOwn(entities[spec.counted].fields, field));
}

/** Fields without which this user is told no figure: an amount nobody may see is not learned through a sum either. */
export function unseenFieldsOf(actor: Actor, spec: GoalSpec): readonly string[] {
  const policy = actor.fields ?? openFieldPolicy;
  const isSeen = (field: string): boolean => isOwnership(field) || isPlainlyVisible(policy, spec.counted, field);
  return [...new Set(fieldsOf(spec))].filter((field) => !isSeen(field));
}

/** Does this user see every record the goal is made of? Otherwise what is here is a part of them. */
export function seesAllOf(actor: Actor, { counted, subject }: GoalSpec, teamOfPerson: string | null): boolean {
  const reach = reachOf(actor, counted, 'read');
  if (reach === 'none' || reach === 'all') return reach === 'all';
  if (subject.kind === 'user' && subject.id === actor.userId) return true;
  const team = subject.kind === 'user' ? teamOfPerson : subject.id;
  return reach === 'team' && team !== null && actor.teamIds.includes(team);
}
