import { Anchor } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { showDone, useCommand } from '#renderer/blocks/use-command.tsx';
import { MOST_MARKED, type MarkAct } from '#shared/entities/notification-mark/notification-mark.ts';
import type { InboxItem } from '#shared/notifications/inbox.ts';

export interface InboxCommands {
  read(items: readonly InboxItem[]): void;
  unread(items: readonly InboxItem[]): void;
  /** Out of the inbox; says so, and takes it back. */
  archive(items: readonly InboxItem[]): void;
  restore(items: readonly InboxItem[]): void;
  snooze(items: readonly InboxItem[], until: string, when: string): void;
}

export function useInboxCommands(): InboxCommands {
  const { t } = useTranslation();
  const run = useCommand();
  return useMemo(() => {
    async function mark(items: readonly InboxItem[], act: MarkAct, until: string | null = null): Promise<boolean> {
      let isDone = items.length > 0;
      for (let from = 0; from < items.length; from += MOST_MARKED) {
        const part = items.slice(from, from + MOST_MARKED);
        const through = part.reduce((newest, { cameAt }) => (cameAt > newest ? cameAt : newest), '');
        const done = await run('markNotifications', { keys: part.map(({ key }) => key), act, through, until });
        isDone &&= done !== null;
      }
      return isDone;
    }
    async function away(
      items: readonly InboxItem[],
      act: MarkAct,
      text: string,
      until: string | null = null,
    ): Promise<void> {
      if (!(await mark(items, act, until))) return;
      showDone({
        message: (
          <span>
            {text}{' '}
            <Anchor component="button" size="sm" onClick={() => void mark(items, 'restored')}>
              {t('common.undo')}
            </Anchor>
          </span>
        ),
        closeButtonProps: { 'aria-label': t('common.close') },
      });
    }
    return {
      read: (items) => void mark(items, 'read'),
      unread: (items) => void mark(items, 'unread'),
      archive: (items) => void away(items, 'archived', t('notifications.archived', { count: items.length })),
      restore: (items) => void mark(items, 'restored'),
      snooze: (items, until, when) => void away(items, 'snoozed', t('notifications.snoozedUntil', { when }), until),
    };
  }, [run, t]);
}
