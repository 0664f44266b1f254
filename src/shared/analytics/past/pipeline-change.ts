// What became of the open deals of a question between two days: each deal that came, went or is worth something else
// makes one to three steps, and start + steps = end, to the minor unit. What leaves because it was won or lost leaves with
// what it was worth then; its change on the way is a step of its own. Deals that came and were closed in between do both.
import type { Period } from '#shared/kernel/periods.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';

/** In the order of a waterfall. */
export const changeKinds = [
  /** Was not there on the first day. */
  'new',
  /** Was closed on the first day. */
  'reopened',
  /** Its close date came into the period. */
  'pulledIn',
  /** Came by its owner, team or pipeline. */
  'handedIn',
  'amountUp',
  'amountDown',
  /** The same amount is worth something else, at the rate of another day. */
  'rates',
  /** Its close date left the period. */
  'pushedOut',
  /** Left by its owner, team or pipeline. */
  'handedAway',
  'won',
  'lost',
] as const;
export type ChangeKind = (typeof changeKinds)[number];

/** The question: which deals belong to it while they are open. */
export interface ChangeScope {
  /** Close date within; null: any, also none. */
  readonly period: Period | null;
  /** By owner, team and pipeline. */
  readonly isOurs: (deal: AnyRecord) => boolean;
  /** Minor units of one currency; null without an amount or a rate for it. */
  readonly valueOf: (deal: AnyRecord) => number | null;
}

export interface ChangeStep {
  readonly kind: ChangeKind;
  /** Added to the open pipeline; negative for what leaves it. */
  readonly value: number;
}

export interface DealChange {
  /** What it adds to the start and to the end; null when it is not part of the question on that day. */
  readonly start: number | null;
  readonly end: number | null;
  readonly steps: readonly ChangeStep[];
}

const nothing: DealChange = { start: null, end: null, steps: [] };

/** One deal between the end of one day and the end of another; null: it was not there. */
export function changeOfDeal(before: AnyRecord | null, after: AnyRecord | null, scope: ChangeScope): DealChange {
  if (after === null) return nothing;
  const wasIn = before !== null && isOpenPart(before, scope);
  if (before === after) {
    const value = wasIn ? (scope.valueOf(after) ?? 0) : null;
    return { start: value, end: value, steps: [] };
  }
  const start = wasIn ? (scope.valueOf(before) ?? 0) : null;
  const end = isOpenPart(after, scope) ? (scope.valueOf(after) ?? 0) : null;
  if (before !== null && start !== null) {
    return {
      start,
      end,
      steps: end === null ? stepsOut(before, after, start, scope) : worthSteps(before, after, start, end),
    };
  }
  if (end !== null) return { start, end, steps: [{ kind: kindIn(before, scope), value: end }] };
  return cameAndWent(before, after, scope);
}

/** True for a deal that is open and part of the question. */
export function isOpenPart(deal: AnyRecord, scope: ChangeScope): boolean {
  return deal['status'] === 'open' && isDue(deal, scope.period) && scope.isOurs(deal);
}

function isDue(deal: AnyRecord, period: Period | null): boolean {
  if (period === null) return true;
  const closeDate = deal['closeDate'];
  return typeof closeDate === 'string' && closeDate >= period.start && closeDate <= period.end;
}

/** What an open deal is worth now, and before. */
function worthSteps(before: AnyRecord, after: AnyRecord, start: number, end: number): readonly ChangeStep[] {
  const value = end - start;
  if (value === 0) return [];
  const isSameAmount =
    (before['amount'] ?? null) === (after['amount'] ?? null) &&
    (before['currency'] ?? null) === (after['currency'] ?? null);
  return [{ kind: isSameAmount ? 'rates' : value > 0 ? 'amountUp' : 'amountDown', value }];
}

function stepsOut(before: AnyRecord, after: AnyRecord, start: number, scope: ChangeScope): readonly ChangeStep[] {
  if (!scope.isOurs(after)) return [{ kind: 'handedAway', value: 0 - start }];
  const status = after['status'];
  if (status === 'won' || status === 'lost') {
    const end = scope.valueOf(after) ?? 0;
    return [...worthSteps(before, after, start, end), { kind: status, value: 0 - end }];
  }
  return [{ kind: 'pushedOut', value: 0 - start }];
}

function kindIn(before: AnyRecord | null, scope: ChangeScope): ChangeKind {
  if (before === null) return 'new';
  if (before['status'] !== 'open') return 'reopened';
  return isDue(before, scope.period) ? 'handedIn' : 'pulledIn';
}

/** Of neither day: a deal that came into the question and was closed in it between them. */
function cameAndWent(before: AnyRecord | null, after: AnyRecord, scope: ChangeScope): DealChange {
  const status = after['status'];
  const wasClosed = before !== null && before['status'] !== 'open';
  if ((status !== 'won' && status !== 'lost') || wasClosed || !isDue(after, scope.period) || !scope.isOurs(after))
    return nothing;
  const value = scope.valueOf(after) ?? 0;
  return {
    start: null,
    end: null,
    steps: [
      { kind: kindIn(before, scope), value },
      { kind: status, value: 0 - value },
    ],
  };
}

export interface ChangeSum {
  readonly count: number;
  readonly value: number;
}

export interface ChangeSums {
  readonly start: ChangeSum;
  readonly end: ChangeSum;
  readonly parts: Readonly<Record<ChangeKind, ChangeSum>>;
}

/** Adds up what single deals did; the same in any order. */
export interface ChangeTotals {
  add(change: DealChange): void;
  sums(): ChangeSums;
}

export function createChangeTotals(): ChangeTotals {
  const start = { count: 0, value: 0 };
  const end = { count: 0, value: 0 };
  const none = (): { count: number; value: number } => ({ count: 0, value: 0 });
  const parts: Record<ChangeKind, { count: number; value: number }> = {
    new: none(),
    reopened: none(),
    pulledIn: none(),
    handedIn: none(),
    amountUp: none(),
    amountDown: none(),
    rates: none(),
    pushedOut: none(),
    handedAway: none(),
    won: none(),
    lost: none(),
  };
  const put = (sum: { count: number; value: number }, value: number | null): void => {
    if (value === null) return;
    sum.count += 1;
    sum.value += value;
  };
  return {
    add(change) {
      put(start, change.start);
      put(end, change.end);
      for (const { kind, value } of change.steps) put(parts[kind], value);
    },
    sums: () => ({ start, end, parts }),
  };
}
