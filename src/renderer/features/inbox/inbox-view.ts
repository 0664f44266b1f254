// How the inbox was looked at last on this computer, and what is asked for then.
import type { InboxQuery } from '#renderer/data/data-contract.ts';
import { groupings, type Grouping } from '#shared/notifications/inbox-groups.ts';

const GROUPING_KEY = 'outpost.inboxGrouping';
/** As many rows as a window has. */
export const FIRST_ROWS = 20;

export const toGrouping = (value: string | null): Grouping => groupings.find((grouping) => grouping === value) ?? 'day';

export const readGrouping = (): Grouping => toGrouping(localStorage.getItem(GROUPING_KEY));

export const keepGrouping = (grouping: Grouping): void => localStorage.setItem(GROUPING_KEY, grouping);

/** What opening the inbox asks first. */
export const firstInboxQuery = (): InboxQuery => ({ folder: 'open', grouping: readGrouping(), limit: FIRST_ROWS });
