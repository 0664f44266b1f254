// The inbox in groups, in the order in which their newest member came.
import { ruleOf } from '#shared/notifications/notification-types.ts';
import type { InboxItem } from '#shared/notifications/inbox.ts';

export const groupings = ['day', 'record', 'type'] as const;
export type Grouping = (typeof groupings)[number];

export const folders = ['open', 'snoozed', 'done'] as const;
export type Folder = (typeof folders)[number];

export interface InboxGroup {
  /** Day, place of the record or name of the group. */
  readonly key: string;
  /** Of the whole group. */
  readonly count: number;
  readonly items: readonly InboxItem[];
}

export function isIn(folder: Folder, { isArchived, snoozedUntil }: InboxItem): boolean {
  if (snoozedUntil !== null) return folder === 'snoozed';
  return folder === (isArchived ? 'done' : 'open');
}

/** The groups that the first `limit` rows stand in, with those rows. */
export function groupItems(
  items: readonly InboxItem[],
  by: Grouping,
  dayOf: (instant: string) => string,
  limit: number,
): readonly InboxGroup[] {
  const keyOf = (item: InboxItem): string => {
    if (by === 'day') return dayOf(item.cameAt);
    if (by === 'record' && item.subject !== null) return `${item.subject.entity} ${item.subject.id}`;
    return ruleOf(item.type).group;
  };
  const groups = new Map<string, InboxItem[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  let left = limit;
  const shown: InboxGroup[] = [];
  for (const [key, found] of groups) {
    if (left <= 0) break;
    shown.push({ key, count: found.length, items: found.slice(0, left) });
    left -= found.length;
  }
  return shown;
}
