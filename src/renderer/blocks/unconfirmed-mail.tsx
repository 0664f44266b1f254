import { Button, Group } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { useIsOnline } from '#renderer/blocks/use-is-online.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { textOf } from '#shared/kernel/text-of.ts';

interface UnconfirmedMailProps {
  readonly run: LocalRecord;
  readonly userId: string;
  /** Of the recipient. */
  readonly name: string;
}

/** A mail of a scheduled report of which nobody knows whether it arrived: it is sent again, or it did arrive. */
export function UnconfirmedMail({ run, userId, name }: UnconfirmedMailProps) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const isOnline = useIsOnline();
  const [asked, setAsked] = useState<boolean | null>(null);
  const [error, setError] = useState<string | null>(null);

  async function decide(isArrived: boolean): Promise<void> {
    setAsked(isArrived);
    setError(null);
    try {
      const place = { scheduleId: textOf(run['scheduleId']), runId: run.id };
      await invokeMain(getBridge(), 'reports.decide', { ...place, userId, isArrived });
    } catch (failure) {
      setError(errorText(failure));
    } finally {
      setAsked(null);
    }
  }

  const common = {
    size: 'compact-xs',
    variant: 'default',
    disabled: !isOnline || asked !== null,
    title: isOnline ? undefined : t('schedules.offline'),
  } as const;
  return (
    <>
      <Group gap={6} wrap="nowrap">
        <Button
          {...common}
          loading={asked === false}
          aria-label={t('schedules.unconfirmed.againTo', { name })}
          onClick={() => void decide(false)}
        >
          {t('schedules.unconfirmed.again')}
        </Button>
        <Button
          {...common}
          loading={asked === true}
          aria-label={t('schedules.unconfirmed.arrivedAt', { name })}
          onClick={() => void decide(true)}
        >
          {t('schedules.unconfirmed.arrived')}
        </Button>
      </Group>
      {error === null ? null : <span role="alert">{error}</span>}
    </>
  );
}
