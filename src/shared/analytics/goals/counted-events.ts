// Everything a goal counts, as events: whose, when, and how much. Goals that measure the same in the same window share their
// events. Records are gone through once for each such measure; afterwards only what changes is looked at again.
import type { GoalSpec } from '#shared/analytics/goals/goal-spec.ts';
import type { LocalDays } from '#shared/analytics/metrics/local-days.ts';
import { dayKeyOf, dealFactOf, isInstantWithin } from '#shared/analytics/metrics/metric-input.ts';
import { moneyEntities, organizationMoneyOf } from '#shared/analytics/organization-money.ts';
import type { TimeZone } from '#shared/analytics/time-zone.ts';
import type { AnyRecord, EntityName } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import { isDay, toEpochMs, type Day } from '#shared/kernel/calendar.ts';
import { toCanonicalJson } from '#shared/kernel/json.ts';
import { matchesFilter, typeOfField } from '#shared/query/evaluate-filter.ts';
import type { AskedOn } from '#shared/query/filter.ts';
import type { RecordSource } from '#shared/query/record-source.ts';

export interface CountedEvent {
  readonly ownerId: string | null;
  readonly teamId: string | null;
  readonly day: Day;
  /** 1, or an amount in the organization's currency; null for an amount without a rate. */
  readonly amount: number | null;
}

export interface CountedEvents {
  /** Those of one person, or of these teams, in the order of their days. */
  of(spec: GoalSpec, asked: AskedOn, whose: Whose): readonly CountedEvent[];
}

export type Whose = { readonly person: string } | { readonly teams: ReadonlySet<string> };

export interface EventSources {
  readonly source: RecordSource;
  readonly days: LocalDays;
  readonly zone: TimeZone;
}

/** What a record counts as; null when it is none of those. */
type Count = (record: AnyRecord) => CountedEvent | null;

interface Kept {
  readonly entity: EntityName;
  readonly asked: AskedOn;
  readonly count: Count;
  /** By the record they come from. */
  readonly events: Map<string, CountedEvent>;
  /** By person and by team in the order of days; made when asked, until an event changes. */
  byPerson: ReadonlyMap<string, readonly CountedEvent[]> | null;
  byTeam: ReadonlyMap<string, readonly CountedEvent[]> | null;
}

const MOST_KEPT = 60;

export function createCountedEvents(sources: EventSources): CountedEvents {
  const { source, days, zone } = sources;
  const kept = new Map<string, Kept>();

  source.subscribe((changes) => {
    const isMoney = changes.some(({ entity }) => moneyEntities.includes(entity));
    for (const [key, one] of kept) {
      if (isMoney && one.entity === 'deal') kept.delete(key);
      else for (const { entity, id, after } of changes) if (entity === one.entity) follow(one, id, after);
    }
  });

  function follow(one: Kept, id: string, after: AnyRecord | undefined): void {
    const event = after === undefined ? null : one.count(after);
    if (event === null && !one.events.has(id)) return;
    if (event === null) one.events.delete(id);
    else one.events.set(id, event);
    one.byPerson = null;
    one.byTeam = null;
  }

  function countWon({ window, metric }: GoalSpec, today: Day): Count {
    const [from, to] = [dayKeyOf(window.start), dayKeyOf(window.end)];
    const money = organizationMoneyOf(source);
    return (record) => {
      if (record['status'] !== 'won') return null;
      // Most deals were won at another time: what they are worth is not worked out.
      const { closeDate: typed } = record;
      if (typeof typed === 'string' && (dayKeyOf(typed) < from || dayKeyOf(typed) > to)) return null;
      const fact = dealFactOf(record, (amount, currency, on) => money.convert(amount, currency, on), today);
      const { closeDate, closeKey, ownerId, teamId } = fact;
      if (closeDate === null || closeKey < from || closeKey > to) return null;
      const amount = metric === 'wonDeals' ? 1 : fact.isWithoutRate ? null : (fact.amount ?? 0);
      return { ownerId, teamId, day: closeDate, amount };
    };
  }

  function countRecords(spec: GoalSpec, asked: AskedOn): Count {
    const { counted, countedBy, filter, activityType, window } = spec;
    const definition = entities[counted];
    const isDayField = typeOfField(definition, countedBy) === 'date';
    const span = days.spanOf({ from: window.start, to: window.end });
    const isWithin = (value: unknown): boolean =>
      isDayField ? isDay(value) && value >= window.start && value <= window.end : isInstantWithin(value, span);
    return (record) => {
      const isCounted =
        isWithin(record[countedBy]) &&
        (activityType === null || record['activityType'] === activityType) &&
        (filter === null || matchesFilter(definition, filter, record, asked));
      if (!isCounted) return null;
      const at = String(record[countedBy]);
      const day = isDayField ? at : zone.dayOf(toEpochMs(at));
      return { ownerId: record.ownerId, teamId: record.teamId, day, amount: 1 };
    };
  }

  function open(spec: GoalSpec, asked: AskedOn): Kept {
    const { metric, counted, activityType, filter, countedBy, window } = spec;
    const key = toCanonicalJson({ metric, counted, activityType, filter, countedBy, window });
    const known = kept.get(key);
    if (known?.asked === asked) return known;
    const count =
      metric === 'wonValue' || metric === 'wonDeals' ? countWon(spec, asked.today) : countRecords(spec, asked);
    const events = new Map<string, CountedEvent>();
    for (const record of source.all(counted).values()) {
      const event = count(record);
      if (event !== null) events.set(record.id, event);
    }
    const opened: Kept = { entity: counted, asked, count, events, byPerson: null, byTeam: null };
    kept.set(key, opened);
    const oldest = kept.keys().next();
    if (kept.size > MOST_KEPT && oldest.done !== true) kept.delete(oldest.value);
    return opened;
  }

  return {
    of(spec, asked, whose) {
      const one = open(spec, asked);
      if ('person' in whose) {
        one.byPerson ??= groupBy(one.events.values(), ({ ownerId }) => ownerId);
        return one.byPerson.get(whose.person) ?? [];
      }
      one.byTeam ??= groupBy(one.events.values(), ({ teamId }) => teamId);
      const [first = [], ...others] = [...whose.teams].flatMap((team) => {
        const events = one.byTeam?.get(team);
        return events === undefined ? [] : [events];
      });
      return others.length === 0 ? first : [first, ...others].flat().sort(byDay);
    },
  };
}

const byDay = (a: CountedEvent, b: CountedEvent): number => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0);

function groupBy(
  events: Iterable<CountedEvent>,
  keyOf: (event: CountedEvent) => string | null,
): ReadonlyMap<string, readonly CountedEvent[]> {
  const groups = new Map<string, CountedEvent[]>();
  for (const event of events) {
    const key = keyOf(event);
    if (key === null) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [event]);
    else group.push(event);
  }
  for (const group of groups.values()) group.sort(byDay);
  return groups;
}
