// What a deal was at the end of a day, put together from its history: of the entries that happened before that instant, the one
// accepted last tells what it was worth, where it stood and whose it was. What has no history (its name, its account) is today's. A deal nobody touched since
// that day is today's record itself, also when an edit of it is not sent yet and the server has written no entry.
import { isMoveEntry } from '#shared/entities/stage-change/changed-groups.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import type { Day } from '#shared/kernel/calendar.ts';

/** An entry of the stage history with its instant as a number. */
export interface DatedEntry {
  readonly atMs: number;
  readonly record: AnyRecord;
}

/** The end of a day. */
export interface Moment {
  readonly day: Day;
  /** The first millisecond after it. */
  readonly endMs: number;
  /** The same as records write it. */
  readonly endInstant: string;
}

/** Fields of a deal that its history tells for every day. */
export const pastDealFields = [
  'pipelineId',
  'stageId',
  'stageChangedAt',
  'status',
  'probability',
  'forecastCategory',
  'closedAt',
  'reopenedAt',
  'amount',
  'currency',
  'closeDate',
  'ownerId',
  'teamId',
] as const;
type PastField = (typeof pastDealFields)[number];
type PastValues = Record<PastField, unknown>;

const valueOf = (record: AnyRecord, field: string): unknown => record[field] ?? null;

/**
 * The deal at the end of a day; null when it was not there yet. `entries` are those of the deal in the order in which they
 * were accepted, `teamOf` the team of a user.
 */
export function dealOnDay<Deal extends AnyRecord>(
  deal: Deal,
  entries: readonly DatedEntry[],
  moment: Moment,
  teamOf: (userId: string) => string | null,
): Deal | null {
  if (!wasThere(deal, entries, moment)) return null;
  if (isBefore(deal.updatedAt, moment)) return deal;
  const first = entries[0];
  if (first === undefined) return deal;
  const place = lastBefore(entries, moment.endMs);
  const entry = entries[place];
  const values = entry === undefined ? valuesBefore(first.record) : valuesAfter(entry.record);
  const ownerId = ownerAt(deal, entries, place);
  const then: PastValues = {
    ...values,
    ...datesOfMoves(entries.slice(0, place + 1), moment, values.status),
    ownerId,
    teamId: ownerId === valueOf(deal, 'ownerId') || ownerId === null ? valueOf(deal, 'teamId') : teamOf(ownerId),
  };
  if (pastDealFields.every((field) => then[field] === valueOf(deal, field))) return deal;
  // Whoever won or lost it gave the reason then.
  return then.status === 'open' ? { ...deal, ...then, wonLostReason: null } : { ...deal, ...then };
}

/** Envelopes are stamped in one form, which is compared as text: a hundred thousand of them are, for every day. */
function isBefore(stamp: string, { endInstant }: Moment): boolean {
  return stamp !== '' && stamp < endInstant;
}

/** A deal that was entered with an earlier day of opening was there from that day on. */
function wasThere(deal: AnyRecord, entries: readonly DatedEntry[], moment: Moment): boolean {
  const { day, endMs } = moment;
  if (isBefore(deal.createdAt, moment) || (entries[0]?.atMs ?? endMs) < endMs) return true;
  const openedAt = deal['openedAt'];
  return typeof openedAt === 'string' && openedAt < deal.createdAt.slice(0, 10) && openedAt <= day;
}

function lastBefore(entries: readonly DatedEntry[], endMs: number): number {
  let place = entries.length - 1;
  while (place >= 0 && (entries[place]?.atMs ?? 0) >= endMs) place -= 1;
  return place;
}

type EntryValues = Pick<
  PastValues,
  'pipelineId' | 'stageId' | 'status' | 'amount' | 'currency' | 'closeDate' | 'probability' | 'forecastCategory'
>;

function valuesAfter(entry: AnyRecord): EntryValues {
  return {
    pipelineId: valueOf(entry, 'pipelineId'),
    stageId: valueOf(entry, 'toStage'),
    status: valueOf(entry, 'toType'),
    amount: valueOf(entry, 'amountAfter'),
    currency: valueOf(entry, 'currency'),
    closeDate: valueOf(entry, 'closeDateAfter'),
    probability: valueOf(entry, 'probabilityAfter'),
    forecastCategory: valueOf(entry, 'forecastCategoryAfter'),
  };
}

/**
 * Before the first entry. One that was entered later than it was opened (imported as won, say) was open in a stage nobody
 * knows; what it was worth is the first that is known of it.
 */
function valuesBefore(first: AnyRecord): EntryValues {
  const values = valuesAfter(first);
  if (valueOf(first, 'fromStage') === null)
    return { ...values, stageId: null, status: 'open', probability: null, forecastCategory: null };
  return {
    ...values,
    stageId: valueOf(first, 'fromStage'),
    status: valueOf(first, 'fromType'),
    amount: valueOf(first, 'amountBefore'),
    currency: valueOf(first, 'currencyBefore') ?? values.currency,
    closeDate: valueOf(first, 'closeDateBefore'),
    probability: valueOf(first, 'probabilityBefore'),
    forecastCategory: valueOf(first, 'forecastCategoryBefore'),
  };
}

/** The owner: of the entry, else what the next one that knows says was before it, else today's. */
function ownerAt(deal: AnyRecord, entries: readonly DatedEntry[], place: number): string | null {
  const known = entries[place]?.record['ownerAfter'];
  if (typeof known === 'string') return known;
  for (const { record } of entries.slice(place + 1)) {
    const before = record['ownerBefore'];
    if (typeof before === 'string') return before;
  }
  const today = deal['ownerId'];
  return typeof today === 'string' ? today : null;
}

function datesOfMoves(
  entries: readonly DatedEntry[],
  { endMs }: Moment,
  status: unknown,
): Pick<PastValues, 'stageChangedAt' | 'closedAt' | 'reopenedAt'> {
  let stageChangedAt: unknown = null;
  let reopenedAt: unknown = null;
  for (const { atMs, record: entry } of entries) {
    if (atMs >= endMs || !isMoveEntry(entry)) continue;
    stageChangedAt = valueOf(entry, 'occurredAt');
    const from = valueOf(entry, 'fromType');
    if (valueOf(entry, 'toType') === 'open' && (from === 'won' || from === 'lost')) reopenedAt = stageChangedAt;
  }
  return { stageChangedAt, closedAt: status === 'open' ? null : stageChangedAt, reopenedAt };
}
