// A campaign that follows another one: it goes, some days after the other went out, to those who did something with it or did not.
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { toEpochMs } from '#shared/kernel/calendar.ts';

export const followConditions = ['notOpened', 'notClicked', 'opened', 'clicked'] as const;
export type FollowCondition = (typeof followConditions)[number];
export const USUAL_FOLLOW_DAYS = 3;

export interface FollowUp {
  readonly campaignId: string;
  readonly when: FollowCondition;
  readonly days: number;
}

/** What the record says; null: it is no follow-up. */
export function followUpOf(record: Pick<AnyRecord, string>): FollowUp | null {
  const { followsId, followsWhen, followsDays } = record as Readonly<Record<string, unknown>>;
  if (typeof followsId !== 'string' || followsId === '') return null;
  return {
    campaignId: followsId,
    when: followConditions.find((known) => known === followsWhen) ?? 'notOpened',
    days: typeof followsDays === 'number' ? followsDays : USUAL_FOLLOW_DAYS,
  };
}

const DAY_MS = 86_400_000;

export interface FollowMoment {
  readonly atMs: number;
  /** The campaign it follows has gone out; before that, it is about then. */
  readonly isCertain: boolean;
}

/** When a published follow-up goes out, as far as the campaign it follows says; null: that cannot be told yet. */
export function followMoment(
  { days }: FollowUp,
  followed: Pick<AnyRecord, string> | null,
  nowMs: number,
): FollowMoment | null {
  if (followed === null) return null;
  const { state, finishedAt, scheduledAt, followsId } = followed as Readonly<Record<string, unknown>>;
  if (typeof finishedAt === 'string') return { atMs: toEpochMs(finishedAt) + days * DAY_MS, isCertain: true };
  if (state === 'sending') return { atMs: nowMs + days * DAY_MS, isCertain: false };
  // A follow-up of a follow-up hangs on a moment that is not known itself.
  if (state !== 'scheduled' || (typeof followsId === 'string' && followsId !== '')) return null;
  const startMs = typeof scheduledAt === 'string' ? Math.max(nowMs, toEpochMs(scheduledAt)) : nowMs;
  return { atMs: startMs + days * DAY_MS, isCertain: false };
}
