// A campaign that follows another one: it goes, some days after the other went out, to those who did something with it or did not.
import type { AnyRecord } from '#shared/entities/define-entity.ts';

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
