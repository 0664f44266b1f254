import { Alert, Button } from '@mantine/core';
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { Pill } from '#renderer/ui/pill.tsx';
import type { SessionList } from '#shared/sync/messages.ts';
import classes from './settings.module.css';

/** Where this user is signed in; any of them can be ended from here. */
export function DevicesSection() {
  const { t } = useTranslation();
  const format = useFormat();
  const errorText = useErrorText();
  const [sessions, setSessions] = useState<SessionList['sessions'] | null>(null);
  const [error, setError] = useState<string | null>(null);

  const load = useCallback(() => {
    invokeMain(getBridge(), 'session.list', {}).then(
      (list) => {
        setSessions(list.sessions);
        setError(null);
      },
      (failure: unknown) => setError(errorText(failure)),
    );
  }, [errorText]);
  useEffect(load, [load]);

  async function end(sessionId: string): Promise<void> {
    try {
      await invokeMain(getBridge(), 'session.end', { sessionId });
      load();
    } catch (failure) {
      setError(errorText(failure));
    }
  }

  return (
    <>
      <h1>{t('settings.devices.title')}</h1>
      <p className={classes.lead}>{t('settings.devices.text')}</p>
      {error === null ? null : (
        <Alert color="yellow" mb="md" role="alert">
          {error}
        </Alert>
      )}
      {sessions === null ? null : (
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">{t('settings.devices.device')}</th>
              <th scope="col">{t('settings.devices.since')}</th>
              <th scope="col">{t('settings.devices.lastSeen')}</th>
              <th scope="col">{t('settings.devices.address')}</th>
              <th scope="col">
                <span hidden>{t('settings.devices.end')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {sessions.map((session) => (
              <tr key={session.id}>
                <td>
                  {session.deviceName}{' '}
                  {session.current ? <Pill tone="accent">{t('settings.devices.this')}</Pill> : null}
                </td>
                <td>{format.instant(session.createdAt)}</td>
                <td>{format.ago(session.lastSeenAt)}</td>
                <td>{session.address}</td>
                <td>
                  {session.current ? null : (
                    <Button
                      size="compact-xs"
                      variant="default"
                      onClick={() => void end(session.id)}
                      aria-label={t('settings.devices.endNamed', { name: session.deviceName })}
                    >
                      {t('settings.devices.end')}
                    </Button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}
