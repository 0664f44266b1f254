// Where a notification leads: a route of the main window, the same as that of a deep link.
import type { Notification } from '#shared/notifications/notification.ts';

const screens: Readonly<Record<string, string>> = {
  deal: 'deals',
  account: 'accounts',
  contact: 'contacts',
  lead: 'leads',
  activity: 'activities',
  task: 'tasks',
  goal: 'goals',
};

export function routeOfNotification({
  subject,
  type,
  facts,
}: Pick<Notification, 'subject' | 'type' | 'facts'>): string {
  const screen = screens[subject?.entity ?? String(facts['entity'])];
  if (screen !== undefined) return subject === null ? `/${screen}` : `/${screen}/${subject.id}`;
  return type === 'system.import' ? '/import' : '/inbox';
}
