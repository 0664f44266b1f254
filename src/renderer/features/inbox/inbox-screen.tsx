// Everything this person is notified of. What is shown is derived from the records that are here, so it works without a
// network, says what is true now, and is gone with the right to see it.
import { Button, Kbd, SegmentedControl, Select } from '@mantine/core';
import { IconBellCheck, IconChecks, IconSettings, IconSpeakerphone } from '@tabler/icons-react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useFormat } from '#renderer/app/format/format.ts';
import { useCan } from '#renderer/blocks/use-can.ts';
import { useNotificationWords } from '#renderer/blocks/use-notification-words.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { useLive } from '#renderer/data/use-data.ts';
import { InboxRow, type RowActions } from '#renderer/features/inbox/inbox-row.tsx';
import { FIRST_ROWS, keepGrouping, readGrouping, toGrouping } from '#renderer/features/inbox/inbox-view.ts';
import { TeamAlertDialog } from '#renderer/features/inbox/team-alert-dialog.tsx';
import { useInboxCommands } from '#renderer/features/inbox/use-inbox-commands.tsx';
import { useInboxKeys } from '#renderer/features/inbox/use-inbox-keys.ts';
import { useMoreRows } from '#renderer/features/inbox/use-more-rows.ts';
import { EmptyState } from '#renderer/ui/empty-state.tsx';
import { Page } from '#renderer/ui/page.tsx';
import { entities } from '#shared/entities/registry.ts';
import type { InboxItem } from '#shared/notifications/inbox.ts';
import { folders, groupings, type Folder, type InboxGroup } from '#shared/notifications/inbox-groups.ts';
import { routeOfNotification } from '#shared/notifications/notification-route.ts';
import type { Labels } from '#shared/query/live-answer.ts';
import classes from './inbox.module.css';

/** More of them when the end is looked at or the keyboard comes near it. */
const MORE_ROWS = 40;
const AHEAD = 15;
const noGroups: readonly InboxGroup[] = [];
const noLabels: Labels = {};

const toFolder = (value: string | null): Folder => folders.find((folder) => folder === value) ?? 'open';

export function InboxScreen() {
  const { t } = useTranslation();
  const format = useFormat();
  const navigate = useNavigate();
  const can = useCan();
  const [folder, setFolder] = useState<Folder>('open');
  const [grouping, setGrouping] = useState(readGrouping);
  const [limit, setLimit] = useState(FIRST_ROWS);
  const [chosen, setChosen] = useState<string | null>(null);
  const [snoozing, setSnoozing] = useState<string | null>(null);
  const [isAlerting, setAlerting] = useState(false);
  const [isMarking, setMarking] = useState(false);
  const { data, isCurrent } = useLive('inbox', { folder, grouping, limit });
  const groups = data?.groups ?? noGroups;
  const labels = data?.labels ?? noLabels;
  const wordsOf = useNotificationWords(labels);
  const commands = useInboxCommands();
  const ordered = useMemo(() => groups.flatMap((group) => group.items), [groups]);
  const place = Math.max(
    0,
    ordered.findIndex(({ key }) => key === chosen),
  );
  const current = ordered[place];
  const list = useRef<HTMLDivElement>(null);

  const more = useCallback(() => setLimit((rows) => rows + MORE_ROWS), []);
  const hasMore = isCurrent && data !== undefined && ordered.length < data.total;
  const end = useMoreRows(hasMore, more);

  useEffect(() => {
    if (chosen === null) return;
    list.current?.querySelector(`[data-key="${CSS.escape(chosen)}"]`)?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);

  const rowActions = useMemo((): RowActions => {
    /** The one after it is next, so that a pile is worked off without looking for the place. */
    function leave(item: InboxItem): void {
      const at = ordered.findIndex(({ key }) => key === item.key);
      setChosen((ordered[at + 1] ?? ordered[at - 1])?.key ?? null);
    }
    return {
      onChoose: (item) => setChosen(item.key),
      onOpen: (item) => {
        if (!item.isRead) commands.read([item]);
      },
      onArchive: (item) => {
        leave(item);
        if (item.isArchived || item.snoozedUntil !== null) commands.restore([item]);
        else commands.archive([item]);
      },
      onToggleRead: (item) => (item.isRead ? commands.unread([item]) : commands.read([item])),
      onSnoozeMenu: (item, isOpen) => setSnoozing(isOpen ? item.key : null),
      onSnooze: (item, until, when) => {
        leave(item);
        commands.snooze([item], until, when);
      },
    };
  }, [ordered, commands]);

  const canReadAll = !isMarking && (data?.unreadHere ?? 0) > 0;
  const readAll = useCallback(() => {
    setMarking(true);
    void commands.readAll(folder).finally(() => setMarking(false));
  }, [commands, folder]);

  useInboxKeys(
    useMemo(
      () => ({
        move: (by) => {
          const next = Math.min(Math.max(place + by, 0), ordered.length - 1);
          setChosen(ordered[next]?.key ?? null);
          if (hasMore && next + AHEAD > ordered.length) more();
        },
        open: () => {
          if (current === undefined) return;
          rowActions.onOpen(current);
          void navigate(routeOfNotification(current));
        },
        archive: () => current !== undefined && rowActions.onArchive(current),
        snooze: () => current !== undefined && rowActions.onSnoozeMenu(current, true),
        toggleRead: () => current !== undefined && rowActions.onToggleRead(current),
        readAll: () => canReadAll && readAll(),
      }),
      [ordered, place, current, navigate, rowActions, canReadAll, readAll, hasMore, more],
    ),
  );

  function titleOfGroup(key: string, first: InboxItem | undefined): string {
    if (data?.grouping === 'day') return format.nearDay(key);
    if (data?.grouping === 'record' && first?.subject !== null && first !== undefined) return wordsOf(first).title;
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
            onChange={(value) => {
              setFolder(toFolder(value));
              setLimit(FIRST_ROWS);
            }}
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
              keepGrouping(next);
              setGrouping(next);
              setLimit(FIRST_ROWS);
            }}
            data={groupings.map((value) => ({ value, label: t(`notifications.by.${value}`) }))}
          />
          <span className={classes.space} />
          <Button
            variant="subtle"
            size="xs"
            leftSection={<IconChecks size={15} aria-hidden />}
            loading={isMarking}
            disabled={!canReadAll}
            onClick={readAll}
          >
            {t('notifications.readAll')}
          </Button>
        </>
      }
    >
      <div className={classes.list} ref={list} data-testid="inbox">
        {data !== undefined && data.total === 0 ? (
          <EmptyState
            icon={<IconBellCheck size={34} stroke={1.4} />}
            title={t(`notifications.empty.${data.folder}`)}
            text={t(`notifications.emptyText.${data.folder}`)}
          />
        ) : null}
        {groups.map((group) => (
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
                  wordsOf={wordsOf}
                  isUnderRecord={data?.grouping === 'record' && item.subject !== null}
                  actorName={item.actorId === null ? '' : (labels[item.actorId] ?? '')}
                  isChosen={item.key === current?.key}
                  isSnoozing={snoozing === item.key}
                  actions={rowActions}
                />
              ))}
            </ul>
          </section>
        ))}
        <div ref={end} />
      </div>
      {ordered.length === 0 ? null : (
        <p className={classes.keys} aria-hidden>
          {(['j', 'k', 'o', 'e', 'h', 'u', 'A'] as const).map((key) => (
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
