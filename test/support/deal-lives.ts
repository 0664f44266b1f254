// Deals with a whole life, for tests of the past: what happened to them in order, the records that are left of it (the deal
// and its history), and, kept beside it by itself, what each deal was at the end of every day.
import type { AnyRecord, EntityName } from '#shared/entities/define-entity.ts';
import type { DatedEntry } from '#shared/analytics/past/deal-on-day.ts';
import { addDays, toEpochMs, type Day } from '#shared/kernel/calendar.ts';

export interface LifeEvent {
  readonly at: string;
  readonly values: Readonly<Record<string, unknown>>;
}

export interface Life {
  readonly id: string;
  /** The first is its creation. */
  readonly events: readonly LifeEvent[];
}

export function recordOf(
  kind: EntityName,
  id: string,
  values: Readonly<Record<string, unknown>>,
): AnyRecord & { pending: [] } {
  const at = '2026-01-01T00:00:00.000Z';
  const envelope = { id, kind, rev: 1, ownerId: null, teamId: null, createdAt: at, createdBy: null, updatedAt: at };
  return { ...envelope, updatedBy: null, pending: [], ...values };
}

interface State extends Readonly<Record<string, unknown>> {
  readonly pipelineId: string;
  readonly stageId: string;
  readonly status: string;
  readonly amount: number | null;
  readonly currency: string;
  readonly closeDate: Day | null;
  readonly probability: number;
  readonly forecastCategory: string;
  readonly ownerId: string;
}

const blank: State = {
  name: 'A deal',
  pipelineId: 'default',
  stageId: 'new',
  status: 'open',
  amount: null,
  currency: 'EUR',
  closeDate: null,
  probability: 10,
  forecastCategory: 'pipeline',
  ownerId: 'u1',
};

function statesOf(life: Life): readonly State[] {
  const states: State[] = [];
  let state: State = blank;
  for (const { values } of life.events) states.push((state = { ...state, ...values }));
  return states;
}

/** The deal as it is now. */
export function dealOf(life: Life): AnyRecord & { pending: [] } {
  const last = statesOf(life).at(-1) ?? blank;
  return recordOf('deal', life.id, {
    ...last,
    createdAt: life.events[0]?.at,
    updatedAt: life.events.at(-1)?.at,
    openedAt: life.events[0]?.at.slice(0, 10),
  });
}

/** Its history as devices and the server write it: an entry for every event. */
export function historyOf(life: Life): readonly (AnyRecord & { pending: [] })[] {
  const states = statesOf(life);
  return life.events.map(({ at }, place) => {
    const before = place === 0 ? null : states[place - 1];
    const after = states[place] ?? blank;
    return recordOf('stageChange', `${life.id}.${String(place)}`, {
      dealId: life.id,
      pipelineId: after.pipelineId,
      fromStage: before?.stageId ?? null,
      toStage: after.stageId,
      fromType: before?.status ?? null,
      toType: after.status,
      currency: after.currency,
      amountBefore: before?.amount ?? null,
      amountAfter: after.amount,
      closeDateBefore: before?.closeDate ?? null,
      closeDateAfter: after.closeDate,
      probabilityBefore: before?.probability ?? null,
      probabilityAfter: after.probability,
      forecastCategoryBefore: before?.forecastCategory ?? null,
      forecastCategoryAfter: after.forecastCategory,
      ownerBefore: before?.ownerId ?? null,
      ownerAfter: after.ownerId,
      ownerId: after.ownerId,
      occurredAt: at,
      createdAt: at,
      updatedAt: at,
    });
  });
}

export function entriesOf(life: Life): readonly DatedEntry[] {
  return historyOf(life).map((record) => ({ atMs: toEpochMs(String(record['occurredAt'])), record }));
}

/** What it was at the end of a day in UTC; null before it was there. */
export function stateOn(life: Life, day: Day): State | null {
  const end = `${addDays(day, 1)}T00:00:00.000Z`;
  const place = life.events.findLastIndex(({ at }) => at < end);
  return statesOf(life)[place] ?? null;
}
