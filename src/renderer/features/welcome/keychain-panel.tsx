import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { UnlockPanel } from '#renderer/features/welcome/unlock-panel.tsx';

/** The keychain holds the keys and does not answer: ask it again, or give up what only they can read. */
export function KeychainPanel() {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [isGivenUp, setGivenUp] = useState(false);

  async function retry(): Promise<void> {
    setBusy(true);
    setError(null);
    try {
      await invokeMain(getBridge(), 'secrets.retry', {});
    } catch (failure) {
      setError(errorText(failure));
    } finally {
      setBusy(false);
    }
  }

  if (isGivenUp) {
    return (
      <Stack gap="sm">
        <Alert color="orange">{t('unlock.insteadText')}</Alert>
        <UnlockPanel isNew />
        <Group>
          <Button variant="subtle" color="gray" onClick={() => setGivenUp(false)}>
            {t('common.back')}
          </Button>
        </Group>
      </Stack>
    );
  }
  return (
    <Stack gap="sm">
      <Text size="sm">{t('unlock.away')}</Text>
      {error === null ? null : (
        <Alert color="red" role="alert">
          {error}
        </Alert>
      )}
      <Group justify="space-between" mt={4}>
        <Button variant="subtle" color="gray" onClick={() => setGivenUp(true)}>
          {t('unlock.instead')}
        </Button>
        <Button size="sm" loading={isBusy} onClick={() => void retry()} autoFocus>
          {t('unlock.again')}
        </Button>
      </Group>
    </Stack>
  );
}
