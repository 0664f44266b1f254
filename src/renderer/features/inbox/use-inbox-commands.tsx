import { notifications } from '@mantine/notifications';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { UndoButton } from '#renderer/blocks/undo-button.tsx';
import { showDone, useCommand } from '#renderer/blocks/use-command.tsx';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import type { UnreadNotification } from '#renderer/data/data-contract.ts';
import { useRequest } from '#renderer/data/use-data.ts';
import { MOST_MARKED, type MarkAct } from '#shared/entities/notification-mark/notification-mark.ts';
import type { InboxItem } from '#shared/notifications/inbox.ts';
import type { Folder } from '#shared/notifications/inbox-groups.ts';

export interface InboxCommands {
  read(items: readonly InboxItem[]): void;
  /** Everything unread in a folder, also what no row shows; says how much it was, and takes it back. */
  readAll(folder: Folder): Promise<void>;
  unread(items: readonly InboxItem[]): void;
  /** Out of the inbox; says so, and takes it back. */
  archive(items: readonly InboxItem[]): void;
  restore(items: readonly InboxItem[]): void;
  snooze(items: readonly InboxItem[], until: string, when: string): void;
}

export function useInboxCommands(): InboxCommands {
  const { t } = useTranslation();
  const run = useCommand();
  const request = useRequest();
  const errorText = useErrorText();
  return useMemo(() => {
    /** In parts, each of them kept by itself: what was marked stays so, whatever becomes of the rest. */
    async function mark(
      items: readonly UnreadNotification[],
      act: MarkAct,
      until: string | null = null,
    ): Promise<readonly UnreadNotification[]> {
      for (let from = 0; from < items.length; from += MOST_MARKED) {
        const part = items.slice(from, from + MOST_MARKED);
        const through = part.reduce((newest, { cameAt }) => (cameAt > newest ? cameAt : newest), '');
        const done = await run('markNotifications', { keys: part.map(({ key }) => key), act, through, until });
        if (done === null) return items.slice(0, from);
      }
      return items;
    }
    function tell(text: string, takeBack: () => void): void {
      showDone({
        message: (
          <span>
            {text} <UndoButton onUndo={takeBack}>{t('common.undo')}</UndoButton>
          </span>
        ),
        closeButtonProps: { 'aria-label': t('common.close') },
      });
    }
    async function away(
      items: readonly InboxItem[],
      act: MarkAct,
      text: string,
      until: string | null = null,
    ): Promise<void> {
      const marked = await mark(items, act, until);
      if (marked.length === items.length) tell(text, () => void mark(marked, 'restored'));
    }
    async function readAll(folder: Folder): Promise<void> {
      try {
        const marked = await mark(await request('listUnread', { folder }), 'read');
        if (marked.length > 0)
          tell(t('notifications.allRead', { count: marked.length }), () => void mark(marked, 'unread'));
      } catch (error) {
        notifications.show({
          color: 'red',
          title: t('common.notSaved'),
          message: errorText(error),
          closeButtonProps: { 'aria-label': t('common.close') },
        });
      }
    }
    return {
      read: (items) => void mark(items, 'read'),
      readAll,
      unread: (items) => void mark(items, 'unread'),
      archive: (items) => void away(items, 'archived', t('notifications.archived', { count: items.length })),
      restore: (items) => void mark(items, 'restored'),
      snooze: (items, until, when) => void away(items, 'snoozed', t('notifications.snoozedUntil', { when }), until),
    };
  }, [run, request, errorText, t]);
}
