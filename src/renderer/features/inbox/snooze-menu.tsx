import { ActionIcon, Button, Menu, TextInput } from '@mantine/core';
import { IconClockPause } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { createTimeZone } from '#shared/analytics/time-zone.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import { snoozeTimes } from '#shared/notifications/snooze-times.ts';
import classes from './inbox.module.css';

const zone = createTimeZone(new Intl.DateTimeFormat().resolvedOptions().timeZone);

/** When a notification is to come back: moments as people name them, or a day and a time. */
export function SnoozeMenu(props: {
  readonly isOpen: boolean;
  readonly onOpen: (isOpen: boolean) => void;
  readonly onSnooze: (until: string, when: string) => void;
}) {
  const { t } = useTranslation();
  return (
    <Menu opened={props.isOpen} onChange={props.onOpen} position="bottom-end" width={270} withinPortal>
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          size="sm"
          aria-label={t('notifications.snooze')}
          title={t('notifications.snoozeKey')}
        >
          <IconClockPause size={16} stroke={1.7} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown aria-label={t('notifications.snooze')}>
        {props.isOpen ? <Choices onOpen={props.onOpen} onSnooze={props.onSnooze} /> : null}
      </Menu.Dropdown>
    </Menu>
  );
}

function Choices(props: Omit<Parameters<typeof SnoozeMenu>[0], 'isOpen'>) {
  const { t } = useTranslation();
  const format = useFormat();
  const [openedMs] = useState(() => Date.now());
  const [typed, setTyped] = useState('');
  const own = typed === '' ? Number.NaN : new Date(typed).getTime();
  const isAhead = own > openedMs;

  function choose(atMs: number): void {
    const until = toInstant(atMs);
    props.onOpen(false);
    props.onSnooze(until, format.instant(until));
  }

  return (
    <>
      {snoozeTimes(openedMs, zone).map(({ choice, atMs }) => (
        <Menu.Item
          key={choice}
          onClick={() => choose(atMs)}
          rightSection={<span className={classes.when}>{format.instant(toInstant(atMs))}</span>}
        >
          {t(`notifications.snoozeFor.${choice}`)}
        </Menu.Item>
      ))}
      <Menu.Divider />
      <div className={classes.own}>
        <TextInput
          type="datetime-local"
          size="xs"
          label={t('notifications.snoozeFor.own')}
          value={typed}
          error={typed !== '' && !isAhead ? t('notifications.snoozeAhead') : null}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Button size="compact-xs" disabled={!isAhead} onClick={() => choose(own)}>
          {t('notifications.snooze')}
        </Button>
      </div>
    </>
  );
}
