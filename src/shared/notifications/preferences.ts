import {
  ruleOf,
  preferenceNames,
  type NotificationType,
  type PreferenceName,
} from '#shared/notifications/notification-types.ts';
import { defaultQuietHours, isQuietHours, type QuietHours } from '#shared/notifications/quiet-hours.ts';

export const digestChoices = ['none', 'daily', 'weekly'] as const;
export type DigestChoice = (typeof digestChoices)[number];

/** NotificationPreferences of TSK-14. */
export type NotificationPreferences = Readonly<Record<PreferenceName, boolean>> & {
  readonly emailDigest: DigestChoice;
  readonly quietHours: QuietHours;
};

interface Revised {
  readonly id: string;
  readonly rev: number;
  readonly createdAt: string;
}

/** Order in which records that are only added follow each other: as the server received them, unsent ones last. */
export function isLater(one: Revised, other: Revised): boolean {
  const [left, right] = [one.rev === 0 ? Infinity : one.rev, other.rev === 0 ? Infinity : other.rev];
  if (left !== right) return left > right;
  return one.createdAt === other.createdAt ? one.id > other.id : one.createdAt > other.createdAt;
}

/** Of several records of one person, the one that holds. */
export function newestOf<Row extends Revised>(records: Iterable<Row>): Row | null {
  let newest: Row | null = null;
  for (const record of records) if (newest === null || isLater(record, newest)) newest = record;
  return newest;
}

/** What holds for somebody with this record of preferences, or without one. */
export function readPreferences(record: Readonly<Record<string, unknown>> | null): NotificationPreferences {
  const given = record ?? {};
  const wished = Object.fromEntries(preferenceNames.map((name) => [name, given[name] !== false])) as Record<
    PreferenceName,
    boolean
  >;
  const hours = given['quietHours'];
  return {
    ...wished,
    emailDigest: digestChoices.find((choice) => choice === given['emailDigest']) ?? 'none',
    quietHours: isQuietHours(hours) ? hours : defaultQuietHours,
  };
}

export function isWanted(preferences: NotificationPreferences, type: NotificationType): boolean {
  const { preference } = ruleOf(type);
  return preference === null || preferences[preference];
}
