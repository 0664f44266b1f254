// What figures are calculated from: records as plain facts, amounts in one currency. Reading records once and converting
// money once is most of the work; every figure after it is a loop over facts.
import type { DayRange } from '#shared/analytics/metrics/period.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import type { Stage } from '#shared/entities/pipeline/pipeline.ts';
import { toEpochMs, type Day } from '#shared/kernel/calendar.ts';

/** Amounts of any currency in that of the organization, at the rate of a day; null without a rate. */
export type ConvertMoney = (minorUnits: number, currency: string | null, day: Day) => number | null;

export interface DealFact {
  readonly id: string;
  readonly ownerId: string | null;
  readonly teamId: string | null;
  readonly territoryId: string | null;
  readonly pipelineId: string;
  readonly stageId: string;
  readonly status: 'open' | 'won' | 'lost';
  /** Minor units of the organization's currency; null without an amount, or without a rate for it. */
  readonly amount: number | null;
  /** It has an amount, and no rate leads from its currency to the organization's. */
  readonly isWithoutRate: boolean;
  readonly probability: number | null;
  readonly category: string | null;
  readonly reason: string | null;
  readonly closeDate: Day | null;
  readonly openedAt: Day | null;
  readonly createdAt: string;
  // The same times as numbers: a hundred thousand of them are compared for every figure.
  readonly closeKey: number;
  readonly createdMs: number;
  /** Since when it is in its stage. */
  readonly stageMs: number;
}

/** What an entry of a deal's history says about its close date. */
export interface DateChange {
  readonly closeDateBefore: Day | null;
  readonly closeDateAfter: Day | null;
}

/** A move of a deal, from its history. */
export interface HistoryEntry extends DateChange {
  readonly toStage: string;
  readonly toType: string;
  readonly occurredAt: string;
  /** The same in milliseconds since 1970. */
  readonly atMs: number;
}

/** A period as days, and as the instants at which it begins and is over where the user is. */
export interface MetricSpan extends DayRange {
  readonly fromInstant: string;
  readonly untilInstant: string;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly fromKey: number;
  readonly toKey: number;
}

/** A day as a number that grows with it, 20260714; 0 for none. */
export function dayKeyOf(day: Day | null): number {
  return day === null ? 0 : Number(day.slice(0, 4)) * 10_000 + Number(day.slice(5, 7)) * 100 + Number(day.slice(8, 10));
}

/** The span of a range, where days begin at the given instants. */
export function spanOf(range: DayRange, fromInstant: string, untilInstant: string): MetricSpan {
  return {
    ...range,
    fromInstant,
    untilInstant,
    fromMs: toEpochMs(fromInstant),
    untilMs: toEpochMs(untilInstant),
    fromKey: dayKeyOf(range.from),
    toKey: dayKeyOf(range.to),
  };
}

export interface PipelineFacts {
  readonly id: string;
  readonly stages: readonly Stage[];
}

/** Everything is already narrowed to what the question is about: owner, team, territory, pipeline. */
export interface MetricInput {
  readonly deals: readonly DealFact[];
  readonly leads: readonly AnyRecord[];
  readonly tasks: readonly AnyRecord[];
  readonly activities: readonly AnyRecord[];
  readonly contacts: readonly AnyRecord[];
  readonly accounts: readonly AnyRecord[];
  readonly pipelines: readonly PipelineFacts[];
  /** Moves between stages, in the order in which they happened. */
  historyOf(dealId: string): readonly HistoryEntry[];
  /** With the changes that are no moves, in the order in which they were accepted. */
  changesOf(dealId: string): readonly DateChange[];
  /** Days after which a deal counts as stalled in its stage. */
  staleAfterDays(pipelineId: string, stageId: string): number;
  readonly today: Day;
  readonly nowMs: number;
  /** Instant at which a day begins where the user is. */
  startOfDay(day: Day): string;
}

const textOrNull = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/** The facts of a deal. A closed deal is worth what it was at its rate then, an open one at that of today. */
export function dealFactOf(record: AnyRecord, convert: ConvertMoney, today: Day): DealFact {
  const status = record['status'] === 'won' || record['status'] === 'lost' ? record['status'] : 'open';
  const { amount, currency, probability } = record;
  const closedOn = textOrNull(record['closedAt'])?.slice(0, 10) ?? null;
  // A deal without a close date of its own closed on the day it came to its final stage.
  const closeDate = textOrNull(record['closeDate']) ?? (status === 'open' ? null : closedOn);
  const rateDay = status === 'open' ? today : (closeDate ?? today);
  const createdMs = toEpochMs(record.createdAt);
  const stageChangedAt = textOrNull(record['stageChangedAt']);
  const isMoney = typeof amount === 'number';
  const converted = isMoney ? convert(amount, textOrNull(currency), rateDay) : null;
  return {
    id: record.id,
    ownerId: record.ownerId,
    teamId: record.teamId,
    territoryId: textOrNull(record['territoryId']),
    pipelineId: String(record['pipelineId']),
    stageId: String(record['stageId']),
    status,
    amount: converted,
    isWithoutRate: isMoney && converted === null,
    probability: typeof probability === 'number' ? probability : null,
    category: textOrNull(record['forecastCategory']),
    reason: textOrNull(record['wonLostReason']),
    closeDate,
    openedAt: textOrNull(record['openedAt']),
    createdAt: record.createdAt,
    closeKey: dayKeyOf(closeDate),
    createdMs,
    stageMs: stageChangedAt === null ? createdMs : toEpochMs(stageChangedAt),
  };
}

/** amount × probability, to whole minor units. */
export function weightedOf({ amount, probability }: DealFact): number {
  return amount === null || probability === null ? 0 : Math.round((amount * probability) / 100);
}

/** True for a deal that is to close, or has closed, on a day of the period. */
export function closesWithin({ closeKey }: DealFact, { fromKey, toKey }: MetricSpan): boolean {
  return closeKey >= fromKey && closeKey <= toKey && closeKey !== 0;
}

export function isInstantWithin(instant: unknown, { fromInstant, untilInstant }: MetricSpan): boolean {
  return typeof instant === 'string' && instant >= fromInstant && instant < untilInstant;
}
