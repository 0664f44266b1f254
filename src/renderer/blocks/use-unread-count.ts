import { useLive } from '#renderer/data/use-data.ts';

/** How much waits in the inbox; 0 as long as nobody knows. */
export function useUnreadCount(): number {
  return useLive('inboxCount', {}).data?.unread ?? 0;
}
