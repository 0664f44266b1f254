import { Button, Group, Menu, Stack } from '@mantine/core';
import { IconClockPause } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { FormDialog } from '#renderer/blocks/form-dialog.tsx';
import { MomentInput } from '#renderer/blocks/moment-input.tsx';
import { createTimeZone } from '#shared/analytics/time-zone.ts';
import { toEpochMs, toInstant } from '#shared/kernel/calendar.ts';
import { snoozeTimes } from '#shared/notifications/snooze-times.ts';
import classes from './inbox.module.css';

const zone = createTimeZone(new Intl.DateTimeFormat().resolvedOptions().timeZone);

/**
 * When a notification is to come back: moments as people name them, or a day and a time. A list of many rows has one for each, so
 * there is no more than a button until it is used.
 */
export function SnoozeMenu(props: {
  readonly isOpen: boolean;
  readonly onOpen: (isOpen: boolean) => void;
  readonly onSnooze: (until: string, when: string) => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const [isUsed, setUsed] = useState(false);
  const [isChoosing, setChoosing] = useState(false);
  const { isOpen } = props;
  // It is there, closed, before it opens: only then does it know where the keyboard goes back to.
  useEffect(() => {
    if (!isOpen) return undefined;
    const frame = requestAnimationFrame(() => setUsed(true));
    return () => cancelAnimationFrame(frame);
  }, [isOpen]);
  function choose(atMs: number): void {
    const until = toInstant(atMs);
    props.onOpen(false);
    setChoosing(false);
    props.onSnooze(until, format.instant(until));
  }
  return (
    <span className={classes.snooze}>
      <button
        type="button"
        className={classes.button}
        aria-label={t('notifications.snooze')}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        title={t('notifications.snoozeKey')}
        // Pressed while it is open, the button closes it; it is no press beside the menu.
        onMouseDown={(event) => event.stopPropagation()}
        onClick={() => props.onOpen(!isOpen)}
      >
        <IconClockPause size={16} stroke={1.7} />
      </button>
      {isOpen || isUsed ? (
        <Menu opened={isOpen && isUsed} onChange={props.onOpen} position="bottom-end" width={270} withinPortal>
          <Menu.Target>
            <span className={classes.snoozePlace} aria-hidden />
          </Menu.Target>
          <Menu.Dropdown aria-label={t('notifications.snooze')}>
            {isOpen ? <Choices onChoose={choose} onOwn={() => setChoosing(true)} /> : null}
          </Menu.Dropdown>
        </Menu>
      ) : null}
      {isChoosing ? <OwnTime onChoose={choose} onClose={() => setChoosing(false)} /> : null}
    </span>
  );
}

function Choices(props: { readonly onChoose: (atMs: number) => void; readonly onOwn: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [openedMs] = useState(() => Date.now());
  return (
    <>
      {snoozeTimes(openedMs, zone).map(({ choice, atMs }) => (
        <Menu.Item
          key={choice}
          onClick={() => props.onChoose(atMs)}
          rightSection={<span className={classes.when}>{format.instant(toInstant(atMs))}</span>}
        >
          {t(`notifications.snoozeFor.${choice}`)}
        </Menu.Item>
      ))}
      <Menu.Item onClick={props.onOwn}>{t('notifications.snoozeFor.own')}</Menu.Item>
    </>
  );
}

function OwnTime(props: { readonly onChoose: (atMs: number) => void; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const [until, setUntil] = useState<string | null>(null);
  return (
    <FormDialog isOpen title={t('notifications.snooze')} isTyped={until !== null} onClose={props.onClose}>
      {(cancel) => (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (until !== null) props.onChoose(toEpochMs(until));
          }}
        >
          <Stack gap="sm" className={classes.snoozeForm}>
            <MomentInput
              isAhead
              label={t('notifications.snoozeFor.time')}
              data-autofocus
              value={until}
              onChange={setUntil}
            />
            <Group justify="flex-end" gap="xs" mt="auto">
              <Button variant="default" onClick={cancel}>
                {t('common.cancel')}
              </Button>
              <Button type="submit" disabled={until === null}>
                {t('notifications.snooze')}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </FormDialog>
  );
}
