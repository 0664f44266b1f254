// What happened to the deals of the demo company besides their moves: in the last ninety days amounts were negotiated up and
// down, closings pushed out and pulled in, offers judged by hand. Made backwards from what the deals are now, so that every
// history ends where its deal stands, and each entry goes on where the one before ended.
import { atOffice, DAY_MS, makeRecord } from '#shared/demo/demo-world.ts';
import type { DemoDeals } from '#shared/demo/generate-deals.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { SNAPSHOT_DAYS } from '#shared/entities/pipeline-snapshot/snapshot-lines.ts';
import { trackedValues } from '#shared/entities/stage-change/changed-groups.ts';
import { addDays, toEpochMs, toInstant, type Day } from '#shared/kernel/calendar.ts';
import { createSeededRandom, type SeededRandom } from '#shared/kernel/seeded-random.ts';

/** How many changes a deal saw in the time it was open. */
const CHANGES = [0, 0, 1, 1, 2, 3] as const;

/** What a deal was from one instant on. */
export interface Standing {
  readonly atMs: number;
  readonly deal: AnyRecord;
}

export interface DemoPast extends DemoDeals {
  /** Of each deal in the order of its history. */
  readonly standings: ReadonlyMap<string, readonly Standing[]>;
}

/** Something that happened, with what amount and close date were before it; undefined: the same as after it. */
interface Event {
  readonly atMs: number;
  /** Of a move. */
  readonly move?: AnyRecord;
  readonly amountBefore?: (after: number) => number;
  readonly dateBefore?: (after: Day) => Day;
  /** Judged by hand: what stands in the deal now. */
  readonly isJudgement?: boolean;
}

export function generatePast(options: { readonly seed: number; readonly nowMs: number }, deals: DemoDeals): DemoPast {
  // A source of its own, so that a busier past makes no other company.
  const random = createSeededRandom(options.seed + 1);
  const moves = Map.groupBy(deals.stageChange, (entry) => String(entry['dealId']));
  const standings = new Map<string, readonly Standing[]>();
  const stageChange: AnyRecord[] = [];
  const deal = deals.deal.map((record) => {
    const events = eventsOf(random, record, moves.get(record.id) ?? [], options.nowMs);
    const story = tell(record, events);
    standings.set(record.id, story.standings);
    stageChange.push(...story.entries);
    const lastMs = events.at(-1)?.atMs ?? 0;
    return lastMs > toEpochMs(record.updatedAt) ? { ...record, updatedAt: toInstant(lastMs) } : record;
  });
  return { deal, stageChange, standings };
}

function eventsOf(random: SeededRandom, deal: AnyRecord, moves: readonly AnyRecord[], nowMs: number): readonly Event[] {
  const events: Event[] = moves.map((move) => ({ atMs: toEpochMs(String(move['occurredAt'])), move }));
  const last = moves.at(-1);
  if (last === undefined) return events;
  const lastMs = toEpochMs(String(last['occurredAt']));
  const isOpen = last['toType'] === 'open';
  const untilMs = isOpen ? nowMs : lastMs;
  const fromMs = Math.max(toEpochMs(deal.createdAt), nowMs - SNAPSHOT_DAYS * DAY_MS);
  const days = Math.floor((untilMs - fromMs) / DAY_MS) - 2;
  if (!isOpen && days > 0) events[events.length - 1] = { atMs: lastMs, move: last, dateBefore: shiftDate(random) };
  for (let left = days < 4 ? 0 : random.pick(CHANGES); left > 0; left -= 1) {
    const atMs = atOffice(random, fromMs + random.integer(1, days) * DAY_MS);
    const isAmount = random.chance(0.55);
    events.push({
      atMs,
      ...(isAmount ? { amountBefore: shiftAmount(random) } : {}),
      ...(!isAmount || random.chance(0.2) ? { dateBefore: shiftDate(random) } : {}),
    });
  }
  const isJudged = deal['categorySource'] === 'manual' || deal['probabilitySource'] === 'manual';
  if (isJudged) events.push({ atMs: Math.round(lastMs + (nowMs - lastMs) / 3), isJudgement: true });
  return events.sort((a, b) => a.atMs - b.atMs);
}

/** More often up than down: people ask for more once they know what they get. */
function shiftAmount(random: SeededRandom): (after: number) => number {
  const factor = random.chance(0.6) ? 1 + random.integer(5, 40) / 100 : 1 - random.integer(5, 30) / 100;
  return (after) => Math.max(100, Math.round(after / factor / 100) * 100);
}

/** More often pushed out than pulled in. */
function shiftDate(random: SeededRandom): (after: Day) => Day {
  const days = random.chance(0.6) ? random.integer(7, 45) : -random.integer(5, 25);
  return (after) => addDays(after, -days);
}

interface Story {
  readonly entries: readonly AnyRecord[];
  readonly standings: readonly Standing[];
}

/** Amounts and dates from the end to the beginning, then everything from the beginning to the end. */
function tell(deal: AnyRecord, events: readonly Event[]): Story {
  let amount = Number(deal['amount']);
  let closeDate = String(deal['closeDate']);
  const worthAfter = events.toReversed().map((event) => {
    const after = { amount, closeDate };
    amount = event.amountBefore?.(amount) ?? amount;
    closeDate = event.dateBefore?.(closeDate) ?? closeDate;
    return after;
  });
  const standings: Standing[] = [];
  let before: AnyRecord | null = null;
  const entries: AnyRecord[] = [];
  for (const [index, event] of events.entries()) {
    const after: AnyRecord = { ...stateAfter(deal, before, event), ...worthAfter[events.length - 1 - index] };
    entries.push(toEntry(before, after, event, index));
    standings.push({ atMs: event.atMs, deal: after });
    before = after;
  }
  return { entries, standings };
}

function stateAfter(deal: AnyRecord, before: AnyRecord | null, { move, isJudgement }: Event): AnyRecord {
  if (isJudgement === true) return deal;
  if (move === undefined) return before ?? deal;
  const { toStage, toType, probabilityAfter, forecastCategoryAfter } = move;
  return {
    ...deal,
    stageId: toStage,
    status: toType,
    probability: probabilityAfter,
    forecastCategory: forecastCategoryAfter,
  };
}

function toEntry(before: AnyRecord | null, after: AnyRecord, { atMs, move }: Event, index: number): AnyRecord {
  const values = {
    dealId: after.id,
    pipelineId: after['pipelineId'],
    fromStage: before?.['stageId'],
    toStage: after['stageId'],
    fromType: before?.['status'],
    toType: after['status'],
    ...trackedValues(before, after),
    occurredAt: toInstant(atMs),
    ownerId: after.ownerId,
    teamId: after.teamId,
  };
  return makeRecord('stageChange', move?.id ?? `${after.id}.c${String(index)}`, { atMs, by: after.ownerId }, values);
}
