// Everything this person is notified of. What is shown is derived from the records that are here, so it works without a
// network, says what is true now, and is gone with the right to see it.
import { Button, Kbd, SegmentedControl, Select } from '@mantine/core';
import { IconBellCheck, IconChecks, IconSettings, IconSpeakerphone } from '@tabler/icons-react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useFormat } from '#renderer/app/format/format.ts';
import { toLocalDay } from '#renderer/app/format/local-day.ts';
import { useCan } from '#renderer/blocks/use-can.ts';
import { useNotificationWords } from '#renderer/blocks/use-notification-words.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { useLive } from '#renderer/data/use-data.ts';
import {
  folders,
  groupings,
  groupItems,
  isIn,
  type Folder,
  type Grouping,
} from '#renderer/features/inbox/inbox-groups.ts';
import { InboxRow } from '#renderer/features/inbox/inbox-row.tsx';
import { TeamAlertDialog } from '#renderer/features/inbox/team-alert-dialog.tsx';
import { useInboxCommands } from '#renderer/features/inbox/use-inbox-commands.tsx';
import { useRowsByAndBy } from '#renderer/features/inbox/use-rows-by-and-by.ts';
import { useInboxKeys } from '#renderer/features/inbox/use-inbox-keys.ts';
import { EmptyState } from '#renderer/ui/empty-state.tsx';
import { Page } from '#renderer/ui/page.tsx';
import { entities } from '#shared/entities/registry.ts';
import type { InboxItem } from '#shared/notifications/inbox.ts';
import { routeOfNotification } from '#shared/notifications/notification-route.ts';
import classes from './inbox.module.css';

const GROUPING_KEY = 'outpost.inboxGrouping';
const nothing: readonly InboxItem[] = [];

const toFolder = (value: string | null): Folder => folders.find((folder) => folder === value) ?? 'open';
const toGrouping = (value: string | null): Grouping => groupings.find((grouping) => grouping === value) ?? 'day';

