import { Switch, Text } from '@mantine/core';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { useServerRead } from '#renderer/blocks/use-server-read.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import classes from './settings.module.css';

/** Whether colleagues see that this person is connected. The server keeps it, for all devices of the person. */
export function PresenceChoice() {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const [appearsOffline, setAppearsOffline] = useState<boolean | null>(null);
  const [error, setError] = useState<string | null>(null);
  const read = useCallback(
    () =>
      invokeMain(getBridge(), 'presence.choice', {}).then((choice) => {
        setAppearsOffline(choice.appearsOffline);
        setError(null);
      }),
    [],
  );
  const { problem } = useServerRead(read);

  async function choose(next: boolean): Promise<void> {
    setError(null);
    try {
      const choice = await invokeMain(getBridge(), 'presence.choose', { appearsOffline: next });
      setAppearsOffline(choice.appearsOffline);
    } catch (failure) {
      setError(errorText(failure));
    }
  }

  return (
    <div>
      <Text size="sm" fw={540} component="h2">
        {t('presence.title')}
      </Text>
      <Switch
        mt={8}
        label={t('presence.appearOffline')}
        description={t('presence.appearOfflineText')}
        checked={appearsOffline === true}
        disabled={appearsOffline === null || problem !== null}
        onChange={(event) => void choose(event.currentTarget.checked)}
      />
      <p className={classes.lead} role="status">
        {error ?? (problem === null || problem.isAway ? '' : problem.text)}
      </p>
    </div>
  );
}
