// Everything a goal counts, as events: whose, when, and how much. Goals that measure the same in the same window share their
// events, and records are gone through once for all of them, until one changes.
import type { GoalSpec } from '#shared/analytics/goals/goal-spec.ts';
import type { DealFacts } from '#shared/analytics/metrics/deal-facts.ts';
import type { LocalDays } from '#shared/analytics/metrics/local-days.ts';
import { dayKeyOf, isInstantWithin } from '#shared/analytics/metrics/metric-input.ts';
import { moneyEntities } from '#shared/analytics/organization-money.ts';
import type { Period } from '#shared/analytics/periods.ts';
import type { TimeZone } from '#shared/analytics/time-zone.ts';
import type { AnyRecord, EntityName } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import { isDay, toEpochMs, type Day } from '#shared/kernel/calendar.ts';
import { toCanonicalJson } from '#shared/kernel/json.ts';
import { matchesFilter, typeOfField } from '#shared/query/evaluate-filter.ts';
import type { RecordSource } from '#shared/query/record-source.ts';

export interface CountedEvent {
  readonly ownerId: string | null;
  readonly teamId: string | null;
  readonly day: Day;
  /** 1, or an amount in the organization's currency; null for an amount without a rate. */
  readonly amount: number | null;
}

export interface CountedEvents {
  /** In the order of their days. */
  of(spec: GoalSpec, today: Day): readonly CountedEvent[];
}

export interface EventSources {
  readonly source: RecordSource;
  readonly dealFacts: DealFacts;
  readonly days: LocalDays;
  readonly zone: TimeZone;
}

interface Kept {
  readonly entity: EntityName;
  readonly today: Day;
  readonly events: readonly CountedEvent[];
}

const MOST_KEPT = 60;

export function createCountedEvents(sources: EventSources): CountedEvents {
  const { source, dealFacts, days, zone } = sources;
  const kept = new Map<string, Kept>();

  source.subscribe((changes) => {
    const changed = new Set(changes.map(({ entity }) => entity));
    const isMoney = moneyEntities.some((entity) => changed.has(entity));
    for (const [key, { entity }] of kept) if (changed.has(entity) || (isMoney && entity === 'deal')) kept.delete(key);
  });

  function wonIn({ start, end }: Period, isMoney: boolean, today: Day): readonly CountedEvent[] {
    const [from, to] = [dayKeyOf(start), dayKeyOf(end)];
    const events: CountedEvent[] = [];
    for (const { status, closeKey, closeDate, ownerId, teamId, amount, isWithoutRate } of dealFacts.of(today).facts) {
      if (status !== 'won' || closeDate === null || closeKey < from || closeKey > to) continue;
      events.push({ ownerId, teamId, day: closeDate, amount: isMoney ? (isWithoutRate ? null : (amount ?? 0)) : 1 });
    }
    return events;
  }

  function recordsIn(spec: GoalSpec, today: Day): readonly CountedEvent[] {
    const { counted, countedBy, filter, activityType, window } = spec;
    const definition = entities[counted];
    const isDayField = typeOfField(definition, countedBy) === 'date';
    const span = days.spanOf({ from: window.start, to: window.end });
    const isWithin = (value: unknown): boolean =>
      isDayField ? isDay(value) && value >= window.start && value <= window.end : isInstantWithin(value, span);
    const isCounted = (record: AnyRecord): boolean =>
      isWithin(record[countedBy]) &&
      (activityType === null || record['activityType'] === activityType) &&
      (filter === null || matchesFilter(definition, filter, record, today));
    const events: CountedEvent[] = [];
    for (const record of source.all(counted).values()) {
      if (!isCounted(record)) continue;
      const at = String(record[countedBy]);
      const day = isDayField ? at : zone.dayOf(toEpochMs(at));
      events.push({ ownerId: record.ownerId, teamId: record.teamId, day, amount: 1 });
    }
    return events;
  }

  return {
    of(spec, today) {
      const { metric, counted, activityType, filter, countedBy, window } = spec;
      const key = toCanonicalJson({ metric, counted, activityType, filter, countedBy, window });
      const known = kept.get(key);
      if (known?.today === today) return known.events;
      const isOfDeals = metric === 'wonValue' || metric === 'wonDeals';
      const found = isOfDeals ? wonIn(window, metric === 'wonValue', today) : recordsIn(spec, today);
      const events = found.toSorted((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0));
      kept.set(key, { entity: counted, today, events });
      const oldest = kept.keys().next();
      if (kept.size > MOST_KEPT && oldest.done !== true) kept.delete(oldest.value);
      return events;
    },
  };
}