export function InboxScreen() {
  const { t } = useTranslation();
  const format = useFormat();
  const navigate = useNavigate();
  const can = useCan();
  const [folder, setFolder] = useState<Folder>('open');
  const [grouping, setGrouping] = useState<Grouping>(() => toGrouping(localStorage.getItem(GROUPING_KEY)));
  const [chosen, setChosen] = useState<string | null>(null);
  const [snoozing, setSnoozing] = useState<string | null>(null);
  const [isAlerting, setAlerting] = useState(false);
  const { data } = useLive('inbox', {});
  const items = data?.items ?? nothing;
  const labels = useMemo(() => data?.labels ?? {}, [data?.labels]);
  const wordsOf = useNotificationWords(labels);
  const commands = useInboxCommands();
  const shown = useMemo(() => items.filter((item) => isIn(folder, item)), [items, folder]);
  const groups = useMemo(() => groupItems(shown, grouping, (at) => toLocalDay(new Date(at))), [shown, grouping]);
  const ordered = useMemo(() => groups.flatMap((group) => group.items), [groups]);
  const unread = shown.filter(({ isRead }) => !isRead);
  const place = Math.max(
    0,
    ordered.findIndex(({ key }) => key === chosen),
  );
  const current = ordered[place];
  const list = useRef<HTMLDivElement>(null);

  const { visible, end } = useRowsByAndBy(groups, place);

  const currentKey = current?.key ?? '';
  useEffect(() => {
    list.current?.querySelector(`[data-key="${CSS.escape(currentKey)}"]`)?.scrollIntoView({ block: 'nearest' });
  }, [currentKey]);

  /** The one after it is next, so that a pile is worked off without looking for the place. */
  const leave = useCallback(
    (item: InboxItem) => {
      const at = ordered.findIndex(({ key }) => key === item.key);
      setChosen((ordered[at + 1] ?? ordered[at - 1])?.key ?? null);
    },
    [ordered],
  );
  const archive = useCallback(
    (item: InboxItem) => {
      leave(item);
      if (item.isArchived || item.snoozedUntil !== null) commands.restore([item]);
      else commands.archive([item]);
    },
    [leave, commands],
  );
  const toggleRead = useCallback(
    (item: InboxItem) => (item.isRead ? commands.unread([item]) : commands.read([item])),
    [commands],
  );
  const opened = useCallback((item: InboxItem) => !item.isRead && commands.read([item]), [commands]);

  useInboxKeys(
    useMemo(
      () => ({
        move: (by) => setChosen(ordered[Math.min(Math.max(place + by, 0), ordered.length - 1)]?.key ?? null),
        open: () => {
          if (current === undefined) return;
          opened(current);
          void navigate(routeOfNotification(current));
        },
        archive: () => current !== undefined && archive(current),
        snooze: () => current !== undefined && setSnoozing(current.key),
        toggleRead: () => current !== undefined && toggleRead(current),
        readAll: () => commands.read(unread),
      }),
      [ordered, place, current, opened, navigate, archive, toggleRead, commands, unread],
    ),
  );

  function titleOfGroup(key: string, first: InboxItem | undefined): string {
    if (grouping === 'day') return format.nearDay(key);
    if (grouping === 'record' && first?.subject !== null && first !== undefined) return wordsOf(first).title;
    return t(`notifications.groups.${key}`);
  }

  return (
    <Page
      title={t('nav.inbox')}
      subtitle={data === undefined ? '' : t('notifications.unreadCount', { count: data.unread })}
      actions={
        <>
          {can('create', entities.announcement) ? (
            <Button
              variant="default"
              size="xs"
              leftSection={<IconSpeakerphone size={15} aria-hidden />}
              onClick={() => setAlerting(true)}
            >
              {t('notifications.alert.open')}
            </Button>
          ) : null}
          <Button
            variant="default"
            size="xs"
            leftSection={<IconSettings size={15} aria-hidden />}
            onClick={() => void invokeMain(getBridge(), 'window.openSettings', { section: 'notifications' })}
          >
            {t('notifications.preferences')}
          </Button>
        </>
      }
      toolbar={
        <>
          <SegmentedControl
            size="xs"
            aria-label={t('notifications.folder')}
            value={folder}
            onChange={(value) => setFolder(toFolder(value))}
            data={folders.map((value) => ({ value, label: t(`notifications.folders.${value}`) }))}
          />
          <Select
            size="xs"
            w={170}
            aria-label={t('notifications.groupBy')}
            value={grouping}
            allowDeselect={false}
            onChange={(value) => {
              const next = toGrouping(value);
              localStorage.setItem(GROUPING_KEY, next);
              setGrouping(next);
            }}
            data={groupings.map((value) => ({ value, label: t(`notifications.by.${value}`) }))}
          />
          <span className={classes.space} />
          <Button
            variant="subtle"
            size="xs"
            leftSection={<IconChecks size={15} aria-hidden />}
            disabled={unread.length === 0}
            onClick={() => commands.read(unread)}
          >
            {t('notifications.readAll')}
          </Button>
        </>
      }
    >
      <div className={classes.list} ref={list} data-testid="inbox">
        {data !== undefined && shown.length === 0 ? (
          <EmptyState
            icon={<IconBellCheck size={34} stroke={1.4} />}
            title={t(`notifications.empty.${folder}`)}
            text={t(`notifications.emptyText.${folder}`)}
          />
        ) : null}
        {visible.map((group) => (
          <section key={group.key} className={classes.group} aria-label={titleOfGroup(group.key, group.items[0])}>
            <h2 className={classes.groupTitle}>
              {titleOfGroup(group.key, group.items[0])}
              <span className={classes.count}>{format.number(group.count)}</span>
            </h2>
            <ul className={classes.rows}>
              {group.items.map((item) => (
                <InboxRow
                  key={item.key}
                  item={item}
                  worded={
                    grouping === 'record' && item.subject !== null
                      ? { ...wordsOf(item), title: t(`notifications.types.${item.type}`) }
                      : wordsOf(item)
                  }
                  actorName={item.actorId === null ? '' : (labels[item.actorId] ?? '')}
                  isChosen={item.key === current?.key}
                  isSnoozing={snoozing === item.key}
                  actions={{
                    onChoose: () => setChosen(item.key),
                    onOpen: () => opened(item),
                    onArchive: () => archive(item),
                    onRestore: () => archive(item),
                    onToggleRead: () => toggleRead(item),
                    onSnoozeMenu: (isOpen) => setSnoozing(isOpen ? item.key : null),
                    onSnooze: (until, when) => {
                      leave(item);
                      commands.snooze([item], until, when);
                    },
                  }}
                />
              ))}
            </ul>
          </section>
        ))}
        <div ref={end} />
      </div>
      {shown.length === 0 ? null : (
        <p className={classes.keys} aria-hidden>
          {(['j', 'k', 'o', 'e', 'h', 'u'] as const).map((key) => (
            <span key={key}>
              <Kbd size="xs">{key}</Kbd> {t(`notifications.keys.${key}`)}
            </span>
          ))}
        </p>
      )}
      {isAlerting ? <TeamAlertDialog onClose={() => setAlerting(false)} /> : null}
    </Page>
  );
}
