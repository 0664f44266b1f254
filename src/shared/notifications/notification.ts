// A notification is derived, never sent: every computer of a person, and the server for mails, makes the same ones with the
// same keys from the records this person sees now. So none can tell more than its reader may see, a right that is lost
// takes its notifications along, and none comes twice.
import type { Actor } from '#shared/access/actor.ts';
import type { TimeZone } from '#shared/analytics/time-zone.ts';
import type { AnyRecord, EntityName } from '#shared/entities/define-entity.ts';
import type { NotificationType } from '#shared/notifications/notification-types.ts';
import type { RecordSource } from '#shared/query/record-source.ts';

/** What a sentence is filled with; values come from projections, so hidden and masked ones are not among them. */
export interface NotificationFacts {
  readonly [name: string]: string | number | null;
}

export interface Notification {
  /** The same on every device; names what happened, not how often it was seen. */
  readonly key: string;
  readonly type: NotificationType;
  /** When it happened, or when it is due: not to be told before. */
  readonly at: string;
  /** Record to jump to; null for what is about none. */
  readonly subject: { readonly entity: EntityName; readonly id: string } | null;
  /** Name of that record as its reader sees it. */
  readonly title: string;
  /** Who did it; null: nobody, or not known. */
  readonly actorId: string | null;
  readonly facts: NotificationFacts;
}

/** What notifications are derived with. */
export interface NotificationWorld {
  readonly source: RecordSource;
  readonly actor: Pick<Actor, 'userId' | 'teamIds' | 'permissions'>;
  readonly zone: TimeZone;
}

/** Days after which what happened is no news any more. */
export const KEPT_DAYS = 30;

/** What one record means for the reader. Pure: reads only records the reader sees. */
export type Derive = (world: NotificationWorld, record: AnyRecord) => readonly Notification[];

/** One kind of record notifications come from. */
export interface NotificationOrigin {
  readonly entity: EntityName;
  readonly derive: Derive;
  /** Records of this kind are looked at anew when one they name changes: the fields that name it. */
  readonly follows?: readonly { readonly field: string; readonly entity: EntityName }[];
  /** Older records of it mean nothing any more (thousands of entries of history). */
  readonly momentOf?: (record: AnyRecord) => string | null;
}

export function textIn(record: AnyRecord | undefined, field: string): string | null {
  const value = record?.[field];
  return typeof value === 'string' && value !== '' ? value : null;
}

export function numberIn(record: AnyRecord | undefined, field: string): number | null {
  const value = record?.[field];
  return typeof value === 'number' ? value : null;
}

/** Does the reader lead this person: as the manager, or as the lead of the person's team? */
export function leads({ source, actor }: NotificationWorld, userId: string | null): boolean {
  if (userId === null || userId === actor.userId) return false;
  const person = source.get('user', userId);
  if (person === undefined) return false;
  if (person['managerId'] === actor.userId) return true;
  const team = person.teamId === null ? undefined : source.get('team', person.teamId);
  return team?.['leadId'] === actor.userId;
}
