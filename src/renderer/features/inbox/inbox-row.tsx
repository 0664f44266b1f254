import {
  IconAt,
  IconBuildingBank,
  IconCalendarEvent,
  IconCheck,
  IconCheckbox,
  IconCurrencyEuro,
  IconInfoCircle,
  IconMailOpened,
  IconMail,
  IconRestore,
  IconTrophy,
} from '@tabler/icons-react';
import { memo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useFormat } from '#renderer/app/format/format.ts';
import { PersonInitials } from '#renderer/blocks/person-initials.tsx';
import { SnoozeMenu } from '#renderer/features/inbox/snooze-menu.tsx';
import type { InboxItem } from '#shared/notifications/inbox.ts';
import { ruleOf, type NotificationGroup } from '#shared/notifications/notification-types.ts';
import { routeOfNotification } from '#shared/notifications/notification-route.ts';
import type { WordedNotification } from '#shared/notifications/word-notification.ts';
import classes from './inbox.module.css';

const icons: Readonly<Record<NotificationGroup, ReactNode>> = {
  people: <IconAt size={16} stroke={1.7} />,
  tasks: <IconCheckbox size={16} stroke={1.7} />,
  deals: <IconCurrencyEuro size={16} stroke={1.7} />,
  performance: <IconTrophy size={16} stroke={1.7} />,
  system: <IconInfoCircle size={16} stroke={1.7} />,
};

function iconOf({ type }: InboxItem): ReactNode {
  if (type === 'customer.reminder') return <IconCalendarEvent size={16} stroke={1.7} />;
  return type === 'deal.highValue' ? <IconBuildingBank size={16} stroke={1.7} /> : icons[ruleOf(type).group];
}

/** The same for all rows and as long as nothing changes, so that a row is drawn anew only when it is another one. */
export interface RowActions {
  readonly onChoose: (item: InboxItem) => void;
  readonly onOpen: (item: InboxItem) => void;
  /** Out of the inbox, or back into it. */
  readonly onArchive: (item: InboxItem) => void;
  readonly onToggleRead: (item: InboxItem) => void;
  readonly onSnooze: (item: InboxItem, until: string, when: string) => void;
  readonly onSnoozeMenu: (item: InboxItem, isOpen: boolean) => void;
}

interface RowProps {
  readonly item: InboxItem;
  readonly wordsOf: (item: InboxItem) => WordedNotification;
  /** Stands below the name of its record, which it need not say again. */
  readonly isUnderRecord: boolean;
  readonly actorName: string;
  readonly isChosen: boolean;
  readonly isSnoozing: boolean;
  readonly actions: RowActions;
}

export const InboxRow = memo(function InboxRow(props: RowProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { item, actions } = props;
  const isDone = item.isArchived || item.snoozedUntil !== null;
  const kind = t(`notifications.types.${item.type}`);
  const worded = props.wordsOf(item);
  return (
    <li
      className={classes.row}
      data-chosen={props.isChosen || undefined}
      data-unread={!item.isRead || undefined}
      data-notification={item.type}
      data-key={item.key}
      aria-current={props.isChosen || undefined}
    >
      <span
        className={classes.dot}
        role={item.isRead ? undefined : 'img'}
        aria-label={item.isRead ? undefined : t('notifications.unread')}
      />
      <span className={classes.icon} data-group={ruleOf(item.type).group} title={kind}>
        {iconOf(item)}
      </span>
      <Link
        className={classes.main}
        to={routeOfNotification(item)}
        onClick={() => actions.onOpen(item)}
        onFocus={() => actions.onChoose(item)}
        draggable={false}
      >
        <span className={classes.rowTitle}>{props.isUnderRecord ? kind : worded.title}</span>
        <span className={classes.rowText}>{worded.text}</span>
      </Link>
      <span className={classes.side}>
        {item.actorId === null || props.actorName === '' ? null : (
          <PersonInitials userId={item.actorId} name={props.actorName} size={20} />
        )}
        <time className={classes.time} dateTime={item.cameAt} title={format.instant(item.cameAt)}>
          {item.snoozedUntil === null ? format.ago(item.cameAt) : format.instant(item.snoozedUntil)}
        </time>
      </span>
      <span className={classes.buttons}>
        <button
          type="button"
          className={classes.button}
          onClick={() => actions.onToggleRead(item)}
          aria-label={t(item.isRead ? 'notifications.markUnread' : 'notifications.markRead')}
          title={t(item.isRead ? 'notifications.markUnreadKey' : 'notifications.markReadKey')}
        >
          {item.isRead ? <IconMail size={16} stroke={1.7} /> : <IconMailOpened size={16} stroke={1.7} />}
        </button>
        <SnoozeMenu
          isOpen={props.isSnoozing}
          onOpen={(isOpen) => actions.onSnoozeMenu(item, isOpen)}
          onSnooze={(until, when) => actions.onSnooze(item, until, when)}
        />
        <button
          type="button"
          className={classes.button}
          onClick={() => actions.onArchive(item)}
          aria-label={t(isDone ? 'notifications.restore' : 'notifications.archive')}
          title={t(isDone ? 'notifications.restore' : 'notifications.archiveKey')}
        >
          {isDone ? <IconRestore size={16} stroke={1.7} /> : <IconCheck size={16} stroke={1.7} />}
        </button>
      </span>
    </li>
  );
});
