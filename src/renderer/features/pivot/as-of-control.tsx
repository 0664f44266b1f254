import { Button, Group, Popover, Stack, UnstyledButton } from '@mantine/core';
import { IconClock } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { toLocalDay } from '#renderer/app/format/local-day.ts';
import { DayInput } from '#renderer/blocks/day-input.tsx';
import { useOrganization } from '#renderer/blocks/use-organization.ts';
import { pastChoices, pastDayOf } from '#shared/analytics/past/past-days.ts';
import classes from './pivot.module.css';

/** The day the records are looked at: now, or the end of any past day. */
export function AsOfControl(props: {
  readonly day: string | undefined;
  readonly onChange: (day: string | undefined) => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const { fiscalYearStart } = useOrganization().figures;
  const [isOpen, setOpen] = useState(false);
  const { day } = props;
  const [today] = useState(() => toLocalDay(new Date()));

  function choose(next: string | undefined): void {
    setOpen(false);
    props.onChange(next);
  }

  return (
    <Popover opened={isOpen} onChange={setOpen} position="bottom-start" trapFocus withinPortal>
      <Popover.Target>
        <Button
          variant={day === undefined ? 'default' : 'light'}
          leftSection={<IconClock size={14} />}
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          {day === undefined ? t('past.now') : t('past.asOf', { day: format.day(day) })}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap={2}>
          {day === undefined ? null : (
            <UnstyledButton className={classes.pastChoice} onClick={() => choose(undefined)}>
              {t('past.now')}
            </UnstyledButton>
          )}
          {pastChoices.map((choice) => {
            const then = pastDayOf(choice, today, fiscalYearStart);
            return (
              <UnstyledButton key={choice} className={classes.pastChoice} onClick={() => choose(then)}>
                <span>{t(`past.choices.${choice}`)}</span>
                <span className={classes.pastDay}>{format.day(then)}</span>
              </UnstyledButton>
            );
          })}
          <Group px={8} pt={6}>
            <DayInput
              size="xs"
              w={220}
              label={t('past.anyDay')}
              value={day ?? null}
              maxDate={today}
              popoverProps={{ withinPortal: false }}
              onChange={(next) => {
                if (next !== null) choose(next);
              }}
            />
          </Group>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
